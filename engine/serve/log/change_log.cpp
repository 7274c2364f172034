#include "engine/serve/log/change_log.hpp"

#include "engine/serve/api/arguments.hpp"
#include "engine/serve/http/problem.hpp"
#include "engine/serve/log/atom.hpp"
#include "engine/serve/log/pushes.hpp"
#include "engine/serve/pages/text.hpp"
#include "engine/serve/web/problems.hpp"

#include <boost/json/monotonic_resource.hpp>
#include <boost/json/serialize.hpp>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>

namespace checkwatches::serve {
namespace {

namespace chrono = std::chrono;

constexpr std::string_view pushes_name = "json-pushes";
constexpr std::string_view feed_name = "changes.atom";

bool is_of_tracker(std::vector<std::string> const& parts) noexcept
{
    return parts.size() == 3 && parts[0] == "t" && parts[2] == pushes_name;
}

// What an answer is made from on the reader's thread.
struct told {
    std::string body{};
    utc_time newest{};
    std::optional<std::int64_t> next{};
};

std::string http_date(utc_time t)
{
    auto const second = chrono::floor<chrono::seconds>(t);
    return fmt::format("{:%a, %d %b %Y %H:%M:%S} GMT", fmt::gmtime(chrono::system_clock::to_time_t(second)));
}

// The same question, from there on.
std::string next_address(http_request const& rq, std::int64_t start)
{
    http_fields query;
    for (auto const& [name, value] : rq.query)
        if (name != "startID" && name != "startdate" && name != "fromchange")
            query.emplace_back(name, value);
    query.emplace_back("startID", std::to_string(start));
    return view::link(rq.path, std::move(query));
}

std::string site_of(http_request const& rq)
{
    return fmt::format("{}://{}", rq.is_secure ? "https" : "http", rq.header("Host"));
}

result<feed_request> read_feed_request(http_request const& rq)
{
    arguments in{rq};
    feed_request out{
        .tracker = in.text("tracker"),
        .label = in.text("label"),
        .owner = in.text("owner"),
        .before = in.number("before"),
        .site = site_of(rq)};
    if (auto const kind = in.one_of("kind", {"all", "changes", "statuses", "acts"}))
        out.kind = parse_change_kind(*kind).value_or(change_kind::all);
    if (auto const good = in.finish(); !good)
        return good.error();
    return out;
}

} // namespace

change_log::change_log(web_parts const& with, std::function<std::optional<utc_time>()> oldest_due)
    : with_{with},
      oldest_due_{std::move(oldest_due)}
{}

bool change_log::is_log(http_request const& rq) noexcept
{
    auto const& parts = rq.parts;
    return (parts.size() == 1 && (parts[0] == pushes_name || parts[0] == feed_name)) || is_of_tracker(parts);
}

awaitable<http_answer> change_log::answer(http_request rq)
{
    if (rq.method != "GET" && rq.method != "HEAD") {
        auto out = problem(405, fmt::format("{} takes GET and HEAD", rq.path));
        out.headers.emplace_back("Allow", "GET, HEAD");
        co_return out;
    }
    if (auto busy = too_busy(with_))
        co_return std::move(*busy);
    if (rq.parts.front() == feed_name)
        co_return co_await tell_feed(std::move(rq));
    co_return co_await tell_pushes(std::move(rq));
}

// How old the newest entry is, and since when work is overdue: 0 says that all that is due was done.
http_fields change_log::freshness(utc_time newest) const
{
    auto const due = oldest_due_();
    auto const behind = due ? with_.time.now() - *due : chrono::milliseconds{0};
    auto const seconds = std::max<std::int64_t>(chrono::floor<chrono::seconds>(behind).count(), 0);
    http_fields out{{"Cache-Control", "no-cache"}, {"X-Checkwatches-Behind", fmt::format("{}", seconds)}};
    if (newest != utc_time{})
        out.emplace_back("Last-Modified", http_date(newest));
    return out;
}

awaitable<http_answer> change_log::tell_pushes(http_request rq)
{
    auto asked = read_push_request(rq.query);
    if (!asked)
        co_return problem_of(asked.error());
    std::optional<std::string> tracker;
    if (is_of_tracker(rq.parts))
        tracker = rq.parts[1];
    auto work = [asked = std::move(*asked), tracker](storage::reader const& in) -> result<told> {
        auto const found = find_pushes(in, tracker, asked);
        if (!found)
            return found.error();
        boost::json::monotonic_resource memory; // of thousands of small pieces, which end together
        auto text = boost::json::serialize(json_of(*found, asked, in, &memory)) + "\n";
        return told{std::move(text), found->last_at, found->next};
    };
    auto made = co_await with_.reader.run(std::move(work));
    if (!made)
        co_return problem_of(made.error());
    http_answer out{.headers = freshness(made->newest)};
    out.headers.emplace_back("Content-Type", "application/json");
    out.headers.emplace_back("ETag", tag_of(made->body));
    if (made->next) {
        out.headers.emplace_back("X-Checkwatches-Truncated", "true");
        out.headers.emplace_back("X-Checkwatches-Next", fmt::format("{}", *made->next));
        out.headers.emplace_back("Link", fmt::format("<{}>; rel=\"next\"", next_address(rq, *made->next)));
    }
    out.body = std::move(made->body);
    co_return out;
}

awaitable<http_answer> change_log::tell_feed(http_request rq)
{
    auto asked = read_feed_request(rq);
    if (!asked)
        co_return problem_of(asked.error());
    auto work = [asked = std::move(*asked),
                 known = with_.lore_now()](storage::reader const& in) -> result<told> {
        auto const found = find_feed(in, *known, asked);
        if (!found)
            return found.error();
        return told{atom_of(*found), found->updated, found->next};
    };
    auto const made = co_await with_.reader.run(std::move(work));
    if (!made)
        co_return problem_of(made.error());
    http_answer out{.headers = freshness(made->newest)};
    out.headers.emplace_back("Content-Type", "application/atom+xml; charset=utf-8");
    out.headers.emplace_back("ETag", tag_of(made->body));
    out.body = made->body;
    co_return out;
}

} // namespace checkwatches::serve
