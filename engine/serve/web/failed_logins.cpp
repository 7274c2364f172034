#include "engine/serve/web/failed_logins.hpp"

namespace checkwatches::serve {

std::optional<std::chrono::seconds> failed_logins::left(count const& c, std::size_t most, clock::duration now)
{
    auto const until = c.began + clock::duration{span};
    if (c.times < most || now >= until)
        return std::nullopt;
    return std::chrono::ceil<std::chrono::seconds>(until - now);
}

void failed_logins::add(count& c, clock::duration now)
{
    if (c.times == 0 || now >= c.began + clock::duration{span})
        c = {.began = now};
    ++c.times;
}

std::optional<std::chrono::seconds> failed_logins::wait(std::string const& peer, clock::duration now)
{
    if (auto const all = left(all_, most_of_all, now))
        return all;
    auto const found = peers_.find(peer);
    return found == peers_.end() ? std::nullopt : left(found->second, most_of_peer, now);
}

void failed_logins::failed(std::string const& peer, clock::duration now)
{
    std::erase_if(peers_, [&](auto const& one) { return now >= one.second.began + clock::duration{span}; });
    add(all_, now);
    // Beyond so many peers the count of all is what slows them down.
    if (peers_.size() < most_peers || peers_.contains(peer))
        add(peers_[peer], now);
}

} // namespace checkwatches::serve
