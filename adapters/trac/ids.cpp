#include "adapters/trac/ids.hpp"

#include "adapters/wire/text.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>

namespace checkwatches::adapters::trac {
namespace {

constexpr std::int64_t greatest = std::numeric_limits<std::int32_t>::max();

// "7", "7,8" or "7-9".
std::string run_text(std::int64_t first, std::int64_t last)
{
    if (first == last)
        return std::to_string(first);
    return std::to_string(first) + (last == first + 1 ? "," : "-") + std::to_string(last);
}

} // namespace

bool fits_batch(std::string const& id)
{
    return wire::is_number(id) && id.size() <= 10 && std::stoll(id) <= greatest;
}

std::vector<std::string> id_lists(std::span<std::string const> ids, std::size_t longest)
{
    std::vector<std::int64_t> numbers;
    for (auto const& id : ids)
        numbers.push_back(std::stoll(id));
    std::ranges::sort(numbers);
    numbers.erase(std::ranges::unique(numbers).begin(), numbers.end());

    std::vector<std::string> lists;
    for (std::size_t i = 0; i != numbers.size();) {
        std::size_t end = i + 1;
        while (end != numbers.size() && numbers[end] == numbers[end - 1] + 1)
            ++end;
        auto const run = run_text(numbers[i], numbers[end - 1]);
        if (lists.empty() || lists.back().size() + 1 + run.size() > longest)
            lists.push_back(run);
        else
            lists.back() += "," + run;
        i = end;
    }
    return lists;
}

} // namespace checkwatches::adapters::trac
