#include "engine/intake/take_in.hpp"

#include <utility>

namespace checkwatches::intake {

awaitable<result<added_watch>> take_in(
    take_in_parts with,
    wanted_watch want,
    std::string only_kind,
    std::vector<credential> credentials,
    std::chrono::seconds capabilities_last)
{
    auto const url = parse_link(want.url);
    if (!url)
        co_return url.error();
    if (auto const shaped = candidates(with.kinds, *url, only_kind); !shaped)
        co_return shaped.error();
    std::vector<wanted_watch> const all{std::move(want)};
    auto look = [&kinds = with.kinds, only_kind, all](storage::reader const& in) {
        return unknown_trackers(in, kinds, only_kind, all);
    };
    auto fresh = co_await with.from.run(std::move(look));
    if (!fresh)
        co_return fresh.error();
    co_await prove_all(*fresh, with.over, credentials);
    auto write = [&kinds = with.kinds,
                  path = with.database,
                  only_kind,
                  all,
                  fresh = std::move(*fresh),
                  capabilities_last](storage::reader const& in) {
        auto to = storage::store::open(path);
        if (!to)
            throw storage::database_error{to.error()};
        intake into{in, **to, kinds, only_kind, capabilities_last};
        return into.add(all, fresh);
    };
    auto done = co_await with.from.run(std::move(write));
    if (!done)
        co_return done.error();
    co_return std::move(done->front());
}

} // namespace checkwatches::intake
