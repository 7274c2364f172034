#include "engine/check/selection.hpp"

#include <algorithm>

namespace checkwatches::check {

selection::selection(pass_request const& wanted, storage::tracker_id of, utc_time now)
    : force_{wanted.force},
      all_{wanted.bugs.empty()},
      now_{agenda::make_entry(0, now).due}
{
    for (auto const id : wanted.bugs)
        if (storage::tracker_of(id) == of)
            only_.push_back(storage::number_of(id));
    std::ranges::sort(only_);
}

std::vector<std::uint32_t> selection::on_agenda(desk const& d) const
{
    std::vector<std::uint32_t> out;
    if (!all_ && only_.empty())
        return out;
    for (auto const& e : d.due.all())
        if (fits(e))
            out.push_back(e.number);
    std::ranges::sort(out);
    return out;
}

std::vector<std::uint32_t> selection::under_way(desk const& d) const
{
    std::vector<std::uint32_t> out;
    for (auto const& [number, due] : d.in_hand)
        if (fits({.due = due, .number = number}))
            out.push_back(number);
    for (auto const& e : d.wanted)
        if (fits(e))
            out.push_back(e.number);
    return out;
}

bool selection::fits(agenda::entry const& e) const
{
    return (force_ || e.due <= now_) && (all_ || std::ranges::binary_search(only_, e.number));
}

} // namespace checkwatches::check
