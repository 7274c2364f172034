#include "engine/serve/api/api.hpp"

#include "engine/serve/api/acts.hpp"
#include "engine/serve/api/json_of.hpp"
#include "engine/serve/api/questions.hpp"
#include "engine/serve/http/problem.hpp"
#include "engine/serve/pages/assets.hpp"
#include "engine/serve/web/background_check.hpp"
#include "engine/serve/web/secrets.hpp"

#include <boost/json/serialize.hpp>

#include <fmt/format.h>

#include <array>

namespace checkwatches::serve {
namespace {

namespace json = boost::json;

constexpr std::size_t parts_of_the_root = 2; // "api", "v1"
constexpr std::int64_t incidents_shown = 20;

unsigned status_of(error const& e)
{
    switch (e.kind) {
    case error_kind::usage: return 400;
    case error_kind::not_found: return 404;
    case error_kind::unsupported: return 422;
    case error_kind::deferred:
    case error_kind::configuration:
    case error_kind::storage: return 503;
    case error_kind::rate_limited: return 429;
    case error_kind::timeout: return 504;
    default: return 502; // what a tracker, or the way to it, did
    }
}

http_answer problem_of(error const& e)
{
    auto out = problem(
        status_of(e),
        e.kind == error_kind::usage || e.kind == error_kind::not_found ? e.message : to_string(e));
    if (e.retry_after)
        out.headers.emplace_back("Retry-After", fmt::format("{}", e.retry_after->count()));
    return out;
}

// An answer with a tag of what it says, but for the time at which it was asked.
http_answer answer_of(json::object body, utc_time now)
{
    auto const tag = sha256_of(json::serialize(body)).substr(0, 32);
    body["at"] = format_time(now);
    http_answer out;
    out.headers = {
        {"Content-Type", "application/json"},
        {"ETag", fmt::format("W/\"{}\"", tag)},
        {"Cache-Control", "no-cache"}};
    out.body = json::serialize(body) + "\n";
    return out;
}

} // namespace

struct api::route {
    enum class what { question, act, status, stream, document };
    std::string_view method{};
    std::array<std::string_view, 3> parts{}; // behind the root; "*" is any one
    what kind{};
    result<question> (*ask)(serve::ask const&) = nullptr;
    act_answer (*act)(serve::act) = nullptr;
};

bool api::is_api(http_request const& rq) noexcept
{
    return !rq.parts.empty() && rq.parts.front() == "api";
}

api::route const* api::find(http_request const& rq, std::vector<std::string>& names, std::string& allowed)
{
    using what = route::what;
    static constexpr std::array all{
        route{"GET", {"openapi.json"}, what::document},
        route{"GET", {"status"}, what::status},
        route{"GET", {"events"}, what::stream},
        route{"GET", {"trackers"}, what::question, ask_trackers},
        route{"GET", {"trackers", "*"}, what::question, ask_tracker},
        route{"GET", {"trackers", "*", "days"}, what::question, ask_days},
        route{"GET", {"bugs"}, what::question, ask_bugs},
        route{"GET", {"bugs", "*"}, what::question, ask_bug},
        route{"GET", {"bugs", "*", "comments"}, what::question, ask_comments},
        route{"GET", {"checks"}, what::question, ask_checks},
        route{"GET", {"watches"}, what::question, ask_watches},
        route{"GET", {"watches", "groups"}, what::question, ask_watch_groups},
        route{"GET", {"changes"}, what::question, ask_changes},
        route{"GET", {"signatures"}, what::question, ask_signatures},
        route{"GET", {"incidents"}, what::question, ask_incidents},
        route{"GET", {"passes"}, what::question, ask_passes},
        route{"GET", {"queue"}, what::question, ask_queue},
        route{"GET", {"mappings"}, what::question, ask_mappings},
        route{"GET", {"mappings", "preview"}, what::question, ask_preview},
        route{"GET", {"fixed"}, what::question, ask_fixed},
        route{"POST", {"watches"}, what::act, nullptr, act_add_watch},
        route{"DELETE", {"watches"}, what::act, nullptr, act_remove_watch},
        route{"POST", {"bugs", "*", "check"}, what::act, nullptr, act_check_bug},
        route{"POST", {"trackers", "*", "check"}, what::act, nullptr, act_check_tracker},
        route{"POST", {"trackers", "*", "probe"}, what::act, nullptr, act_probe},
        route{"POST", {"trackers", "*", "pause"}, what::act, nullptr, act_pause},
        route{"POST", {"trackers", "*", "resume"}, what::act, nullptr, act_resume},
        route{"POST", {"trackers", "*", "reset"}, what::act, nullptr, act_reset},
        route{"PATCH", {"trackers", "*", "settings"}, what::act, nullptr, act_configure},
        route{"PUT", {"mappings"}, what::act, nullptr, act_put_mapping},
        route{"DELETE", {"mappings"}, what::act, nullptr, act_drop_mapping},
        route{"POST", {"fixed", "seen"}, what::act, nullptr, act_put_away}};

    auto const fits = [&](route const& r) {
        std::size_t i = 0;
        for (; i != r.parts.size() && !r.parts[i].empty(); ++i) {
            auto const at = i + parts_of_the_root;
            if (at >= rq.parts.size() || (r.parts[i] != "*" && r.parts[i] != rq.parts[at]))
                return false;
        }
        return i + parts_of_the_root == rq.parts.size();
    };
    if (rq.parts.size() <= parts_of_the_root || rq.parts[1] != "v1")
        return nullptr;
    for (auto const& r : all) {
        if (!fits(r))
            continue;
        if (r.method != rq.method) {
            allowed += (allowed.empty() ? "" : ", ") + std::string{r.method};
            continue;
        }
        for (std::size_t i = 0; i != r.parts.size(); ++i)
            if (r.parts[i] == "*")
                names.push_back(rq.parts[i + parts_of_the_root]);
        return &r;
    }
    return nullptr;
}

awaitable<http_answer> api::answer(http_request rq, visitor who)
{
    std::vector<std::string> names;
    std::string allowed;
    auto const* const to = find(rq, names, allowed);
    if (to == nullptr && allowed.empty())
        co_return problem(
            404, fmt::format("there is nothing at {}; /api/v1/openapi.json says what there is", rq.path));
    if (to == nullptr) {
        auto out = problem(405, fmt::format("{} takes {}", rq.path, allowed));
        out.headers.emplace_back("Allow", allowed);
        co_return out;
    }
    switch (to->kind) {
    case route::what::question: co_return co_await read(*to, std::move(rq), std::move(names));
    case route::what::act: co_return co_await carry_out(*to, std::move(rq), std::move(names), std::move(who));
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
    co_return answer_of(std::move(*found), now);
}

awaitable<http_answer>
api::carry_out(route const& to, http_request rq, std::vector<std::string> names, visitor who)
{
    if (!who.may_operate) {
        bool const is_known = !who.actor.empty();
        auto out = problem(
            is_known ? 403 : 401,
            is_known ? "this token may read only; `checkwatches token add NAME --right operate` makes one "
                       "that may more"
                     : "a token is needed: Authorization: Bearer …; `checkwatches token add NAME --right "
                       "operate` makes one");
        if (!is_known)
            out.headers.emplace_back("WWW-Authenticate", "Bearer");
        co_return out;
    }
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
    auto question = [](storage::reader const& in) {
        json::object out;
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
    std::string last{rq.header("Last-Event-ID")};
    if (last.empty())
        last = rq.argument("last_event_id");
    http_answer out;
    out.headers = {{"Content-Type", "text/event-stream"}};
    out.stream = [this, last = std::move(last)](http_stream& to) { return events_.stream(to, last); };
    return out;
}

} // namespace checkwatches::serve
