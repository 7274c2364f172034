#include "engine/serve/api/acts.hpp"

#include "engine/serve/api/arguments.hpp"
#include "engine/serve/api/json_of.hpp"
#include "engine/serve/api/questions.hpp"
#include "engine/serve/web/background_check.hpp"

#include <fmt/format.h>

namespace checkwatches::serve {
namespace {

namespace json = boost::json;

constexpr unsigned created = 201;
constexpr unsigned accepted = 202;

act_answer carry_out(act const& a, control_request request, unsigned status = 200)
{
    no_progress unheard;
    auto done = co_await a.with.commands.handle(std::move(request), a.actor, unheard);
    if (!done)
        co_return done.error();
    act_result out{.status = status, .body = std::move(*done)};
    co_return out;
}

// What a check costs; unless it is only to be told, it begins.
act_answer check(act const& a, wanted_bugs what, bool dry)
{
    control_request const question = cost_call{what};
    auto cost = co_await carry_out(a, question);
    if (!cost)
        co_return cost.error();
    cost->body["started"] = !dry;
    if (dry)
        co_return cost;
    auto const executor = co_await asio::this_coro::executor;
    start_check(executor, a.with.commands, a.actor, std::move(what), a.with.log);
    cost->status = accepted;
    co_return cost;
}

// Whether there is a tracker of this name: what the handler says of names is meant for people at a shell.
awaitable<result<storage::tracker>> known_tracker(act const& a)
{
    auto question = [name = a.names.front()](storage::reader const& in) { return tracker_named(in, name); };
    co_return co_await a.with.reader.run(std::move(question));
}

// Reads a body that has at most the member "dry".
result<bool> read_dry(act const& a)
{
    auto in = members::of(a.rq.body);
    if (!in)
        return in.error();
    auto const dry = in->flag("dry").value_or(false);
    if (auto const good = in->finish(); !good)
        return good.error();
    return dry;
}

result<void> read_nothing(act const& a)
{
    auto in = members::of(a.rq.body);
    if (!in)
        return in.error();
    return in->finish();
}

} // namespace

act_answer act_add_watch(act a)
{
    auto in = members::of(a.rq.body);
    if (!in)
        co_return in.error();
    watch_call call{.url = in->need_text("url")};
    call.label = in->text("label").value_or("");
    call.owner = in->text("owner").value_or("");
    call.kind = in->text("kind").value_or("");
    if (auto const good = in->finish(); !good)
        co_return good.error();
    control_request request = std::move(call);
    co_return co_await carry_out(a, std::move(request), created);
}

act_answer act_remove_watch(act a)
{
    arguments in{a.rq};
    auto const bug = in.number("bug");
    auto const label = in.text("label");
    auto const source = in.text("source");
    if (!bug || !source)
        in.complain("\"bug\" and \"source\" say which watch, and \"label\" where it has one");
    if (auto const good = in.finish(); !good)
        co_return good.error();
    unwatch_call call{
        .bug = static_cast<storage::bug_id>(*bug), .label = label.value_or(""), .source = *source};
    control_request request = std::move(call);
    co_return co_await carry_out(a, std::move(request));
}

act_answer act_check_bug(act a)
{
    auto const id = bug_numbered(a.names.front());
    if (!id)
        co_return id.error();
    auto const dry = read_dry(a);
    if (!dry)
        co_return dry.error();
    auto question = [id = *id](storage::reader const& in) { return shown_bug_of(in, id); };
    auto const there = co_await a.with.reader.run(std::move(question));
    if (!there)
        co_return there.error();
    wanted_bugs what{.force = true};
    what.bugs.push_back(*id);
    co_return co_await check(a, std::move(what), *dry);
}

act_answer act_check_tracker(act a)
{
    auto const dry = read_dry(a);
    if (!dry)
        co_return dry.error();
    auto const tracker = co_await known_tracker(a);
    if (!tracker)
        co_return tracker.error();
    wanted_bugs what{.force = true};
    what.trackers.push_back(tracker->name);
    co_return co_await check(a, std::move(what), *dry);
}

act_answer act_probe(act a)
{
    if (auto const good = read_nothing(a); !good)
        co_return good.error();
    auto const tracker = co_await known_tracker(a);
    if (!tracker)
        co_return tracker.error();
    control_request request = probe_call{tracker->name};
    co_return co_await carry_out(a, std::move(request));
}

act_answer act_pause(act a)
{
    auto in = members::of(a.rq.body);
    if (!in)
        co_return in.error();
    auto note = in->text("note").value_or("");
    if (auto const good = in->finish(); !good)
        co_return good.error();
    auto const tracker = co_await known_tracker(a);
    if (!tracker)
        co_return tracker.error();
    pause_call call{.tracker = tracker->name, .note = std::move(note)};
    control_request request = std::move(call);
    co_return co_await carry_out(a, std::move(request));
}

act_answer act_resume(act a)
{
    if (auto const good = read_nothing(a); !good)
        co_return good.error();
    auto const tracker = co_await known_tracker(a);
    if (!tracker)
        co_return tracker.error();
    control_request request = resume_call{tracker->name};
    co_return co_await carry_out(a, std::move(request));
}

act_answer act_reset(act a)
{
    if (auto const good = read_nothing(a); !good)
        co_return good.error();
    auto const tracker = co_await known_tracker(a);
    if (!tracker)
        co_return tracker.error();
    control_request request = reset_call{tracker->name};
    co_return co_await carry_out(a, std::move(request));
}

act_answer act_configure(act a)
{
    auto in = members::of(a.rq.body);
    if (!in)
        co_return in.error();
    auto const tracker = co_await known_tracker(a);
    if (!tracker)
        co_return tracker.error();
    auto question = [of = tracker->id](storage::reader const& store) { return store.state_of(of); };
    auto const state = co_await a.with.reader.run(std::move(question));
    if (!state)
        co_return state.error();
    auto set = state->settings;
    auto const merge = [&](std::string_view name, auto& into, auto read) {
        if (in->has(name))
            into = read(name);
    };
    auto const above_zero = [&](std::string_view name) {
        auto const value = in->whole(name);
        if (value && *value == 0)
            in->complain(fmt::format("\"{}\" must be 1 or more", name));
        return value;
    };
    merge("batch", set.batch, above_zero);
    merge("lanes", set.lanes, above_zero);
    merge("connections", set.connections, above_zero);
    merge("requests_per_second", set.requests_per_second, [&](std::string_view name) {
        auto const value = in->number(name);
        if (value && !(*value > 0))
            in->complain(fmt::format("\"{}\" must be more than 0", name));
        return value;
    });
    merge("changed_since", set.changed_since, [&](std::string_view name) { return in->flag(name); });
    merge("comments", set.comments, [&](std::string_view name) { return in->flag(name); });
    merge("comments_of", set.comments_of, [&](std::string_view name) {
        return in->texts(name).value_or(std::vector<std::string>{});
    });
    if (auto const good = in->finish(); !good)
        co_return good.error();
    configure_call call{.tracker = tracker->name, .settings = set};
    control_request request = std::move(call);
    auto done = co_await carry_out(a, std::move(request));
    if (!done)
        co_return done.error();
    act_result out{.body = json_of(set)};
    co_return out;
}

act_answer act_put_mapping(act a)
{
    auto in = members::of(a.rq.body);
    if (!in)
        co_return in.error();
    meaning_call call{.tracker = in->need_text("tracker")};
    call.field = in->need_text("field");
    call.key = in->need_text("key");
    call.means = in->need_text("means");
    if (auto const good = in->finish(); !good)
        co_return good.error();
    control_request request = std::move(call);
    co_return co_await carry_out(a, std::move(request));
}

act_answer act_drop_mapping(act a)
{
    arguments in{a.rq};
    auto const tracker = in.text("tracker");
    auto const field = in.text("field");
    auto const key = in.text("key");
    if (!tracker || !field || !key)
        in.complain("\"tracker\", \"field\" and \"key\" say which mapping");
    if (auto const good = in.finish(); !good)
        co_return good.error();
    meaning_call call{.tracker = *tracker, .field = *field, .key = *key};
    control_request request = std::move(call);
    co_return co_await carry_out(a, std::move(request));
}

act_answer act_put_away(act a)
{
    auto in = members::of(a.rq.body);
    if (!in)
        co_return in.error();
    auto const bug = in->whole("bug");
    if (!bug)
        in->complain("the body needs \"bug\", the number of a bug");
    put_away_call call{.bug = static_cast<storage::bug_id>(bug.value_or(0)), .label = in->need_text("label")};
    call.back = in->flag("back").value_or(false);
    if (auto const good = in->finish(); !good)
        co_return good.error();
    control_request request = std::move(call);
    co_return co_await carry_out(a, std::move(request));
}

} // namespace checkwatches::serve
