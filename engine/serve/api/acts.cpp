#include "engine/serve/api/acts.hpp"

#include "engine/serve/api/arguments.hpp"
#include "engine/serve/api/json_of.hpp"
#include "engine/serve/api/questions.hpp"
#include "engine/serve/web/errands.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace checkwatches::serve {
namespace {

namespace json = boost::json;

constexpr unsigned created = 201;
constexpr unsigned accepted = 202;

act_answer carry_out(act const& a, control_request request, unsigned status = 200)
{
    auto done = co_await a.with.work.carry_out(std::move(request), a.actor);
    if (!done)
        co_return done.error();
    act_result out{.status = status, .body = std::move(*done)};
    co_return out;
}

// An error of kind deferred: one of these trackers, or of these bugs' trackers, is paused.
awaitable<result<void>> may_be_asked(act const& a, wanted_bugs what)
{
    auto question = [what = std::move(what)](storage::reader const& in) -> result<void> {
        for (auto const& tracker : in.trackers()) {
            auto const is_of_it = [&](storage::bug_id bug) { return storage::tracker_of(bug) == tracker.id; };
            bool const is_meant = std::ranges::find(what.trackers, tracker.name) != what.trackers.end()
                                  || std::ranges::any_of(what.bugs, is_of_it);
            if (!is_meant)
                continue;
            if (auto const state = in.state_of(tracker.id); state.paused)
                return error{
                    .kind = error_kind::deferred,
                    .message = fmt::format(
                        "{} is paused{}; resume it first",
                        tracker.name,
                        state.note.empty() ? "" : " (" + state.note + ")")};
        }
        return {};
    };
    co_return co_await a.with.reader.run(std::move(question));
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
    if (auto const may = co_await may_be_asked(a, what); !may)
        co_return may.error();
    a.with.work.start(check_call{std::move(what)}, a.actor);
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

// What a tracker is told that says no more than its name: the body has nothing to add.
template <class Call>
act_answer act_on_tracker(act a)
{
    auto in = members::of(a.rq.body);
    if (!in)
        co_return in.error();
    if (auto const good = in->finish(); !good)
        co_return good.error();
    auto const tracker = co_await known_tracker(a);
    if (!tracker)
        co_return tracker.error();
    control_request request = Call{tracker->name};
    co_return co_await carry_out(a, std::move(request));
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
    return act_on_tracker<probe_call>(std::move(a));
}

act_answer act_resume(act a)
{
    return act_on_tracker<resume_call>(std::move(a));
}

act_answer act_reset(act a)
{
    return act_on_tracker<reset_call>(std::move(a));
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

act_answer act_configure(act a)
{
    auto in = members::of(a.rq.body);
    if (!in)
        co_return in.error();
    configure_call call{.tracker = a.names.front()};
    auto& set = call.settings;
    set.batch = in->whole("batch");
    set.lanes = in->whole("lanes");
    set.connections = in->whole("connections");
    set.requests_per_second = in->number("requests_per_second");
    set.changed_since = in->flag("changed_since");
    set.comments = in->flag("comments");
    set.comments_of = in->texts("comments_of").value_or(std::vector<std::string>{});
    if (auto const good = in->finish(); !good)
        co_return good.error();
    call.only = in->names();
    if (call.only.empty())
        co_return error{.kind = error_kind::usage, .message = "the body names no setting"};
    auto const tracker = co_await known_tracker(a);
    if (!tracker)
        co_return tracker.error();
    control_request request = std::move(call);
    co_return co_await carry_out(a, std::move(request));
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
