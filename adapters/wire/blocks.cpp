#include "adapters/wire/blocks.hpp"

#include "adapters/wire/text.hpp"

#include <algorithm>

namespace checkwatches::wire {
namespace {

constexpr auto nowhere = std::string_view::npos;

// Where the colon behind a line's field name stands; nowhere where the line is no field.
std::size_t end_of_name(std::string_view line)
{
    bool braced = false;
    for (std::size_t at = 0; at != line.size(); ++at) {
        char const c = line[at];
        if (c == ':' && !braced)
            return at == 0 ? nowhere : at;
        bool const in_braces = braced && c != '\t';
        bool const graphic = c > ' ' && c < '\x7F';
        bool const mark = at == 0 && c == '#'; // of a comment
        if (mark || !(graphic || in_braces))
            return nowhere;
        braced = c == '{' || (braced && c != '}');
    }
    return nowhere;
}

void take(field_block& block, std::string_view line)
{
    bool const goes_on = line.front() == ' ' || line.front() == '\t';
    if (goes_on && !block.fields.empty()) {
        auto& value = block.fields.back().second;
        value += '\n';
        value += trimmed(line);
        return;
    }
    auto const colon = end_of_name(line);
    if (colon == nowhere)
        block.others.emplace_back(line);
    else
        block.fields.emplace_back(line.substr(0, colon), trimmed(line.substr(colon + 1)));
}

// Empty lines that end a value, or stand before its first word, are none of it.
void finish(field_block&& block, std::vector<field_block>& out)
{
    if (block.fields.empty() && block.others.empty())
        return;
    for (auto& [name, value] : block.fields)
        value = std::string{trimmed(value)};
    out.push_back(std::move(block));
}

} // namespace

std::string const* field_block::field(std::string_view name) const noexcept
{
    auto const found = std::ranges::find_if(
        fields, [&](auto const& entry) { return same_word(entry.first, name); });
    return found == fields.end() ? nullptr : &found->second;
}

result<std::vector<field_block>>
read_blocks(std::string_view text, std::string_view divider, std::size_t most_lines)
{
    std::vector<field_block> out;
    field_block block;
    for (std::size_t lines = 0; !text.empty(); ++lines) {
        if (lines == most_lines)
            return error{.kind = error_kind::unparsable, .message = "the text has too many lines"};
        auto const end = std::min(text.find('\n'), text.size());
        auto line = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (line.ends_with('\r'))
            line.remove_suffix(1);
        if (line == divider)
            finish(std::exchange(block, {}), out);
        else if (!line.empty())
            take(block, line);
    }
    finish(std::move(block), out);
    return out;
}

} // namespace checkwatches::wire
