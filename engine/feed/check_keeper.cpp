#include "engine/feed/check_keeper.hpp"

#include <memory>
#include <utility>

namespace checkwatches::feed {
namespace {

constexpr std::int64_t most_tidied = 1'000; // in one transaction

} // namespace

awaitable<void> check_keeper::keep(bool wanted)
{
    is_wanted_ = wanted;
    is_tidy_ = is_tidy_ && !wanted;
    auto work = [wanted](storage::store& to) { to.keep_check_events(wanted); };
    co_await write(std::move(work));
}

awaitable<void> check_keeper::tidy(std::int64_t up_to, std::function<bool()> may_go_on)
{
    if (!is_wanted_ && std::exchange(is_tidy_, true))
        co_return;
    std::int64_t gone = most_tidied;
    while (gone == most_tidied && may_go_on()) {
        auto const count = std::make_shared<std::int64_t>(0);
        auto work = [count, up_to](storage::store& to) { *count = to.drop_check_events(up_to, most_tidied); };
        co_await write(std::move(work));
        gone = *count;
    }
}

awaitable<void> check_keeper::write(std::function<void(storage::store&)> work)
{
    auto const written = co_await to_.run(std::move(work));
    if (!written)
        log_.write(log_level::error, "cannot tidy check events", {{"why", to_string(written.error())}});
}

} // namespace checkwatches::feed
