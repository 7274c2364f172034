#include "engine/app/commands.hpp"
#include "engine/app/known_kinds.hpp"
#include "engine/app/list_faults.hpp"
#include "engine/core/numbers.hpp"
#include "engine/intake/lists/list_folder.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <fmt/format.h>

#include <filesystem>

namespace checkwatches::app {
namespace {

struct totals {
    std::int64_t lists = 0;
    std::int64_t entries = 0;
    std::int64_t faults = 0;
    std::int64_t ignored = 0;
};

// The lists at a path: those of a folder, or the one that it is.
result<std::vector<intake::found_list>> lists_at(std::string const& path)
{
    std::error_code ignored;
    if (std::filesystem::is_directory(path, ignored))
        return intake::look_into(path);
    return std::vector{intake::found_list{.name = path, .path = path}};
}

void check_one(intake::found_list const& file, adapters::registry const& kinds, bool as_json, totals& sum)
{
    ++sum.lists;
    auto const complain = [&](intake::list_fault const& fault) {
        ++sum.faults;
        print_fault(file.path, fault, as_json);
    };
    if (!file.trouble.empty())
        return complain({.reason = file.trouble});
    auto const held = intake::read_text(file);
    if (held.is_gone)
        return complain({.reason = "there is no such file"});
    if (!held.trouble.empty())
        return complain({.reason = held.trouble});
    auto list = intake::read_list(held.text, intake::format_of(file.path));
    if (list.broken)
        return complain(*list.broken);
    intake::check_addresses(list, kinds);
    for (auto const& fault : faults_of(list))
        complain(fault);
    sum.entries += static_cast<std::int64_t>(list.entries.size());
    sum.ignored += list.ignored;
}

} // namespace

exit_code
run_watchlist_check(global_options const&, config const& conf, watchlist_check_options const& options)
{
    auto const known = load_kinds(conf);
    print_bad_descriptions(known);
    totals sum;
    for (auto const& path : options.paths) {
        auto const found = lists_at(path);
        if (!found) {
            ++sum.faults;
            fail(found.error());
            continue;
        }
        for (auto const& file : *found)
            check_one(file, known.all, options.json, sum);
    }
    if (options.json)
        fmt::print(
            "{}\n",
            boost::json::serialize(boost::json::object{
                {"lists", sum.lists},
                {"entries", sum.entries},
                {"faults", sum.faults},
                {"ignored", sum.ignored}}));
    else
        fmt::print(
            "{}, {}, {}{}\n",
            counted(static_cast<std::size_t>(sum.lists), "list"),
            sum.entries == 1 ? "1 entry"
                             : fmt::format("{} entries", grouped(static_cast<std::size_t>(sum.entries))),
            counted(static_cast<std::size_t>(sum.faults), "fault"),
            ignored_words(sum.ignored));
    return sum.faults == 0 ? exit_code::done : exit_code::some_failed;
}

} // namespace checkwatches::app
