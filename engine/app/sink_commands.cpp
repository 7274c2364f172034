#include "engine/app/commands.hpp"
#include "engine/app/instruct.hpp"
#include "engine/app/spans.hpp"
#include "engine/app/table.hpp"
#include "engine/core/numbers.hpp"
#include "engine/serve/api/json_of.hpp"
#include "engine/serve/web/sink_view.hpp"
#include "storage/reader.hpp"

#include <boost/json/serialize.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace checkwatches::app {
namespace {

namespace json = boost::json;

std::string state_of(serve::sink_view const& one)
{
    if (!one.is_configured)
        return "not in the configuration";
    if (one.is_failing())
        return one.stands.trouble;
    return one.behind == 0 ? "has everything" : "behind";
}

void print(std::vector<serve::sink_view> const& all, utc_time now)
{
    table shown{{"NAME", "KIND", "BEHIND", "OLDEST", "DELIVERED", "PARKED", "STATE"}};
    for (auto const& one : all)
        shown.add(
            {one.stands.name,
             one.stands.kind,
             grouped(static_cast<std::size_t>(one.behind)),
             one.oldest ? age_of(one.oldest, now) : "",
             grouped(static_cast<std::size_t>(one.stands.delivered)),
             grouped(one.parked_count),
             state_of(one)});
    if (shown.empty())
        fmt::print("No sink was served yet; [[webhook]], [[amqp]], [[messages_file]] and [[digest]] in the "
                   "configuration are some.\n");
    else
        fmt::print("{}", shown.text(terminal_width()));
    for (auto const& one : all)
        for (auto const& parked : one.parked)
            fmt::print(
                "{}\n",
                one_line(fmt::format(
                    "{}: {} {} is parked since {}: {}",
                    parked.sink,
                    parked.is_check ? "check" : "change",
                    parked.id,
                    format_time(parked.at),
                    parked.why)));
}

// Has it done by whoever serves the sinks.
exit_code
act(global_options const& global,
    config const& conf,
    serve::control_request const& request,
    std::string const& done)
{
    if (auto const reader = storage::reader::open(global.database); !reader)
        return fail(reader.error());
    if (auto const answer = instruct(global, conf, request); !answer)
        return fail(answer.error());
    fmt::print("{}\n", one_line(done));
    return exit_code::done;
}

} // namespace

exit_code run_sink_list(global_options const& global, config const& conf, sink_list_options const& options)
{
    auto const reader = storage::reader::open(global.database);
    if (!reader)
        return fail(reader.error());
    auto const names = names_of_sinks(conf);
    auto const all = serve::sinks_of(
        **reader, [&](auto const& name) { return std::ranges::find(names, name) != names.end(); });
    if (options.json)
        for (auto const& one : all)
            fmt::print("{}\n", json::serialize(serve::json_of(one)));
    else
        print(all, utc_now());
    return exit_code::done;
}

exit_code run_sink_test(global_options const& global, config const& conf, sink_test_options const& options)
{
    if (auto const reader = storage::reader::open(global.database); !reader)
        return fail(reader.error());
    auto const answer = instruct(global, conf, serve::sink_test_call{.sink = options.name});
    if (!answer)
        return fail(answer.error());
    auto const* const said = answer->if_contains("answer");
    auto const text = said != nullptr && said->is_string() ? std::string{said->get_string()} : std::string{};
    fmt::print("{}\n", one_line(fmt::format("{} took the test: {}", options.name, text)));
    return exit_code::done;
}

exit_code run_sink_retry(global_options const& global, config const& conf, sink_retry_options const& options)
{
    if (auto const reader = storage::reader::open(global.database); !reader)
        return fail(reader.error());
    auto const answer = instruct(
        global, conf, serve::sink_retry_call{.sink = options.name, .id = options.id});
    if (!answer)
        return fail(answer.error());
    auto const* const events = answer->if_contains("events");
    auto const n = events != nullptr && events->is_int64() ? events->get_int64() : 0;
    fmt::print(
        "{}\n",
        one_line(fmt::format(
            "{} is tried again, with {} that had been parked",
            options.name,
            counted(static_cast<std::size_t>(n), "event"))));
    return exit_code::done;
}

exit_code run_sink_skip(global_options const& global, config const& conf, sink_skip_options const& options)
{
    return act(
        global,
        conf,
        serve::sink_skip_call{.sink = options.name},
        options.name + " goes on; what it does not take is parked");
}

exit_code run_sink_drop(global_options const& global, config const& conf, sink_drop_options const& options)
{
    return act(global, conf, serve::sink_drop_call{.sink = options.name}, options.name + " is forgotten");
}

} // namespace checkwatches::app
