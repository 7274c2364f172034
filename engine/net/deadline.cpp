#include "engine/net/deadline.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace checkwatches::net {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

// However many deadlines fall due one after the other, they are not looked at more often than this.
constexpr milliseconds shortest_gap{5};

} // namespace

watchdog::watchdog(asio::any_io_executor const& executor)
    : timer_{executor},
      self_{std::make_shared<watchdog*>(this)}
{}

void watchdog::watch(deadline& d)
{
    if (!d.is_linked())
        running_.push_back(d);
    arm(d.due_);
}

void watchdog::arm(steady_time at)
{
    if (at >= armed_)
        return;
    armed_ = at;
    timer_.expires_at(at);
    timer_.async_wait([weak = std::weak_ptr{self_}](error_code ec) {
        auto const self = weak.lock();
        if (!ec && self)
            (*self)->look();
    });
}

void watchdog::look()
{
    armed_ = steady_time::max();
    auto const now = steady_clock::now();
    auto next = steady_time::max();
    decltype(running_) late;
    for (auto at = running_.begin(); at != running_.end();) {
        auto& d = static_cast<deadline&>(*at++);
        if (d.due_ <= now) {
            d.unlink();
            late.push_back(d);
        }
        else {
            next = std::min(next, d.due_);
        }
    }
    while (!late.empty()) {
        auto& d = static_cast<deadline&>(late.front());
        d.unlink();
        d.expired_ = true;
        d.interrupt_();
    }
    if (next != steady_time::max())
        arm(std::max(next, now + shortest_gap));
}

error timeout_error(phase of, milliseconds limit)
{
    auto const seconds = static_cast<double>(limit.count()) / 1000;
    error e{.kind = error_kind::timeout};
    switch (of) {
    case phase::resolve:
        e.message = fmt::format("no answer from the name servers within {:g} s", seconds);
        break;
    case phase::connect: e.message = fmt::format("no connection within {:g} s", seconds); break;
    case phase::handshake: e.message = fmt::format("no TLS handshake within {:g} s", seconds); break;
    case phase::data: e.message = fmt::format("no data moved for {:g} s", seconds); break;
    case phase::total:
        e.message = fmt::format("the request took longer than {:g} s in total", seconds);
        break;
    }
    return e;
}

deadline::deadline(watchdog& dog, std::function<void()> interrupt)
    : dog_{dog},
      interrupt_{std::move(interrupt)}
{}

void deadline::overall(steady_time at, milliseconds whole) noexcept
{
    overall_ = at;
    whole_ = whole;
}

void deadline::start(phase of, milliseconds limit)
{
    phase_ = of;
    limit_ = limit;
    expired_ = false;
    touch();
    dog_.watch(*this);
}

void deadline::touch() noexcept
{
    due_ = std::min(steady_clock::now() + limit_, overall_);
}

void deadline::stop() noexcept
{
    if (is_linked())
        unlink();
}

error deadline::reason() const
{
    return due_ == overall_ ? timeout_error(phase::total, whole_) : timeout_error(phase_, limit_);
}

} // namespace checkwatches::net
