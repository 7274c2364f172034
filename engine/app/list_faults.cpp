#include "engine/app/list_faults.hpp"

#include "engine/app/table.hpp"
#include "engine/core/numbers.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <fmt/format.h>

namespace checkwatches::app {

std::vector<intake::list_fault> faults_of(intake::list_reading const& list)
{
    std::vector<intake::list_fault> out;
    for (auto const& entry : list.entries)
        if (entry.state == storage::entry_state::bad)
            out.push_back({.line = entry.line, .column = entry.column, .reason = entry.reason});
    return out;
}

void print_fault(std::string const& file, intake::list_fault const& fault, bool as_json)
{
    if (as_json) {
        boost::json::object out{
            {"file", file}, {"line", nullptr}, {"column", nullptr}, {"reason", fault.reason}};
        if (fault.line != 0) {
            out["line"] = fault.line;
            out["column"] = fault.column;
        }
        fmt::print("{}\n", boost::json::serialize(out));
        return;
    }
    auto const place = fault.line == 0 ? std::string{} : fmt::format(":{}:{}", fault.line, fault.column);
    fmt::print("{}\n", one_line(fmt::format("{}{}: {}", file, place, fault.reason)));
}

std::string ignored_words(std::int64_t keys)
{
    if (keys == 0)
        return {};
    return fmt::format(
        "; {} that {} nothing here (vcs, revspec, source)",
        counted(static_cast<std::size_t>(keys), "key"),
        keys == 1 ? "means" : "mean");
}

} // namespace checkwatches::app
