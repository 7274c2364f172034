#include "engine/serve/events/change_pages.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace checkwatches::serve {
namespace {

constexpr std::size_t most_kept = 8; // pages

} // namespace

// Whoever reads holds it.
struct change_pages::turn {
    explicit turn(change_pages& of) : of_{of} { of_.is_taken_ = true; }
    ~turn()
    {
        of_.is_taken_ = false;
        of_.waiting_.call_next();
    }
    turn(turn const&) = delete;
    turn& operator=(turn const&) = delete;
    change_pages& of_;
};

change_pages::change_pages(
    asio::any_io_executor executor, storage::background_reader& reader, describing describe)
    : executor_{std::move(executor)},
      reader_{reader},
      describe_{std::move(describe)}
{}

awaitable<result<change_pages::page>> change_pages::fresh(std::int64_t after)
{
    return read(after, std::numeric_limits<std::int64_t>::max());
}

awaitable<result<change_pages::part>> change_pages::old(std::int64_t after, std::int64_t last)
{
    // Pages end where those of others do, wherever they began.
    auto const end = std::min(last, (after / size + 1) * size);
    for (;;) {
        if (auto const known = find(after, end))
            co_return part{known, end};
        if (!is_taken_)
            break;
        net::waiter me{executor_};
        co_await waiting_.wait(me);
    }
    turn const mine{*this};
    auto const got = co_await read(after, end);
    if (!got)
        co_return got.error();
    if (kept_.size() == most_kept)
        kept_.pop_front();
    kept_.push_back({after, end, *got});
    // It is there for all who wait for this one.
    waiting_.call_all();
    co_return part{*got, end};
}

awaitable<result<change_pages::page>> change_pages::read(std::int64_t after, std::int64_t last)
{
    ++reads_;
    auto work = [after, last, describe = describe_](storage::reader const& in) {
        std::vector<told_change> out;
        for (auto const& one : in.changes(after, size))
            if (one.what.id <= last)
                out.push_back({one.what.id, {one.tracker, one.what.bug}, describe(one)});
        return std::make_shared<std::vector<told_change> const>(std::move(out));
    };
    co_return co_await reader_.run(std::move(work));
}

change_pages::page change_pages::find(std::int64_t after, std::int64_t last) const
{
    auto const found = std::ranges::find_if(
        kept_, [&](kept_page const& one) { return one.after == after && one.last == last; });
    return found == kept_.end() ? nullptr : found->what;
}

} // namespace checkwatches::serve
