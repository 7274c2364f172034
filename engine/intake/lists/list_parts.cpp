#include "engine/intake/lists/list_parts.hpp"

#include "engine/core/control_characters.hpp"
#include "engine/core/url.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace checkwatches::intake::parts {
namespace {

constexpr std::size_t longest_url = 2'048;
constexpr std::size_t longest_name = 200; // of a tracker, a bug, a label, an owner
constexpr std::size_t longest_note = 1'000;

std::size_t longest(std::string_view key)
{
    return key == "url" ? longest_url : key == "note" ? longest_note : longest_name;
}

// What is wrong with the text of a key; empty: nothing.
std::string fault_of(std::string_view key, std::string_view text)
{
    if (text.size() > longest(key))
        return fmt::format("\"{}\" is longer than {} bytes", key, longest(key));
    if (std::ranges::any_of(text, is_control))
        return fmt::format("\"{}\" holds a control character", key);
    if (key == "relation" && !storage::parse_relation(text))
        return "\"relation\" must be \"same\" or \"related\"";
    return {};
}

// The beginning of a key that nobody knows, fit to be shown.
std::string shown(std::string_view key)
{
    std::string out{key.substr(0, 40)};
    std::ranges::replace_if(out, [](char c) { return is_control(c) || (c & '\x80') != 0; }, '?');
    return out;
}

} // namespace

list_fault places::at(std::size_t offset, std::string reason)
{
    for (; walked_ < offset && walked_ < text_.size(); ++walked_) {
        if (text_[walked_] == '\n') {
            ++line_;
            column_ = 1;
        }
        else if ((text_[walked_] & '\xC0') != '\x80') { // not a byte in the midst of a character
            ++column_;
        }
    }
    return {.line = line_, .column = column_, .reason = std::move(reason)};
}

entry_maker::entry_maker(list_fault const& where)
{
    made_.line = where.line;
    made_.column = where.column;
}

void entry_maker::wrong(std::string reason)
{
    made_.state = storage::entry_state::bad;
    if (made_.reason.empty())
        made_.reason = std::move(reason);
}

std::string* entry_maker::place_of(std::string_view key)
{
    std::array<std::pair<std::string_view, std::string*>, 8> const all{
        {{"url", &made_.url},
         {"tracker", &made_.tracker},
         {"bug", &made_.bug},
         {"label", &made_.label},
         {"package", &made_.label},
         {"owner", &made_.owner},
         {"relation", &relation_},
         {"note", &made_.note}}};
    auto const* const found = std::ranges::find(all, key, [](auto const& one) { return one.first; });
    return found == all.end() ? nullptr : found->second;
}

void entry_maker::take(std::string_view key, std::optional<std::string> text)
{
    // Buildbot's lists of what to build say where sources come from; and who wrote a list may say so.
    if (key == "vcs" || key == "revspec" || key == "source") {
        ++ignored_;
        return;
    }
    auto* const into = place_of(key);
    if (into == nullptr)
        return wrong(fmt::format(
            "unknown key \"{}\"; known are url, tracker, bug, label, package, owner, relation and note",
            shown(key)));
    if (!taken_.emplace(key == "package" ? "label" : key).second)
        return wrong(fmt::format("\"{}\" is there twice", key));
    if (!text)
        return wrong(fmt::format("\"{}\" must be a text", key));
    auto fault = fault_of(key, *text);
    if (!fault.empty())
        return wrong(std::move(fault));
    *into = std::move(*text);
}

void entry_maker::check()
{
    bool const by_url = !made_.url.empty();
    if (!by_url && made_.tracker.empty() && made_.bug.empty())
        return wrong("it names no bug: \"url\" is missing, or \"tracker\" and \"bug\"");
    if (by_url && !(made_.tracker.empty() && made_.bug.empty()))
        return wrong("it names its bug twice: \"url\" alone will do");
    if (!by_url && made_.tracker.empty())
        return wrong("\"tracker\" is missing");
    if (!by_url && made_.bug.empty())
        return wrong("\"bug\" is missing");
    if (!by_url)
        return;
    if (auto const url = parse_link(made_.url); !url)
        wrong(url.error().message);
}

storage::list_entry entry_maker::finish(list_defaults const& defaults)
{
    if (made_.state != storage::entry_state::bad)
        check();
    if (made_.label.empty())
        made_.label = defaults.label;
    if (made_.owner.empty())
        made_.owner = defaults.owner;
    auto const& relation = relation_.empty() ? defaults.relation : relation_;
    made_.is = storage::parse_relation(relation).value_or(storage::relation::same);
    return std::move(made_);
}

void finish_entries(list_reading& into, std::vector<entry_maker> makers, list_defaults const& defaults)
{
    into.entries.reserve(makers.size());
    for (auto& one : makers) {
        into.ignored += one.ignored();
        into.entries.push_back(one.finish(defaults));
    }
}

std::string fault_of_default(std::string_view key, std::string const& text)
{
    return fault_of(key, text);
}

} // namespace checkwatches::intake::parts
