#include "engine/serve/api/api.hpp"

#include "engine/serve/api/acts.hpp"
#include "engine/serve/api/arguments.hpp"
#include "engine/serve/api/json_of.hpp"
#include "engine/serve/api/questions.hpp"
#include "engine/serve/http/problem.hpp"
#include "engine/serve/pages/assets.hpp"
#include "engine/serve/web/errands.hpp"
#include "engine/serve/web/problems.hpp"

#include <boost/json/serialize.hpp>

#include <fmt/format.h>

#include <span>

namespace checkwatches::serve {
namespace {

namespace json = boost::json;

constexpr std::int64_t incidents_shown = 20;

// To somebody who may not do that.
http_answer refused(visitor const& who)
{
    bool const is_known = !who.actor.empty();
    auto out = problem(
        is_known ? 403 : 401,
        is_known
            ? "this token may read only; `checkwatches token add NAME --right operate` makes one that "
              "may more"
            : "a token is needed: Authorization: Bearer …; `checkwatches token add NAME --right operate` "
              "makes one");
    if (!is_known)
        out.headers.emplace_back("WWW-Authenticate", "Bearer");
    return out;
}

// An answer with a tag of what it says, but for the time at which it was asked, and what follows from that.
http_answer answer_of(json::object body, utc_time now)
{
    json::object passing;
    for (auto const* const name : {"now", "behind"})
        if (auto const* const value = body.if_contains(name)) {
            passing[name] = *value;
            body.erase(name);
        }
    auto const tag = tag_of(json::serialize(body));
    for (auto const& [name, value] : passing)
        body[name] = value;
    body["at"] = format_time(now);
    http_answer out;
    out.headers = {
        {"Content-Type", "application/json"}, {"ETag", std::move(tag)}, {"Cache-Control", "no-cache"}};
    out.body = json::serialize(body) + "\n";
    return out;
}

} // namespace

// What there is at which path, and who answers for it.
struct api::route {
    enum class what { question, act, status, stream, document };
    std::string_view method{};
    std::string_view pattern{};
    what kind{};
    result<question> (*ask)(serve::ask const&) = nullptr;
    act_answer (*act)(serve::act) = nullptr;
    bool is_dear = false; // reads so much that only operators may ask
};

std::span<api::route const> api::routes()
{
    using what = route::what;
    static constexpr route all[] = {
        {"GET", "/api/v1/openapi.json", what::document},
        {"GET", "/api/v1/status", what::status},
        {"GET", "/api/v1/events", what::stream},
        {"GET", "/api/v1/trackers", what::question, ask_trackers},
        {"GET", "/api/v1/trackers/{name}", what::question, ask_tracker},
        {"GET", "/api/v1/trackers/{name}/days", what::question, ask_days},
        {"GET", "/api/v1/bugs", what::question, ask_bugs},
        {"GET", "/api/v1/bugs/{id}", what::question, ask_bug},
        {"GET", "/api/v1/bugs/{id}/comments", what::question, ask_comments},
        {"GET", "/api/v1/checks", what::question, ask_checks},
        {"GET", "/api/v1/watches", what::question, ask_watches},
        {"GET", "/api/v1/watches/groups", what::question, ask_watch_groups},
        {"GET", "/api/v1/changes", what::question, ask_changes},
        {"GET", "/api/v1/signatures", what::question, ask_signatures},
        {"GET", "/api/v1/incidents", what::question, ask_incidents},
        {"GET", "/api/v1/passes", what::question, ask_passes},
        {"GET", "/api/v1/queue", what::question, ask_queue},
        {"GET", "/api/v1/mappings", what::question, ask_mappings},
        {"GET", "/api/v1/mappings/preview", what::question, ask_preview, nullptr, true},
        {"GET", "/api/v1/fixed", what::question, ask_fixed},
        {"GET", "/api/v1/watchlists", what::question, ask_lists},
        {"GET", "/api/v1/watchlists/{list}", what::question, ask_list},
        {"GET", "/api/v1/rechecks/graph", what::question, ask_recheck_graph},
        {"GET", "/api/v1/rechecks/queue", what::question, ask_recheck_queue},
        {"GET", "/api/v1/rechecks/rates", what::question, ask_recheck_rates},
        {"GET", "/api/v1/sinks", what::question, ask_sinks},
        {"POST", "/api/v1/sinks/{name}/test", what::act, nullptr, act_test_sink},
        {"POST", "/api/v1/sinks/{name}/retry", what::act, nullptr, act_retry_sink},
        {"POST", "/api/v1/sinks/{name}/skip", what::act, nullptr, act_skip_sink},
        {"POST", "/api/v1/watches", what::act, nullptr, act_add_watch},
        {"DELETE", "/api/v1/watches", what::act, nullptr, act_remove_watch},
        {"POST", "/api/v1/bugs/{id}/check", what::act, nullptr, act_check_bug},
        {"POST", "/api/v1/trackers/{name}/check", what::act, nullptr, act_check_tracker},
        {"POST", "/api/v1/trackers/{name}/probe", what::act, nullptr, act_probe},
        {"POST", "/api/v1/trackers/{name}/pause", what::act, nullptr, act_pause},
        {"POST", "/api/v1/trackers/{name}/resume", what::act, nullptr, act_resume},
        {"POST", "/api/v1/trackers/{name}/reset", what::act, nullptr, act_reset},
        {"PATCH", "/api/v1/trackers/{name}/settings", what::act, nullptr, act_configure},
        {"PUT", "/api/v1/mappings", what::act, nullptr, act_put_mapping},
        {"DELETE", "/api/v1/mappings", what::act, nullptr, act_drop_mapping},
        {"POST", "/api/v1/fixed/seen", what::act, nullptr, act_put_away},
        {"PUT", "/api/v1/watchlists/{list}", what::act, nullptr, act_put_list},
        {"DELETE", "/api/v1/watchlists/{list}", what::act, nullptr, act_drop_list},
    };
    return all;
}

api::api(web_parts const& with, event_hub& events) : with_{with}, events_{events}
{
    for (auto const& r : routes())
        table_.add(r.method, r.pattern);
}

bool api::is_api(http_request const& rq) noexcept
{
    return !rq.parts.empty() && rq.parts.front() == "api";
}

awaitable<http_answer> api::answer(http_request rq, visitor who)
{
    auto const found = table_.find(rq.method, rq.parts);
    if (found.status == 404)
        co_return problem(
            404, fmt::format("there is nothing at {}; /api/v1/openapi.json says what there is", rq.path));
    if (found.status == 405) {
        auto out = problem(405, fmt::format("{} takes {}", rq.path, found.allow));
        out.headers.emplace_back("Allow", found.allow);
        co_return out;
    }
    auto const& to = routes()[found.index];
    std::vector<std::string> names;
    for (auto const& [name, value] : found.match.captured)
        names.push_back(value);
    switch (to.kind) {
    case route::what::question:
        if (to.is_dear && !who.may_operate)
            co_return refused(who);
        co_return co_await read(to, std::move(rq), std::move(names));
    case route::what::act: co_return co_await carry_out(to, std::move(rq), std::move(names), std::move(who));
    case route::what::stream: co_return stream(rq);
    case route::what::document: {
        auto const* const document = find_asset("openapi.json");
        http_answer out{.body = std::string{document->text}};
        out.headers = {
            {"Content-Type", "application/json"},
            {"ETag", fmt::format("\"{}\"", document->hash)},
            {"Cache-Control", "no-cache"}};
        co_return out;
    }
    case route::what::status: break;
    }
    auto const now = with_.time.now();
    auto said = co_await status();
    if (!said)
        co_return problem_of(said.error());
    co_return answer_of(std::move(*said), now);
}

awaitable<http_answer> api::read(route const& to, http_request rq, std::vector<std::string> names)
{
    if (auto busy = too_busy(with_))
        co_return std::move(*busy);
    common_knowledge known{
        .of_kinds = with_.lore_now(), .counted = with_.counted.last(), .now = with_.time.now()};
    auto const now = known.now;
    serve::ask const asked{.rq = rq, .names = names, .known = std::move(known)};
    auto wanted = to.ask(asked);
    if (!wanted)
        co_return problem_of(wanted.error());
    auto found = co_await with_.reader.run(std::move(*wanted));
    if (!found)
        co_return problem_of(found.error());
    if (to.ask == ask_tracker) {
        no_progress unheard;
        control_request request = limits_call{.tracker = names.front()};
        auto limits = co_await with_.commands.handle(std::move(request), "", unheard);
        (*found)["limits"] = nullptr;
        if (limits)
            (*found)["limits"] = std::move(*limits);
    }
    co_return answer_of(std::move(*found), now);
}

awaitable<http_answer>
api::carry_out(route const& to, http_request rq, std::vector<std::string> names, visitor who)
{
    if (!who.may_operate)
        co_return refused(who);
    serve::act wanted{
        .with = with_, .rq = std::move(rq), .names = std::move(names), .actor = std::move(who.actor)};
    auto done = co_await to.act(std::move(wanted));
    if (!done)
        co_return problem_of(done.error());
    done->body["at"] = format_time(with_.time.now());
    http_answer out{.status = done->status};
    out.headers = {{"Content-Type", "application/json"}};
    out.body = json::serialize(done->body) + "\n";
    co_return out;
}

// How the watching goes: what the engine says now, and what is stored of it.
awaitable<result<json::object>> api::status()
{
    no_progress unheard;
    control_request request = status_call{};
    auto live = co_await with_.commands.handle(std::move(request), "", unheard);
    if (!live)
        co_return live.error();
    auto question = [known = with_.lore_now()](storage::reader const& in) {
        json::object out;
        json::array failing;
        for (auto const& one : in.sinks())
            if (one.failing_since && known->has_sink(one.name))
                failing.emplace_back(one.name);
        out["failing_sinks"] = std::move(failing);
        json::array incidents;
        for (auto const& i : in.incidents(incidents_shown))
            incidents.push_back(json_of(i));
        out["incidents"] = std::move(incidents);
        out["last_change"] = in.last_change();
        if (auto const engine = in.engine()) {
            out["version"] = engine->version;
            out["started_at"] = format_time(engine->started_at);
            out["committed_at"] = time_or_null(engine->committed_at);
        }
        return out;
    };
    auto out = co_await with_.reader.run(std::move(question));
    if (!out)
        co_return out.error();
    (*out)["live"] = std::move(*live);
    auto const counted = with_.counted.last();
    (*out)["counted_at"] = counted ? json::value(format_time(counted->at)) : json::value(nullptr);
    if (counted) {
        json::object sum{{"bugs", 0}, {"due", 0}, {"failing", 0}, {"never_checked", 0}};
        for (auto const& c : counted->trackers) {
            sum["bugs"].as_int64() += c.bugs;
            sum["due"].as_int64() += c.due;
            sum["failing"].as_int64() += c.failing;
            sum["never_checked"].as_int64() += c.never_checked;
        }
        (*out)["counts"] = std::move(sum);
    }
    co_return std::move(*out);
}

http_answer api::stream(http_request const& rq)
{
    arguments in{rq};
    auto last = in.text("last_event_id").value_or("");
    if (auto const told = rq.header("Last-Event-ID"); !told.empty())
        last = told;
    event_filter filter{.tracker = in.text("tracker").value_or("")};
    if (auto const bug = in.number("bug"))
        filter.bug = static_cast<storage::bug_id>(*bug);
    for (auto const kind : {change_event, check_event, pass_began_event, pass_ended_event})
        if (in.flag(kind))
            filter.kinds.emplace_back(kind);
    if (auto const good = in.finish(); !good)
        return problem_of(good.error());
    return events_.answer(std::move(last), std::move(filter));
}

} // namespace checkwatches::serve
