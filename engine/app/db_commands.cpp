#include "engine/app/commands.hpp"
#include "engine/app/table.hpp"
#include "engine/core/numbers.hpp"
#include "storage/upkeep.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <fmt/format.h>

#include <filesystem>

namespace checkwatches::app {
namespace {

namespace json = boost::json;

std::string bytes(std::uintmax_t count)
{
    return counted(static_cast<std::size_t>(count), "byte");
}

} // namespace

exit_code run_db_check(global_options const& global, config const&, db_check_options const& options)
{
    auto const problems = storage::check_database(global.database);
    if (!problems)
        return fail(problems.error());
    if (options.json) {
        json::object const out{
            {"database", global.database}, {"problems", json::array(problems->begin(), problems->end())}};
        fmt::print("{}\n", json::serialize(out));
    }
    else if (problems->empty()) {
        fmt::print("{} is sound\n", global.database);
    }
    else {
        for (auto const& problem : *problems)
            fmt::print("{}\n", one_line(problem));
    }
    return problems->empty() ? exit_code::done : exit_code::some_failed;
}

exit_code run_db_backup(global_options const& global, config const&, db_backup_options const& options)
{
    if (auto const made = storage::back_up(global.database, options.file); !made)
        return fail(made.error());
    std::error_code unknown;
    auto const size = std::filesystem::file_size(options.file, unknown);
    if (options.json) {
        json::object const out{
            {"database", global.database},
            {"copy", options.file},
            {"bytes", unknown ? json::value(nullptr) : json::value(size)}};
        fmt::print("{}\n", json::serialize(out));
    }
    else {
        fmt::print("copied to {}{}\n", options.file, unknown ? "" : ", " + bytes(size));
    }
    return exit_code::done;
}

exit_code run_db_compact(global_options const& global, config const&, db_compact_options const& options)
{
    auto const done = storage::compact(global.database);
    if (!done)
        return fail(done.error());
    if (options.json) {
        json::object const out{
            {"database", global.database}, {"bytes_before", done->before}, {"bytes_after", done->after}};
        fmt::print("{}\n", json::serialize(out));
    }
    else {
        fmt::print("{}: {} before, {} now\n", global.database, bytes(done->before), bytes(done->after));
    }
    return exit_code::done;
}

} // namespace checkwatches::app
