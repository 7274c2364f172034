#include "engine/check/network_watch.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace checkwatches::check {
namespace {

// Sites that failed are few, unless all do.
constexpr std::size_t most_sites = 1'000;

bool is_address(std::string_view host)
{
    return host.find(':') != std::string_view::npos
           || host.find_first_not_of("0123456789.") == std::string_view::npos;
}

} // namespace

bool can_be_ours(error_kind kind) noexcept
{
    return kind == error_kind::connect_failed || kind == error_kind::timeout;
}

std::string site_of(std::string_view host)
{
    if (is_address(host))
        return std::string{host};
    auto const last = host.rfind('.');
    if (last == std::string_view::npos || last == 0)
        return std::string{host};
    auto const before = host.rfind('.', last - 1);
    return std::string{before == std::string_view::npos ? host : host.substr(before + 1)};
}

// The canary is being asked; however that ends, those who wait for it are called.
class network_watch::asking {
public:
    explicit asking(network_watch& by) : by_{by} { by_.asking_ = true; }
    asking(asking const&) = delete;
    asking& operator=(asking const&) = delete;
    ~asking()
    {
        by_.asking_ = false;
        by_.curious_.call_all();
    }

private:
    network_watch& by_;
};

network_watch::network_watch(
    asio::any_io_executor const& executor,
    clock const& time,
    ramp& pace,
    network_settings const& settings,
    hooks call)
    : executor_{executor},
      time_{time},
      pace_{pace},
      settings_{settings},
      call_{std::move(call)}
{}

awaitable<blame> network_watch::judge(std::string host)
{
    auto const offline_before = times_offline_;
    auto const answers_before = answers_;
    note_failure(host);
    if (offline_)
        co_return blame::ourselves;
    if (settings_.canary) {
        bool const works = co_await canary_works();
        // An answer from elsewhere, since we began to wonder, outweighs a canary that is dead itself.
        if (!works && !offline_ && answers_ == answers_before)
            go_offline(fmt::format("neither {} nor the canary can be reached", host));
    }
    else {
        if (!failed_together())
            co_await time_.sleep(settings_.grace);
        if (!offline_ && failed_together())
            go_offline(
                fmt::format("{} unrelated hosts cannot be reached, {} the last", failed_.size(), host));
    }
    co_return times_offline_ == offline_before ? blame::tracker : blame::ourselves;
}

void network_watch::worked()
{
    ++answers_;
    failed_.clear();
    if (!offline_)
        return;
    offline_ = false;
    may_try_ = false;
    pace_.start(time_.up());
    stopped_.call_all();
    if (call_.on_online)
        call_.on_online();
}

awaitable<void> network_watch::until_online()
{
    while (offline_) {
        if (std::exchange(may_try_, false))
            co_return;
        net::waiter me{executor_};
        co_await stopped_.wait(me);
    }
}

awaitable<void> network_watch::run()
{
    for (;;) {
        if (offline_) {
            co_await retest();
            continue;
        }
        net::waiter me{executor_};
        co_await idle_.wait(me);
    }
}

awaitable<void> network_watch::retest()
{
    auto const this_time = times_offline_;
    clock::duration delay = settings_.first_retest;
    while (offline_ && times_offline_ == this_time) {
        co_await time_.sleep(delay);
        delay = std::min<clock::duration>(delay * 2, settings_.most_retest);
        if (offline_ && settings_.canary)
            co_await canary_works();
        // The canary may be dead itself: one request goes in any case.
        if (offline_) {
            may_try_ = true;
            stopped_.call_next();
        }
    }
}

void network_watch::note_failure(std::string const& host)
{
    auto const now = time_.up();
    std::erase_if(failed_, [&](auto const& one) { return one.second + settings_.window < now; });
    if (failed_.size() < most_sites)
        failed_.insert_or_assign(site_of(host), now);
}

bool network_watch::failed_together() const
{
    return failed_.size() >= settings_.hosts;
}

awaitable<bool> network_watch::canary_works()
{
    while (asking_) {
        auto const before = times_asked_;
        net::waiter me{executor_};
        co_await curious_.wait(me);
        if (times_asked_ != before)
            co_return canary_answered_;
    }
    asking const now{*this};
    bool const answered = co_await call_.ask_canary();
    canary_answered_ = answered;
    ++times_asked_;
    if (answered)
        worked();
    co_return answered;
}

void network_watch::go_offline(std::string const& why)
{
    offline_ = true;
    ++times_offline_;
    idle_.call_all();
    if (call_.on_offline)
        call_.on_offline(why);
}

} // namespace checkwatches::check
