#include "engine/net/pool.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace checkwatches::net {
namespace {

using std::chrono::steady_clock;

// Hosts are remembered up to this number, more only while they are in use.
constexpr std::size_t most_hosts = 20'000;

// A connection that was left alone for so long is looked at before it is used.
constexpr std::chrono::seconds trusted_for{1};

} // namespace

pool::pool(asio::any_io_executor executor, settings const& s, watchdog& dog)
    : executor_{std::move(executor)},
      settings_{s},
      reaper_{dog, [this] { reap(); }}
{}

pool::host& pool::at(std::string const& origin)
{
    if (auto const known = hosts_.find(origin); known != hosts_.end())
        return known->second;
    if (hosts_.size() >= most_hosts)
        forget_unused();
    auto const own = budgets_.find(origin);
    return hosts_.try_emplace(origin, executor_, own == budgets_.end() ? settings_.budget : own->second)
        .first->second;
}

gate& pool::gate_of(host& of, std::size_t identity)
{
    return of.gates.try_emplace(identity, executor_, of.budget).first->second;
}

awaitable<result<slots::permit>> pool::enter(host& of, std::size_t identity)
{
    return gate_of(of, identity).pass(of.connections);
}

std::optional<slots::permit> pool::try_enter(host& of, std::size_t identity)
{
    return gate_of(of, identity).try_pass(of.connections);
}

std::unique_ptr<connection> pool::take(host& of)
{
    while (!of.free.empty()) {
        auto const last = of.free.back();
        of.free.pop_back();
        auto entry = std::move(*last);
        idle_.erase(last);
        if (steady_clock::now() - entry.since < trusted_for || entry.what->quiet())
            return std::move(entry.what);
    }
    return nullptr;
}

void pool::keep(host& of, std::unique_ptr<connection> c)
{
    if (settings_.most_idle_connections == 0)
        return;
    if (idle_.size() >= settings_.most_idle_connections)
        drop_oldest();
    bool const first = idle_.empty();
    idle_.push_back(idle{std::move(c), &of, steady_clock::now()});
    of.free.push_back(std::prev(idle_.end()));
    if (first)
        reaper_.start(phase::data, settings_.keep_alive);
}

void pool::block(host& of, std::size_t identity, steady_time until)
{
    gate_of(of, identity).block(until);
}

void pool::announce(host& of, std::size_t identity, std::size_t left, steady_time reset)
{
    gate_of(of, identity).announce(left, reset);
}

void pool::give_back(host& of, std::size_t identity)
{
    gate_of(of, identity).give_back();
}

void pool::block_all(host& of, steady_time until)
{
    for (auto& [identity, way] : of.gates)
        way.block(until);
}

void pool::set_budget(std::string const& origin, budget_settings const& b)
{
    budgets_[origin] = b;
    auto& h = at(origin);
    h.budget = b;
    h.connections.set_limit(std::max<std::size_t>(b.connections, 1));
    for (auto& [identity, way] : h.gates)
        way.set_limits(b);
}

pool::load pool::load_of(std::string const& origin) const
{
    load out;
    auto const found = hosts_.find(origin);
    if (found == hosts_.end()) {
        auto const own = budgets_.find(origin);
        out.budget = own == budgets_.end() ? settings_.budget : own->second;
        return out;
    }
    auto const& host = found->second;
    out.budget = host.budget;
    out.in_use = host.connections.taken();
    auto const now = steady_clock::now();
    for (auto const& [identity, way] : host.gates)
        out.wait = std::max(out.wait, way.wait(now));
    return out;
}

void pool::drop_oldest()
{
    auto const oldest = idle_.begin();
    std::erase(oldest->of->free, oldest);
    idle_.erase(oldest);
}

void pool::reap()
{
    auto const now = steady_clock::now();
    while (!idle_.empty() && idle_.front().since + settings_.keep_alive <= now)
        drop_oldest();
    if (idle_.empty())
        return;
    auto const left = idle_.front().since + settings_.keep_alive - now;
    reaper_.start(phase::data, std::chrono::ceil<std::chrono::milliseconds>(left));
}

void pool::forget_unused()
{
    auto const now = steady_clock::now();
    std::erase_if(hosts_, [&](auto const& entry) {
        auto const& h = entry.second;
        return h.free.empty() && h.connections.unused()
               && std::ranges::all_of(h.gates, [&](auto const& g) { return g.second.idle(now); });
    });
}

} // namespace checkwatches::net
