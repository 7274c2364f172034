#include "engine/intake/scan/fields.hpp"

#include <algorithm>

namespace checkwatches::intake::scan {
namespace {

// A name is kept with each link that stands in its field.
constexpr std::size_t longest_name = 64;

bool is_name_byte(char c) noexcept
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-';
}

// Where a line's own text begins: behind "#", "##", … and a blank, where that may stand there.
std::size_t margin_end(std::string_view text, std::size_t begin, field_margin margin)
{
    auto at = begin;
    while (margin == field_margin::comment && at < text.size() && text[at] == '#')
        ++at;
    if (at != begin && at < text.size() && text[at] == ' ')
        ++at;
    return at;
}

bool continues(std::string_view text, std::size_t begin, field_margin margin)
{
    auto const own = margin_end(text, begin, margin);
    if (own >= text.size() || (text[own] != ' ' && text[own] != '\t'))
        return false;
    auto const line = text.substr(own, line_end(text, own) - own);
    return line.find_first_not_of(" \t\r") != std::string_view::npos;
}

} // namespace

void each_field(std::string_view text, field_margin margin, std::function<void(field const&)> const& visit)
{
    for (std::size_t begin = 0; begin < text.size();) {
        auto const name = margin_end(text, begin, margin);
        auto colon = name;
        while (colon < text.size() && is_name_byte(text[colon]))
            ++colon;
        auto end = line_end(text, begin);
        auto next = std::min(end + 1, text.size());
        bool const is_field = colon != name && colon - name <= longest_name && colon < text.size()
                              && text[colon] == ':';
        while (is_field && next < text.size() && continues(text, next, margin)) {
            end = line_end(text, next);
            next = std::min(end + 1, text.size());
        }
        if (is_field)
            visit({.name = text.substr(name, colon - name), .value = {colon + 1, end}});
        begin = next;
    }
}

} // namespace checkwatches::intake::scan
