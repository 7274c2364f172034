#include "engine/app/control_service.hpp"

#include "engine/app/engine_json.hpp"
#include "engine/app/tally_json.hpp"
#include "engine/app/tracker_options.hpp"
#include "engine/core/numbers.hpp"
#include "engine/serve/api/json_of.hpp"
#include "engine/serve/settings_patch.hpp"

#include <boost/json/monotonic_resource.hpp>

#include <fmt/format.h>

#include <array>

namespace checkwatches::app {
namespace {

namespace json = boost::json;

// Passes on what the engine tells of one check.
class teller final : public check::pass_observer {
public:
    explicit teller(serve::control_reply& to) : to_{to} {}

    void on_plan(std::size_t trackers, std::size_t bugs) override
    {
        to_.tell("plan", {{"trackers", trackers}, {"bugs", bugs}});
    }
    void on_batch(check::tracker_tally const& so_far) override
    {
        // There are as many as requests, and each is gone at once.
        std::array<unsigned char, 2048> room;
        json::monotonic_resource memory{room.data(), room.size()};
        to_.tell("batch", pack(so_far, &memory));
    }
    void on_tracker(check::tracker_tally const& done) override { to_.tell("tracker", pack(done)); }

private:
    serve::control_reply& to_;
};

check::pass_request request_of(serve::wanted_bugs what)
{
    return {.trackers = std::move(what.trackers), .bugs = std::move(what.bugs), .force = what.force};
}

std::optional<std::string> text_or_nothing(std::string text)
{
    return text.empty() ? std::nullopt : std::optional{std::move(text)};
}

// What a forced check is in the log.
storage::change deed_of(serve::wanted_bugs const& what, std::size_t bugs)
{
    storage::change out{.field = "check", .after = counted(bugs, "bug")};
    if (what.bugs.size() == 1)
        out.bug = what.bugs.front();
    return out;
}

std::string words_of(storage::tracker_settings const& settings)
{
    std::string out;
    for (auto const& [key, value] : settings_in_words(settings))
        out += fmt::format("{}{}={}", out.empty() ? "" : " ", key, value);
    return out.empty() ? "as the configuration says" : out;
}

} // namespace

control_service::answer
control_service::handle(serve::control_request what, std::string actor, serve::control_reply& to)
{
    caller const by{.actor = std::move(actor), .to = to};
    auto work = std::visit([&](auto& call) { return act(std::move(call), by); }, what);
    co_return co_await std::move(work);
}

control_service::answer
control_service::note(caller const& by, storage::change act, std::string tracker, json::object answer)
{
    act.at = host_.time().now();
    act.actor = by.actor;
    if (act.bug)
        act.from = storage::tracker_of(*act.bug);
    if (!act.from && !tracker.empty()) {
        auto question = [name = std::move(tracker)](storage::reader const& in) {
            return in.tracker_by_name(name);
        };
        auto const known = co_await host_.reader().run(std::move(question));
        if (!known)
            co_return known.error();
        if (*known)
            act.from = (*known)->id;
    }
    auto write = [act = std::move(act)](storage::store& to) { to.log_act(act); };
    auto const written = co_await host_.writer().run(std::move(write));
    if (!written)
        co_return written.error();
    if (sinks_ != nullptr)
        sinks_->changes_were_made();
    co_return answer;
}

control_service::answer control_service::act(serve::check_call call, caller const& by)
{
    json::object out;
    // Before it begins: it may take hours, and what it asks is asked in somebody's name.
    if (call.what.force) {
        auto const bugs = engine_.count(request_of(call.what));
        if (!bugs)
            co_return bugs.error();
        auto deed = deed_of(call.what, *bugs);
        auto tracker = call.what.trackers.size() == 1 ? call.what.trackers.front() : std::string{};
        auto const noted = co_await note(by, std::move(deed), std::move(tracker), out);
        if (!noted)
            co_return noted.error();
    }
    teller told{by.to};
    auto const done = co_await engine_.check(request_of(std::move(call.what)), told);
    if (!done)
        co_return done.error();
    out["elapsed_ms"] = done->elapsed.count();
    for (auto const& tally : done->trackers)
        co_await by.to.send("result", pack(tally));
    co_return out;
}

control_service::answer control_service::act(serve::cost_call call, caller const&)
{
    auto const cost = co_await engine_.cost(request_of(std::move(call.what)));
    if (!cost)
        co_return cost.error();
    co_return pack(*cost);
}

control_service::answer control_service::act(serve::status_call, caller const&)
{
    co_return pack(engine_.status());
}

control_service::answer control_service::act(serve::refresh_call call, caller const&)
{
    auto const done = co_await engine_.refresh(std::move(call.bugs));
    if (!done)
        co_return done.error();
    co_return json::object{};
}

control_service::answer control_service::act(serve::probe_call call, caller const& by)
{
    auto const found = co_await engine_.probe(call.tracker);
    if (!found && to_outcome(found.error().kind)) { // it was asked
        storage::change deed{.field = "probe", .after = std::string{word(found.error().kind)}};
        json::object nothing;
        auto const noted = co_await note(by, std::move(deed), std::move(call.tracker), std::move(nothing));
        if (!noted)
            co_return noted.error();
    }
    if (!found)
        co_return found.error();
    json::object out;
    out["protocol"] = found->can.protocol;
    out["version"] = found->can.version;
    out["identity"] = found->can.identity;
    out["probed_at"] = format_time(found->probed_at);
    storage::change deed{.field = "probe", .after = found->can.protocol};
    if (!found->can.version.empty())
        *deed.after += " " + found->can.version;
    co_return co_await note(by, std::move(deed), std::move(call.tracker), std::move(out));
}

control_service::answer control_service::act(serve::pause_call call, caller const& by)
{
    if (auto const good = serve::check_text("note", call.note, serve::text_lines::several); !good)
        co_return good.error();
    auto const done = co_await engine_.pause(call.tracker, call.note);
    if (!done)
        co_return done.error();
    storage::change deed{.field = "pause", .after = text_or_nothing(std::move(call.note))};
    json::object nothing;
    co_return co_await note(by, std::move(deed), std::move(call.tracker), std::move(nothing));
}

control_service::answer control_service::act(serve::resume_call call, caller const& by)
{
    auto const done = co_await engine_.resume(call.tracker);
    if (!done)
        co_return done.error();
    storage::change deed{.field = "resume"};
    json::object nothing;
    co_return co_await note(by, std::move(deed), std::move(call.tracker), std::move(nothing));
}

control_service::answer control_service::act(serve::reset_call call, caller const& by)
{
    auto const done = co_await engine_.reset(call.tracker);
    if (!done)
        co_return done.error();
    storage::change deed{.field = "reset"};
    json::object nothing;
    co_return co_await note(by, std::move(deed), std::move(call.tracker), std::move(nothing));
}

control_service::answer control_service::act(serve::configure_call call, caller const& by)
{
    if (auto const good = serve::check_settings(call.settings, call.only); !good)
        co_return good.error();
    auto change = [call](storage::tracker_settings& set) {
        serve::take_settings(set, call.settings, call.only);
    };
    auto const became = co_await engine_.configure(call.tracker, std::move(change));
    if (!became)
        co_return became.error();
    storage::change deed{.field = "settings", .after = words_of(*became)};
    co_return co_await note(by, std::move(deed), std::move(call.tracker), serve::json_of(*became));
}

control_service::answer control_service::act(serve::meaning_call call, caller const& by)
{
    if (auto const good = serve::check_text("key", call.key); !good)
        co_return good.error();
    auto const due = co_await engine_.set_meaning(call.tracker, call.field, call.key, call.means, by.actor);
    if (!due)
        co_return due.error();
    auto const means = call.means.empty() ? std::string{"what it did before"} : call.means;
    storage::change deed{
        .field = "meaning", .after = fmt::format("{} \"{}\" means {}", call.field, call.key, means)};
    json::object out;
    out["due"] = *due;
    co_return co_await note(by, std::move(deed), std::move(call.tracker), std::move(out));
}

} // namespace checkwatches::app
