#include "adapters/wire/selector.hpp"

#include "adapters/wire/text.hpp"

#include <algorithm>

namespace checkwatches::wire {
namespace {

bool is_name_character(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

std::string take_name(std::string_view& text)
{
    auto const end = std::ranges::find_if_not(text, is_name_character);
    std::string const name{text.begin(), end};
    text.remove_prefix(name.size());
    return name;
}

bool has_word(std::string_view list, std::string_view word)
{
    while (!list.empty()) {
        auto const end = std::min(list.find_first_of(" \t\r\n\f"), list.size());
        if (list.substr(0, end) == word)
            return true;
        list.remove_prefix(std::min(list.size(), end + 1));
    }
    return false;
}

std::string_view without_quotes(std::string_view text)
{
    bool const quoted = text.size() >= 2 && (text.front() == '"' || text.front() == '\'')
                        && text.back() == text.front();
    return quoted ? text.substr(1, text.size() - 2) : text;
}

} // namespace

bool selector::compound::means(page_element element) const
{
    if (!name.empty() && !same_word(element.name(), name))
        return false;
    if (!classes.empty()) {
        auto const own = element.attribute("class");
        if (!std::ranges::all_of(classes, [&](auto const& one) { return has_word(own, one); }))
            return false;
    }
    return std::ranges::all_of(attributes, [&](auto const& wanted) {
        auto const own = element.attribute(wanted.first);
        return wanted.second ? own == *wanted.second : !own.empty();
    });
}

std::optional<selector::compound> selector::parse_compound(std::string_view& text)
{
    compound out{.name = take_name(text)};
    bool some = !out.name.empty();
    if (!some && text.starts_with('*')) {
        text.remove_prefix(1);
        some = true;
    }
    while (!text.empty()) {
        char const mark = text.front();
        if (mark != '.' && mark != '#' && mark != '[')
            break;
        text.remove_prefix(1);
        auto word = take_name(text);
        if (word.empty())
            return std::nullopt;
        some = true;
        if (mark == '.')
            out.classes.push_back(std::move(word));
        else if (mark == '#')
            out.attributes.emplace_back("id", std::move(word));
        else {
            auto const end = text.find(']');
            if (end == std::string_view::npos || (end != 0 && text.front() != '='))
                return std::nullopt;
            auto& added = out.attributes.emplace_back(std::move(word), std::nullopt);
            if (end != 0)
                added.second = std::string{without_quotes(text.substr(1, end - 1))};
            text.remove_prefix(end + 1);
        }
    }
    return some ? std::optional{std::move(out)} : std::nullopt;
}

std::optional<selector::chain> selector::parse_chain(std::string_view text)
{
    chain out;
    bool of_parent = false;
    for (text = trimmed(text); !text.empty(); text = trimmed(text)) {
        if (text.starts_with('>') && !out.empty() && !of_parent) {
            of_parent = true;
            text.remove_prefix(1);
            continue;
        }
        auto one = parse_compound(text);
        if (!one)
            return std::nullopt;
        one->of_parent = of_parent;
        of_parent = false;
        out.push_back(std::move(*one));
    }
    return out.empty() || of_parent ? std::nullopt : std::optional{std::move(out)};
}

std::optional<selector> selector::parse(std::string_view text)
{
    selector out;
    for (;;) {
        auto const comma = text.find(',');
        auto one = parse_chain(text.substr(0, comma));
        if (!one)
            return std::nullopt;
        out.chains_.push_back(std::move(*one));
        if (comma == std::string_view::npos)
            return out;
        text.remove_prefix(comma + 1);
    }
}

// The chain's first `parts`, of which the last is the element itself.
bool selector::means(std::span<compound const> parts, page_element element)
{
    if (!parts.back().means(element))
        return false;
    if (parts.size() == 1)
        return true;
    bool const of_parent = parts.back().of_parent;
    for (auto at = element.parent(); at; at = at.parent()) {
        if (means(parts.first(parts.size() - 1), at))
            return true;
        if (of_parent)
            return false;
    }
    return false;
}

bool selector::means(page_element element) const
{
    return std::ranges::any_of(chains_, [&](chain const& one) { return means(one, element); });
}

} // namespace checkwatches::wire
