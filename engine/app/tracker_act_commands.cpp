#include "engine/app/commands.hpp"
#include "engine/app/find_tracker.hpp"
#include "engine/app/instruct.hpp"
#include "engine/app/table.hpp"
#include "engine/serve/web/tracker_view.hpp"

#include <boost/json/serialize.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace checkwatches::app {
namespace {

namespace json = boost::json;

// The tracker as it stands in the database, which is not made for asking.
result<storage::tracker> look_up(global_options const& global, std::string const& name)
{
    auto const reader = storage::reader::open(global.database);
    if (!reader)
        return reader.error();
    return find_tracker_named(**reader, name);
}

// Has it done, and says on one line that it is.
exit_code
act(global_options const& global,
    config const& conf,
    std::string const& tracker,
    serve::control_request const& request,
    std::string const& done)
{
    if (auto const known = look_up(global, tracker); !known)
        return fail(known.error());
    if (auto const answer = instruct(global, conf, request); !answer)
        return fail(answer.error());
    fmt::print("{}\n", one_line(done));
    return exit_code::done;
}

std::string text_of(json::object const& in, std::string_view key)
{
    auto const* const value = in.if_contains(key);
    return value != nullptr && value->is_string() ? std::string{value->get_string()} : std::string{};
}

std::string identity_of(json::object const& answer)
{
    auto const identity = text_of(answer, "identity");
    return identity.empty() ? "anonymous" : identity;
}

} // namespace

exit_code
run_tracker_probe(global_options const& global, config const& conf, tracker_probe_options const& options)
{
    auto const tracker = look_up(global, options.tracker);
    if (!tracker)
        return fail(tracker.error());
    auto const answer = instruct(global, conf, serve::probe_call{.tracker = options.tracker});
    if (!answer)
        return fail(answer.error());
    if (options.json) {
        json::object out{{"tracker", tracker->name}, {"kind", tracker->kind}};
        out.insert(answer->begin(), answer->end());
        fmt::print("{}\n", json::serialize(out));
        return exit_code::done;
    }
    auto const version = text_of(*answer, "version");
    auto const line = fmt::format(
        "{}: {}{}, asked by {} as {}",
        tracker->name,
        tracker->kind,
        version.empty() ? "" : " version " + version,
        text_of(*answer, "protocol"),
        identity_of(*answer));
    fmt::print("{}\n", one_line(line));
    return exit_code::done;
}

exit_code
run_tracker_login(global_options const& global, config const& conf, tracker_login_options const& options)
{
    auto const tracker = look_up(global, options.tracker);
    if (!tracker)
        return fail(tracker.error());
    auto const host = serve::host_of(tracker->base_url, tracker->api_url);
    auto const& known = conf.engine.pass.credentials;
    if (std::ranges::find(known, host, &credential::origin) == known.end())
        return fail(
            {.kind = error_kind::configuration,
             .message = fmt::format(
                 "the configuration has no credential for {}: a [[credential]] with that origin is needed",
                 host)});
    auto const answer = instruct(global, conf, serve::probe_call{.tracker = options.tracker});
    if (!answer)
        return fail(answer.error());
    auto const identity = text_of(*answer, "identity");
    if (options.json)
        fmt::print(
            "{}\n",
            json::serialize(json::object{
                {"tracker", tracker->name},
                {"origin", host},
                {"identity", identity.empty() ? json::value(nullptr) : json::value(identity)}}));
    if (identity.empty())
        return fail(
            {.kind = error_kind::auth_failed,
             .message = fmt::format("the credential for {} proved nothing: we are anonymous there", host)});
    if (!options.json)
        fmt::print("{}\n", one_line(fmt::format("{}: logged in as {}", tracker->name, identity)));
    return exit_code::done;
}

exit_code
run_tracker_pause(global_options const& global, config const& conf, tracker_pause_options const& options)
{
    return act(
        global,
        conf,
        options.tracker,
        serve::pause_call{.tracker = options.tracker, .note = options.note},
        fmt::format(
            "{} is paused; `checkwatches tracker resume {}` ends that", options.tracker, options.tracker));
}

exit_code
run_tracker_resume(global_options const& global, config const& conf, tracker_resume_options const& options)
{
    return act(
        global,
        conf,
        options.tracker,
        serve::resume_call{.tracker = options.tracker},
        options.tracker + " is asked again");
}

exit_code
run_tracker_reset(global_options const& global, config const& conf, tracker_reset_options const& options)
{
    return act(
        global,
        conf,
        options.tracker,
        serve::reset_call{.tracker = options.tracker},
        options.tracker + ": its failures are forgotten, and what failed is due now");
}

exit_code
run_tracker_set(global_options const& global, config const& conf, tracker_set_options const& options)
{
    auto const reader = storage::reader::open(global.database);
    if (!reader)
        return fail(reader.error());
    auto const tracker = find_tracker_named(**reader, options.tracker);
    if (!tracker)
        return fail(tracker.error());
    auto settings = (*reader)->state_of(tracker->id).settings;
    for (auto const& change : options.settings) {
        auto changed = with_setting(settings, change);
        if (!changed)
            return fail(changed.error());
        settings = *changed;
    }
    std::string now;
    for (auto const& [key, value] : settings_in_words(settings))
        now += fmt::format(" {}={}", key, value);
    return act(
        global,
        conf,
        options.tracker,
        serve::configure_call{.tracker = options.tracker, .settings = settings},
        fmt::format("{}:{}", options.tracker, now.empty() ? " as the configuration says" : now));
}

} // namespace checkwatches::app
