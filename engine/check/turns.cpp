#include "engine/check/turns.hpp"

namespace checkwatches::check {

void turns::sleep(desk& d, utc_time until)
{
    d.wakes_at = until;
    asleep_.emplace(until, &d);
}

void turns::wake(utc_time now)
{
    while (!asleep_.empty() && asleep_.top().first <= now) {
        auto const [at, d] = asleep_.top();
        asleep_.pop();
        if (at == d->wakes_at)
            enqueue(*d);
    }
}

std::optional<utc_time> turns::next_wake()
{
    while (!asleep_.empty()) {
        auto const [at, d] = asleep_.top();
        if (at == d->wakes_at && !d->active && !d->waiting)
            return at;
        asleep_.pop();
    }
    return std::nullopt;
}

void turns::enqueue(desk& d)
{
    if (d.active || d.waiting)
        return;
    d.waiting = true;
    ++waiting_;
    d.host->waiting.push_back(&d);
    if (!d.host->in_turn) {
        d.host->in_turn = true;
        hosts_.push_back(d.host);
    }
}

desk* turns::next(limits const& within)
{
    if (active_ >= within.most)
        return nullptr;
    for (auto left = hosts_.size(); left != 0; --left) {
        auto* const host = hosts_.front();
        hosts_.pop_front();
        bool const free = host->active < within.most_of_host;
        desk* chosen = nullptr;
        if (free) {
            chosen = host->waiting.front();
            host->waiting.pop_front();
        }
        host->in_turn = !host->waiting.empty();
        if (host->in_turn)
            hosts_.push_back(host);
        if (chosen == nullptr)
            continue;
        chosen->waiting = false;
        chosen->active = true;
        --waiting_;
        ++active_;
        ++host->active;
        return chosen;
    }
    return nullptr;
}

void turns::ended(desk& d)
{
    d.active = false;
    --active_;
    --d.host->active;
}

} // namespace checkwatches::check
