#include "engine/check/engine_impl.hpp"
#include "engine/check/validators.hpp"
#include "engine/remote/bound_remote.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

namespace checkwatches::check {

// The bugs of one tracker that a request is about.
std::vector<std::uint32_t> engine::impl::numbers_of(desk const& d, pass_request const& wanted) const
{
    selection const picked{wanted, d.tracker.id, on_.now()};
    auto numbers = picked.on_agenda(d);
    auto const more = picked.under_way(d);
    numbers.insert(numbers.end(), more.begin(), more.end());
    return numbers;
}

result<std::size_t> engine::impl::count(pass_request const& wanted)
{
    auto const desks = chosen(wanted);
    if (!desks)
        return desks.error();
    std::size_t bugs = 0;
    for (auto const* const d : *desks)
        bugs += numbers_of(*d, wanted).size();
    return bugs;
}

awaitable<result<estimate>> engine::impl::cost(pass_request wanted)
{
    auto const desks = chosen(wanted);
    if (!desks)
        co_return desks.error();
    estimate out;
    std::map<host_desk*, std::size_t> requests;
    for (auto* const d : *desks) {
        auto numbers = numbers_of(*d, wanted);
        if (numbers.empty())
            continue;
        auto const bugs = numbers.size();
        auto const needed = co_await need_of(*d, std::move(numbers));
        if (!needed)
            co_return needed.error();
        ++out.trackers;
        out.bugs += bugs;
        out.requests += needed->requests;
        out.free += needed->free;
        auto const reads = d->state.settings.comments.value_or(false)
                               ? std::min(bugs, settings_.pass.comments)
                               : 0;
        out.comments += reads;
        requests[d->host] += needed->requests + reads;
    }
    for (auto const& [host, n] : requests)
        out.time = std::max(out.time, time_for(*host, n));
    co_return out;
}

// By the plan for the first of these bugs.
awaitable<result<engine::impl::need>> engine::impl::need_of(desk const& d, std::vector<std::uint32_t> numbers)
{
    constexpr std::size_t sample = 1000;
    auto const all = numbers.size();
    numbers.resize(std::min(all, sample));
    std::vector<storage::bug_id> ids;
    ids.reserve(numbers.size());
    for (auto const number : numbers)
        ids.push_back(storage::make_bug_id(d.tracker.id, number));
    using rows = std::pair<std::optional<storage::stored_capabilities>, std::vector<storage::bug_state>>;
    auto question = [of = d.tracker.id, ids = std::move(ids)](storage::reader const& in) {
        return rows{in.capabilities_of(of), in.bugs(ids)};
    };
    auto read = co_await parts_.reader.run(std::move(question));
    if (!read)
        co_return read.error();
    auto const can = read->first ? read->first->can : capabilities{};
    bug_rows due;
    due.reserve(read->second.size());
    for (auto const& row : read->second)
        due.push_back(&row);
    auto const plan = plan_batches(
        can, d.state.settings, due, !d.state.skew, settings_.pass.batching, parts_.time.now());
    auto const share = static_cast<double>(all) / static_cast<double>(numbers.size());
    auto const free = co_await free_of(d, can, plan, due);
    if (!free)
        co_return free.error();
    need out;
    out.requests = static_cast<std::size_t>(std::ceil(static_cast<double>(plan.requests) * share));
    out.free = static_cast<std::size_t>(static_cast<double>(std::min(*free, plan.requests)) * share);
    co_return out;
}

awaitable<result<std::size_t>>
engine::impl::free_of(desk const& d, capabilities const& can, batch_plan const& plan, bug_rows const& rows)
{
    auto const* const kind = parts_.kinds.find(d.tracker.kind);
    auto to = bind_to(d.tracker.base_url, d.tracker.api_url, settings_.pass.credentials);
    std::size_t out = 0;
    if (kind == nullptr || !to)
        co_return out;
    bound_remote const at{parts_.network, std::move(*to)};
    auto const known = co_await known_validators(
        parts_.reader, *kind, at, can, d.tracker.id, rows, plan.batches);
    if (!known)
        co_return known.error();
    for (auto const& of_batch : *known)
        out += of_batch.size();
    co_return out;
}

// How long so many requests to a host take by its budget and by what requests took lately.
std::chrono::seconds engine::impl::time_for(host_desk const& host, std::size_t requests) const
{
    auto const found = settings_.hosts.find(host.origin);
    auto const& budget = found == settings_.hosts.end() ? settings_.budget : found->second;
    auto const lanes = std::max<std::size_t>(budget.connections, 1);
    auto const by_latency = host.per_request * ((requests + lanes - 1) / lanes);
    std::chrono::duration<double> const by_rate{
        budget.requests_per_second > 0 ? static_cast<double>(requests) / budget.requests_per_second : 0.0};
    return std::max(
        std::chrono::ceil<std::chrono::seconds>(by_latency),
        std::chrono::ceil<std::chrono::seconds>(by_rate));
}

} // namespace checkwatches::check
