#include "engine/check/agenda.hpp"

#include <algorithm>
#include <limits>

namespace checkwatches::check {
namespace {

bool is_later(agenda::entry const& a, agenda::entry const& b)
{
    return a.due != b.due ? a.due > b.due : a.number > b.number;
}

std::uint32_t in_seconds(utc_time t)
{
    auto const seconds = std::chrono::floor<std::chrono::seconds>(t).time_since_epoch().count();
    constexpr auto most = std::numeric_limits<std::uint32_t>::max();
    return static_cast<std::uint32_t>(std::clamp<std::int64_t>(seconds, 0, most));
}

} // namespace

agenda::entry agenda::make_entry(std::uint32_t number, utc_time due)
{
    return entry{.due = in_seconds(due), .number = number};
}

void agenda::fill(std::vector<entry> all)
{
    heap_ = std::move(all);
    std::ranges::make_heap(heap_, is_later);
}

void agenda::add(entry e)
{
    heap_.push_back(e);
    std::ranges::push_heap(heap_, is_later);
}

std::optional<utc_time> agenda::earliest() const
{
    if (heap_.empty())
        return std::nullopt;
    return utc_time{std::chrono::seconds{heap_.front().due}};
}

std::vector<agenda::entry> agenda::take_due(utc_time now, std::size_t most)
{
    auto const until = in_seconds(now);
    std::vector<entry> out;
    while (!heap_.empty() && heap_.front().due <= until && out.size() != most) {
        std::ranges::pop_heap(heap_, is_later);
        out.push_back(heap_.back());
        heap_.pop_back();
    }
    return out;
}

std::vector<agenda::entry> agenda::take(std::vector<std::uint32_t> const& numbers)
{
    auto const first = std::partition(heap_.begin(), heap_.end(), [&](entry const& e) {
        return !std::ranges::binary_search(numbers, e.number);
    });
    std::vector<entry> out{first, heap_.end()};
    heap_.erase(first, heap_.end());
    std::ranges::make_heap(heap_, is_later);
    std::ranges::sort(out, [](entry const& a, entry const& b) { return is_later(b, a); });
    return out;
}

// Below an appointment that is not due there is none that is.
template <class Visit>
void agenda::visit_due(std::uint32_t now, Visit visit) const
{
    std::vector<std::size_t> open;
    if (!heap_.empty())
        open.push_back(0);
    while (!open.empty()) {
        auto const at = open.back();
        open.pop_back();
        if (heap_[at].due > now)
            continue;
        visit(heap_[at]);
        for (auto const below : {2 * at + 1, 2 * at + 2})
            if (below < heap_.size())
                open.push_back(below);
    }
}

std::vector<agenda::entry> agenda::due(utc_time now) const
{
    std::vector<entry> out;
    visit_due(in_seconds(now), [&](entry const& e) { out.push_back(e); });
    return out;
}

std::size_t agenda::count_due(utc_time now) const
{
    std::size_t n = 0;
    visit_due(in_seconds(now), [&](entry const&) { ++n; });
    return n;
}

} // namespace checkwatches::check
