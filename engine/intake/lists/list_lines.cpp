#include "engine/core/ascii.hpp"
#include "engine/intake/lists/list_parts.hpp"

#include <algorithm>

namespace checkwatches::intake::parts {
namespace {

constexpr std::string_view blanks = " \t\r";

// Without a comment: what begins with # at the line's start, or behind a blank. (An address may hold one.)
std::string_view without_comment(std::string_view line)
{
    for (auto at = line.find('#'); at != std::string_view::npos; at = line.find('#', at + 1))
        if (at == 0 || blanks.find(line[at - 1]) != std::string_view::npos)
            return line.substr(0, at);
    return line;
}

} // namespace

list_reading read_lines(std::string_view text)
{
    list_reading out;
    std::vector<entry_maker> makers;
    places where{text};
    for (std::size_t begin = 0; begin < text.size();) {
        auto const end = std::min(text.find('\n', begin), text.size());
        auto const line = without_comment(text.substr(begin, end - begin));
        auto const start = line.find_first_not_of(blanks);
        if (start != std::string_view::npos) {
            if (makers.size() == most_entries) {
                out.broken = where.at(begin + start, "there are too many entries");
                return out;
            }
            auto const address = line.substr(start, line.find_first_of(blanks, start) - start);
            auto const label = trimmed(line.substr(start + address.size()));
            auto& one = makers.emplace_back(where.at(begin + start));
            one.take("url", std::string{address});
            if (!label.empty())
                one.take("label", std::string{label});
        }
        begin = end + 1;
    }
    finish_entries(out, std::move(makers), {});
    return out;
}

} // namespace checkwatches::intake::parts
