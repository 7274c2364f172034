#include "engine/app/commands.hpp"
#include "engine/app/json_lines.hpp"
#include "engine/app/known_kinds.hpp"
#include "engine/app/table.hpp"
#include "engine/core/numbers.hpp"
#include "storage/reader.hpp"
#include "storage/verify.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <limits>
#include <thread>

namespace checkwatches::app {
namespace {

constexpr std::int64_t page = 1000;

// "17  2026-11-22T08:15:30Z  https://…  status: New → Fix Released (RESOLVED FIXED)", or of an act
// "18  2026-11-22T08:15:31Z  https://…  pause: - → asked us to (by local user anna)".
std::string line_of(storage::shown_change const& shown, adapters::registry const& kinds)
{
    auto const& c = shown.what;
    auto const words = c.remote_after && c.remote_after != c.after ? fmt::format(" ({})", *c.remote_after)
                                                                   : "";
    auto const subject = subject_of(shown, kinds);
    auto const actor = c.actor.empty() ? "" : fmt::format(" (by {})", c.actor);
    auto const reason = c.reason.empty() ? "" : fmt::format(" [{}]", c.reason);
    return one_line(fmt::format(
        "{:>6}  {}  {}  {}: {} → {}{}{}{}",
        c.id,
        format_time(c.at),
        subject.empty() ? "-" : subject,
        c.field,
        c.before.value_or("-"),
        c.after.value_or("-"),
        words,
        reason,
        actor));
}

// Prints what there is behind `after`, at most `limit`, and moves both on.
void print_some(
    storage::reader const& in,
    adapters::registry const& kinds,
    bool json,
    std::int64_t& after,
    std::int64_t& limit)
{
    for (;;) {
        auto const some = in.changes(after, std::min(page, limit));
        for (auto const& change : some)
            fmt::print("{}\n", json ? json_of(change, kinds) : line_of(change, kinds));
        limit -= static_cast<std::int64_t>(some.size());
        if (some.empty())
            break;
        after = some.back().what.id;
    }
    std::fflush(stdout);
}

} // namespace

namespace {

constexpr std::size_t most_findings = 100;

exit_code verify(std::string const& database, bool as_json)
{
    namespace json = boost::json;
    auto const found = storage::verify_log(database, most_findings);
    if (!found)
        return fail(found.error());
    auto const& log = *found;
    if (as_json) {
        json::object const out{
            {"sound", log.broken.empty()},
            {"entries", log.entries},
            {"last", log.last},
            {"head", log.head.empty() ? json::value(nullptr) : json::value(log.head)},
            {"heads", log.heads},
            {"bugs", log.bugs},
            {"unchained", log.unchained},
            {"broken_at", log.broken_at ? json::value(*log.broken_at) : json::value(nullptr)},
            {"broken", json::array(log.broken.begin(), log.broken.end())}};
        fmt::print("{}\n", json::serialize(out));
    }
    else {
        for (auto const& one : log.broken)
            fmt::print("{}\n", one_line(one));
        if (log.broken_at)
            fmt::print("the log is broken at change {}\n", *log.broken_at);
        else
            fmt::print(
                "{} of {}, none missing, none rewritten; the last is {} ({}), all heads {}\n",
                counted(static_cast<std::size_t>(log.entries), "change"),
                counted(log.bugs, "bug"),
                log.last,
                log.head.empty() ? "-" : log.head,
                log.heads);
    }
    return log.broken_at ? exit_code::some_failed : exit_code::done;
}

} // namespace

exit_code run_changes(global_options const& global, config const& conf, changes_options const& options)
{
    if (options.verify)
        return verify(global.database, options.json);
    auto const kinds = load_kinds(conf).all;
    auto const reader = storage::reader::open(global.database);
    if (!reader)
        return fail(reader.error());
    auto after = options.after;
    auto limit = options.limit == 0 ? std::numeric_limits<std::int64_t>::max() : options.limit;
    print_some(**reader, kinds, options.json, after, limit);
    while (options.follow && limit > 0 && std::ferror(stdout) == 0) {
        // The log is read by whoever writes it next: there is nobody to wake us in another process.
        std::this_thread::sleep_for(std::chrono::milliseconds{500});
        print_some(**reader, kinds, options.json, after, limit);
    }
    return exit_code::done;
}

} // namespace checkwatches::app
