#include "engine/intake/prove.hpp"

#include "engine/core/join.hpp"
#include "engine/remote/bound_remote.hpp"

namespace checkwatches::intake {
namespace {

awaitable<result<capabilities>>
ask(candidate const& c, newcomer const& one, net::client& over, std::vector<credential> const& credentials)
{
    auto to = bind_to(c.bug.base.text(), one.api_url, credentials);
    if (!to)
        co_return to.error();
    bound_remote at{over, std::move(*to)};
    co_return co_await c.kind->probe(at);
}

awaitable<void> prove(newcomer& one, net::client& over, std::vector<credential> const& credentials)
{
    for (auto const& c : one.tried) {
        if (!c.kind->features().polled) { // nobody to ask; its address says all
            one.proven = c;
            co_return;
        }
        auto const can = co_await ask(c, one, over, credentials);
        if (can) {
            one.proven = c;
            one.can = *can;
            co_return;
        }
        one.refusals += one.refusals.empty() ? "" : "; ";
        one.refusals += std::string{c.kind->kind()} + ": " + to_string(can.error());
        one.refusal = can.error();
    }
}

} // namespace

awaitable<void> prove_all(newcomers& all, net::client& over, std::vector<credential> const& credentials)
{
    std::vector<awaitable<void>> probes;
    for (auto& [key, one] : all)
        probes.push_back(prove(one, over, credentials));
    co_await join(std::move(probes));
}

bool may_pass(error_kind kind) noexcept
{
    return kind == error_kind::deferred || kind == error_kind::connect_failed || kind == error_kind::timeout
           || kind == error_kind::rate_limited || kind == error_kind::maintenance;
}

void assume_all(newcomers& all)
{
    for (auto& [key, one] : all) {
        if (one.tried.size() == 1)
            one.proven = one.tried.front();
        else
            one.refusals = "several kinds have bugs at such addresses: give --kind";
    }
}

} // namespace checkwatches::intake
