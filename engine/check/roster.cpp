#include "engine/check/roster.hpp"

#include "engine/core/api_url.hpp"

#include <algorithm>

namespace checkwatches::check {
namespace {

// Where a tracker's requests go; its address as it stands where that is no URL (it is never asked then).
std::string origin_of(storage::tracker const& t)
{
    auto const& address = t.api_url ? *t.api_url : t.base_url;
    auto const url = parse_api_url(address);
    return url ? url->origin() : address;
}

} // namespace

std::vector<tracker_file> read_trackers(
    storage::reader const& from,
    std::map<storage::tracker_id, std::uint32_t> const& known,
    schedule_policy const& policy,
    utc_time now)
{
    std::vector<tracker_file> out;
    std::map<storage::tracker_id, std::size_t> places;
    for (auto& t : from.trackers()) {
        places.emplace(t.id, out.size());
        out.push_back({.tracker = std::move(t), .state = {}});
        out.back().state = from.state_of(out.back().tracker.id);
    }

    auto const latest = now + longest_interval(policy);
    tracker_file* file = nullptr;
    auto const enter = [&](storage::appointment const& a) {
        if (a.next_check == storage::never)
            return;
        auto const of = storage::tracker_of(a.bug);
        if (file == nullptr || file->tracker.id != of) {
            auto const place = places.find(of);
            if (place == places.end())
                return; // a tracker that was added while we read
            file = &out[place->second];
        }
        auto const at = !a.checked ? utc_time{}
                        : a.next_check <= latest
                            ? a.next_check
                            : now + scattered_delay(policy, static_cast<std::int64_t>(a.bug));
        file->due.push_back(agenda::make_entry(storage::number_of(a.bug), at));
    };
    if (known.empty()) {
        from.each_appointment(std::nullopt, storage::bug_id{}, enter);
        return out;
    }
    for (auto const& [id, place] : places) {
        auto const highest = known.find(id);
        auto const after = highest == known.end() ? 0 : highest->second;
        from.each_appointment(id, storage::make_bug_id(id, after), enter);
    }
    return out;
}

std::vector<desk*> roster::take_in(std::vector<tracker_file> files, timeline const& on)
{
    std::vector<desk*> changed;
    auto const shift = on.step();
    for (auto& file : files) {
        bool const is_new = !by_id_.contains(file.tracker.id);
        auto& d = is_new ? open(file) : *by_id_.at(file.tracker.id);
        if (!is_new) // somebody else may have brought them while these were read
            std::erase_if(file.due, [&](agenda::entry const& e) { return e.number <= d.highest; });
        if (!is_new && file.due.empty())
            continue;
        if (!file.due.empty())
            d.highest = file.due.back().number; // they are in the order of their numbers
        if (shift != clock::duration::zero())
            for (auto& e : file.due)
                if (e.due != 0)
                    e = agenda::make_entry(e.number, on.of(utc_time{std::chrono::seconds{e.due}}));
        if (is_new)
            d.due.fill(std::move(file.due));
        else
            for (auto const& e : file.due)
                d.due.add(e);
        changed.push_back(&d);
    }
    return changed;
}

desk& roster::open(tracker_file& file)
{
    auto& d = desks_.emplace_back();
    d.tracker = std::move(file.tracker);
    d.state = std::move(file.state);
    d.host = &host_of(d.tracker);
    by_name_.emplace(d.tracker.name, &d);
    by_id_.emplace(d.tracker.id, &d);
    return d;
}

void roster::rehome(desk& d)
{
    d.host = &host_of(d.tracker);
}

host_desk& roster::host_of(storage::tracker const& t)
{
    auto const origin = origin_of(t);
    auto& host = hosts_.try_emplace(origin).first->second;
    host.origin = origin;
    return host;
}

desk* roster::find(std::string const& name) noexcept
{
    auto const at = by_name_.find(name);
    return at == by_name_.end() ? nullptr : at->second;
}

desk* roster::find(storage::tracker_id id) noexcept
{
    auto const at = by_id_.find(id);
    return at == by_id_.end() ? nullptr : at->second;
}

std::map<storage::tracker_id, std::uint32_t> roster::known() const
{
    std::map<storage::tracker_id, std::uint32_t> out;
    for (auto const& [id, d] : by_id_)
        out.emplace(id, d->highest);
    return out;
}

std::size_t roster::bugs() const
{
    std::size_t n = 0;
    for (auto const& d : desks_)
        n += d.due.size() + d.wanted.size() + d.in_hand.size();
    return n;
}

} // namespace checkwatches::check
