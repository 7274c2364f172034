#include "adapters/registry.hpp"
#include "engine/app/commands.hpp"
#include "engine/app/find_tracker.hpp"
#include "engine/app/json_lines.hpp"
#include "engine/app/known_kinds.hpp"
#include "engine/app/stored_words.hpp"
#include "engine/app/table.hpp"
#include "engine/check/settle.hpp"
#include "engine/core/numbers.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <fmt/format.h>

namespace checkwatches::app {
namespace {

namespace json = boost::json;

// A change as it would be made, on one line.
void print(storage::change const& what, std::string const& url, bool as_json)
{
    if (as_json) {
        json::object const out{
            {"url", url},
            {"field", what.field},
            {"words", what.remote_after.value_or("")},
            {"old", what.before ? json::value(*what.before) : json::value(nullptr)},
            {"new", what.after.value_or("")}};
        fmt::print("{}\n", json::serialize(out));
        return;
    }
    fmt::print(
        "{}\n",
        one_line(fmt::format(
            "{}  {}: {} → {} ({})",
            url,
            what.field,
            what.before.value_or("-"),
            what.after.value_or("-"),
            what.remote_after.value_or(""))));
}

} // namespace

exit_code run_map_test(global_options const& global, config const& conf, map_test_options const& options)
{
    auto const reader = storage::reader::open(global.database);
    if (!reader)
        return fail(reader.error());
    auto const tracker = find_tracker_named(**reader, options.tracker);
    if (!tracker)
        return fail(tracker.error());
    auto const kinds = load_kinds(conf).all;
    auto const* const kind = kinds.find(tracker->kind);
    if (kind == nullptr)
        return fail({.kind = error_kind::usage, .message = "no adapter for kind " + tracker->kind});
    auto const says = meanings_now(**reader, conf);
    check::interpreter const words{*kind, check::overrides_of(says, options.tracker)};
    auto const means = words.of(options.words);
    if (options.json) {
        json::array unknown;
        for (auto const& word : means.unmapped)
            unknown.push_back(json::object{{"field", word.field}, {"word", word.word}});
        auto const text = [](auto const& word) {
            return word ? json::value(json::string{title(*word)}) : json::value(nullptr);
        };
        json::object const out{
            {"status", text(means.state)},
            {"importance", text(means.weight)},
            {"unmapped", std::move(unknown)}};
        fmt::print("{}\n", json::serialize(out));
        return exit_code::done;
    }
    fmt::print("status      {}\n", means.state ? title(*means.state) : "-");
    fmt::print("importance  {}\n", means.weight ? title(*means.weight) : "-");
    for (auto const& word : means.unmapped)
        fmt::print("unknown     {} \"{}\"\n", word.field, one_line(word.word));
    return exit_code::done;
}

exit_code run_map_replay(global_options const& global, config const& conf, map_replay_options const& options)
{
    auto const reader = storage::reader::open(global.database);
    if (!reader)
        return fail(reader.error());
    if (auto const known = check_names(**reader, options.trackers); !known)
        return fail(known.error());
    auto const kinds = load_kinds(conf).all;
    std::size_t bugs = 0;
    std::size_t changes = 0;
    auto const visit = [&](storage::shown_bug const& shown, verdict const& means) {
        ++bugs;
        auto const url = url_of(kinds, shown.kind, shown.base_url, shown.bug.remote_id);
        for (auto const& what : check::remapped(shown.bug, means, utc_now())) {
            print(what, url, options.json);
            ++changes;
        }
    };
    each_meaning(**reader, kinds, meanings_now(**reader, conf), options.trackers, visit);
    if (!options.json)
        fmt::print(
            "{} of {}; each is made when its bug is checked next, at once by `check --force --tracker "
            "NAME`\n",
            counted(changes, "change"),
            counted(bugs, "bug"));
    return exit_code::done;
}

} // namespace checkwatches::app
