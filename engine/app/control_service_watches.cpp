#include "engine/app/control_service.hpp"
#include "engine/app/json_lines.hpp"
#include "engine/serve/settings_patch.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace checkwatches::app {
namespace {

namespace json = boost::json;

error wrong(std::string what)
{
    return error{.kind = error_kind::usage, .message = std::move(what)};
}

json::object json_of(intake::added_watch const& added, adapters::registry const& kinds)
{
    return {
        {"url", url_of(kinds, added.tracker.kind, added.tracker.base_url, added.remote_id)},
        {"tracker", added.tracker.name},
        {"kind", added.tracker.kind},
        {"remote_id", added.remote_id},
        {"bug", static_cast<std::int64_t>(added.bug)},
        {"new_tracker", added.new_tracker},
        {"new_bug", added.new_bug},
        {"new_watch", added.new_watch}};
}

} // namespace

control_service::answer control_service::act(serve::watch_call call, caller const& by)
{
    if (auto const good = serve::check_text("label", call.label); !good)
        co_return good.error();
    if (auto const good = serve::check_text("owner", call.owner); !good)
        co_return good.error();
    intake::wanted_watch want{
        .url = call.url, .what = {.label = call.label, .source = "web", .owner = call.owner}};
    auto const added = co_await host_.take_in(std::move(want), std::move(call.kind));
    if (!added)
        co_return added.error();
    auto out = json_of(*added, host_.kinds().all);
    if (!added->new_watch) // it was there: nothing was done
        co_return out;
    storage::change deed{.bug = added->bug, .field = "watch"};
    if (!call.label.empty())
        deed.after = call.label;
    std::string tracker;
    co_return co_await note(by, std::move(deed), std::move(tracker), std::move(out));
}

control_service::answer control_service::act(serve::unwatch_call call, caller const& by)
{
    auto question = [of = call.bug](storage::reader const& in) { return in.watches(of); };
    auto const there = co_await host_.reader().run(std::move(question));
    if (!there)
        co_return there.error();
    bool const is_watched = std::ranges::any_of(*there, [&](storage::watch const& one) {
        return one.label == call.label && one.source == call.source;
    });
    if (!is_watched)
        co_return wrong("nobody watches that bug for this label by this source");
    auto remove = [call](storage::store& to) { to.remove_watch(call.bug, call.label, call.source); };
    auto const removed = co_await host_.writer().run(std::move(remove));
    if (!removed)
        co_return removed.error();
    std::vector<storage::bug_id> moved{call.bug}; // it may be that nobody watches it any more
    auto const known = co_await engine_.refresh(std::move(moved));
    if (!known)
        co_return known.error();
    storage::change deed{
        .bug = call.bug, .field = "unwatch", .before = fmt::format("{} ({})", call.label, call.source)};
    std::string tracker;
    json::object nothing;
    co_return co_await note(by, std::move(deed), std::move(tracker), std::move(nothing));
}

control_service::answer control_service::act(serve::put_away_call call, caller const& by)
{
    auto question = [call](storage::reader const& in) {
        auto const all = in.watches(call.bug);
        return std::ranges::find(all, call.label, &storage::watch::label) != all.end();
    };
    auto const is_watched = co_await host_.reader().run(std::move(question));
    if (!is_watched)
        co_return is_watched.error();
    if (!*is_watched)
        co_return wrong("nobody watches that bug for this label");
    auto write = [call, now = host_.time().now()](storage::store& to) {
        if (call.back)
            to.take_back(call.label, call.bug);
        else
            to.put_away(call.label, call.bug, now);
    };
    auto const written = co_await host_.writer().run(std::move(write));
    if (!written)
        co_return written.error();
    storage::change deed{.bug = call.bug, .field = "put_away"};
    (call.back ? deed.before : deed.after) = call.label;
    std::string tracker;
    json::object nothing;
    co_return co_await note(by, std::move(deed), std::move(tracker), std::move(nothing));
}

} // namespace checkwatches::app
