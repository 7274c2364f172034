#include "adapters/described.hpp"
#include "engine/app/commands.hpp"
#include "engine/app/known_kinds.hpp"
#include "engine/app/network.hpp"
#include "engine/app/run_loop.hpp"
#include "engine/app/table.hpp"
#include "engine/core/importance.hpp"
#include "engine/core/status.hpp"
#include "engine/remote/bound_remote.hpp"
#include "engine/serve/api/json_of.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/json/serialize.hpp>

#include <fmt/format.h>

namespace checkwatches::app {
namespace {

namespace json = boost::json;

// What a description makes of one bug.
struct trial {
    capabilities can{};
    adapters::findings found{};
    std::size_t requests = 0;
};

awaitable<result<trial>> try_out(adapters::adapter const& kind, bound_remote& at, std::string id)
{
    auto can = co_await kind.probe(at);
    if (!can)
        co_return can.error();
    trial out{.can = std::move(*can)};
    std::vector<std::string> const ids{std::move(id)};
    out.found = co_await kind.look(at, out.can, ids);
    out.requests = at.requests();
    co_return out;
}

json::object json_of(adapters::adapter const& kind, adapters::bug_ref const& bug, trial const& got)
{
    json::object out{
        {"kind", kind.kind()},
        {"tracker", bug.base.text()},
        {"remote_id", bug.remote_id},
        {"url", kind.bug_url(bug.base, bug.remote_id).text()},
        {"version", serve::text_or_null(got.can.version)},
        {"identity", serve::text_or_null(got.can.identity)},
        {"requests", got.requests}};
    if (got.found.found.empty()) {
        out["outcome"] = nullptr;
        out["detail"] = got.found.trouble ? to_string(*got.found.trouble) : "";
        return out;
    }
    auto const& what = got.found.found.front().what;
    if (auto const* const gone = std::get_if<adapters::absence>(&what)) {
        out["outcome"] = word(gone->why);
        out["detail"] = gone->detail;
        return out;
    }
    auto const& seen = std::get<sighting>(what);
    auto const means = kind.interpret(seen.words);
    json::array unmapped;
    for (auto const& word : means.unmapped)
        unmapped.push_back(json::value(fmt::format("{}: {}", word.field, word.word)));
    out["outcome"] = word(outcome::seen);
    out["remote_status"] = remote_status(seen.words);
    out["remote_importance"] = serve::text_or_null(remote_importance(seen.words));
    out["labels"] = json::array(seen.words.labels.begin(), seen.words.labels.end());
    out["status"] = means.state ? json::value(title(*means.state)) : json::value(nullptr);
    out["importance"] = means.weight ? json::value(title(*means.weight)) : json::value(nullptr);
    out["unmapped"] = std::move(unmapped);
    out["title"] = serve::text_or_null(seen.title);
    out["product"] = serve::text_or_null(seen.product);
    out["modified"] = seen.modified ? json::value(format_time(*seen.modified)) : json::value(nullptr);
    out["duplicate_of"] = serve::text_or_null(seen.duplicate_of);
    return out;
}

// "status  New": each field of the result on a line.
void print_lines(json::object const& told)
{
    for (auto const& [key, value] : told) {
        auto const text = value.is_null()     ? "-"
                          : value.is_string() ? std::string{value.get_string()}
                                              : json::serialize(value);
        fmt::print("{:<18} {}\n", std::string_view{key}, one_line(text));
    }
}

} // namespace

exit_code run_tracker_try(global_options const&, config const& conf, tracker_try_options const& options)
{
    auto const text = read_description_file(options.file);
    if (!text)
        return fail(text.error());
    auto const made = adapters::make_described(*text, options.file);
    if (!made)
        return fail(made.error());
    auto const& kind = **made;
    auto const url = parse_url(options.url);
    if (!url)
        return fail(url.error());
    auto const bug = kind.recognise(*url);
    if (!bug)
        return fail(
            {.kind = error_kind::usage,
             .message = fmt::format(
                 "{} is no address of a {} bug: \"addresses\" begins with {}",
                 redacted(*url),
                 kind.kind(),
                 kind.features().addresses)});
    if (auto const id = kind.normalise(bug->remote_id); id != bug->remote_id)
        return fail(
            {.kind = error_kind::usage,
             .message = fmt::format("\"{}\" is no id of a {} bug", bug->remote_id, kind.kind())});
    auto to = bind_to(bug->base.text(), options.api, conf.engine.pass.credentials);
    if (!to)
        return fail(to.error());

    asio::io_context loop{1};
    auto const client = make_client(loop.get_executor(), conf);
    if (!client)
        return fail(client.error());
    bound_remote at{**client, std::move(*to)};
    auto const got = run_loop(loop, try_out(kind, at, bug->remote_id));
    if (!got)
        return fail(got.error());
    auto const told = json_of(kind, *bug, *got);
    if (options.json)
        fmt::print("{}\n", json::serialize(told));
    else
        print_lines(told);
    bool const is_good = told.at("outcome") == "seen" && told.at("unmapped").as_array().empty();
    return is_good ? exit_code::done : exit_code::some_failed;
}

} // namespace checkwatches::app
