#include "engine/app/commands.hpp"
#include "engine/app/known_kinds.hpp"
#include "engine/app/table.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <fmt/format.h>

namespace checkwatches::app {
namespace {

std::string json_of(adapters::adapter const& kind)
{
    auto const can = kind.features();
    boost::json::object const out{
        {"kind", kind.kind()},
        {"addresses", can.addresses},
        {"batch", can.batch},
        {"changed_since", can.changed_since},
        {"importance", can.importance},
        {"comments", can.comments},
        {"login", can.login},
        {"polled", can.polled}};
    return boost::json::serialize(out);
}

std::string yes_or_no(bool yes)
{
    return yes ? "yes" : "-";
}

std::vector<std::string> row_of(adapters::adapter const& kind)
{
    auto const can = kind.features();
    return {
        std::string{kind.kind()},
        can.polled ? fmt::format("{}", can.batch) : "never asked",
        yes_or_no(can.changed_since),
        yes_or_no(can.importance),
        yes_or_no(can.comments),
        can.login.empty() ? "-" : std::string{can.login},
        std::string{can.addresses}};
}

} // namespace

exit_code run_tracker_kinds(global_options const&, config const& conf, tracker_kinds_options const& options)
{
    auto const kinds = load_kinds(conf);
    table shown{{"KIND", "IDS A REQUEST", "CHANGED SINCE", "IMPORTANCE", "COMMENTS", "LOGIN", "ADDRESSES"}};
    for (auto const& kind : kinds.all.all()) {
        if (options.json)
            fmt::print("{}\n", json_of(*kind));
        else
            shown.add(row_of(*kind));
    }
    if (!options.json)
        fmt::print("{}", shown.text(terminal_width()));
    if (options.json)
        for (auto const& one : kinds.bad)
            fmt::print(
                "{}\n", boost::json::serialize(boost::json::object{{"file", one.file}, {"error", one.why}}));
    print_bad_descriptions(kinds);
    return kinds.bad.empty() ? exit_code::done : exit_code::some_failed;
}

} // namespace checkwatches::app
