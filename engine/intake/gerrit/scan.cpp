#include "engine/intake/gerrit/scan.hpp"

#include <algorithm>
#include <optional>

namespace checkwatches::intake::gerrit {
namespace {

constexpr std::string_view for_no_bug = "recheck no bug";
constexpr std::string_view for_a_bug = "recheck bug ";

std::optional<std::string> recheck_at_end_of(std::string_view line)
{
    if (line.starts_with('>'))
        return std::nullopt;
    if (line.ends_with(for_no_bug))
        return "";
    auto const before = line.find_last_not_of("0123456789");
    if (before == std::string_view::npos || before + 1 == line.size())
        return std::nullopt;
    auto number = line.substr(before + 1);
    auto rest = line.substr(0, before + 1);
    if (rest.ends_with('#'))
        rest.remove_suffix(1);
    if (!rest.ends_with(for_a_bug))
        return std::nullopt;
    number.remove_prefix(std::min(number.find_first_not_of('0'), number.size()));
    if (number.empty() || number.size() > most_digits)
        return std::nullopt;
    return std::string{number};
}

} // namespace

std::vector<std::string> rechecks_in(std::string_view message)
{
    std::vector<std::string> out;
    message = message.substr(0, longest_message);
    while (!message.empty() && out.size() < most_of_a_message) {
        auto const end = std::min(message.find('\n'), message.size());
        auto line = message.substr(0, end);
        message.remove_prefix(std::min(end + 1, message.size()));
        if (line.ends_with('\r'))
            line.remove_suffix(1);
        auto found = recheck_at_end_of(line);
        if (found && std::ranges::find(out, *found) == out.end())
            out.push_back(std::move(*found));
    }
    return out;
}

} // namespace checkwatches::intake::gerrit
