#include "adapters/wire/html.hpp"

#include "adapters/wire/text.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace checkwatches::wire {
namespace {

constexpr std::size_t looked_at = 64 * 1024;
constexpr auto npos = std::string_view::npos;

bool is_continuation(char c)
{
    return (static_cast<unsigned char>(c) & 0xC0U) == 0x80;
}

// The first `most` bytes, and up to three less where they would end inside a character of UTF-8.
std::string_view first_bytes(std::string_view text, std::size_t most)
{
    if (text.size() <= most)
        return text;
    auto end = most;
    while (end != 0 && most - end < 3 && is_continuation(text[end]))
        --end;
    return text.substr(0, is_continuation(text[end]) ? most : end);
}

// Where an element of this name starts; "<title" does not find "<titlebar".
std::size_t find_element(std::string_view markup, std::string_view name)
{
    for (auto at = markup.find('<'); at != npos; at = markup.find('<', at + 1)) {
        auto const rest = markup.substr(at + 1);
        if (rest.starts_with(name) && rest.find_first_of(" \t\r\n>", name.size()) == name.size())
            return at;
    }
    return npos;
}

std::string without_tags(std::string_view text)
{
    std::string out;
    for (;;) {
        auto const open = text.find('<');
        out += text.substr(0, open);
        auto const close = open == npos ? npos : text.find('>', open);
        if (close == npos)
            return out;
        text.remove_prefix(close + 1);
    }
}

// The entities that stand in titles; any other stays as it is written.
std::string without_entities(std::string_view text)
{
    using entity = std::pair<std::string_view, std::string_view>;
    static constexpr std::array<entity, 10> known{
        entity{"&quot;", "\""},
        entity{"&#34;", "\""},
        entity{"&#39;", "'"},
        entity{"&#x27;", "'"},
        entity{"&apos;", "'"},
        entity{"&lt;", "<"},
        entity{"&gt;", ">"},
        entity{"&nbsp;", " "},
        entity{"&ndash;", "–"},
        entity{"&amp;", "&"}};
    std::string out;
    while (!text.empty()) {
        auto const found = std::ranges::find_if(
            known, [&](entity const& e) { return text.starts_with(e.first); });
        out += found == known.end() ? text.substr(0, 1) : found->second;
        text.remove_prefix(found == known.end() ? 1 : found->first.size());
    }
    return out;
}

// What the first element of this name holds, in one line. `markup` is `text` in lower case.
std::string element_text(std::string_view text, std::string_view markup, std::string_view name)
{
    auto const open = find_element(markup, name);
    auto const start = open == npos ? npos : markup.find('>', open);
    auto const end = start == npos ? npos : markup.find("</" + std::string{name}, start);
    if (end == npos)
        return {};
    constexpr std::size_t enough = 1024;
    auto const inside = first_bytes(text.substr(start + 1, end - start - 1), enough);
    return one_line(without_entities(without_tags(inside)), enough);
}

} // namespace

page_top read_top(std::string_view body, std::string_view content_type)
{
    page_top top{.text = decode_text(first_bytes(body, looked_at), content_type).text};
    top.markup = lower(top.text);
    top.title = element_text(top.text, top.markup, "title");
    top.heading = element_text(top.text, top.markup, "h1");
    top.tagged = top.text.find('<') != npos;
    return top;
}

std::string one_line(std::string_view text, std::size_t longest)
{
    std::string line;
    for (char const c : trimmed(text)) {
        bool const blank = c == ' ' || c == '\n' || c == '\r' || c == '\t';
        if (!blank)
            line += c;
        else if (!line.ends_with(' '))
            line += ' ';
    }
    if (line.size() <= longest)
        return line;
    return std::string{first_bytes(line, longest)} + "…";
}

} // namespace checkwatches::wire
