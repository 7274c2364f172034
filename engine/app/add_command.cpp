#include "engine/app/bulk_add.hpp"
#include "engine/app/commands.hpp"
#include "engine/app/known_kinds.hpp"
#include "engine/app/table.hpp"
#include "engine/intake/intake.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iostream>
#include <utility>

namespace checkwatches::app {
namespace {

// The watches that standard input lists: one URL a line, what follows it is the label; blank lines and lines
// that start with # are passed over.
std::vector<intake::wanted_watch> read_list(std::istream& in, std::string const& label)
{
    std::vector<intake::wanted_watch> out;
    constexpr std::string_view blanks = " \t\r";
    for (std::string line; std::getline(in, line);) {
        std::string_view text = line;
        auto const start = text.find_first_not_of(blanks);
        if (start == std::string_view::npos || text[start] == '#')
            continue;
        text = text.substr(start, text.find_last_not_of(blanks) - start + 1);
        auto const end = std::min(text.find_first_of(blanks), text.size());
        auto const rest = text.find_first_not_of(blanks, end);
        std::string const own{rest == std::string_view::npos ? std::string_view{} : text.substr(rest)};
        out.push_back(
            {.url = std::string{text.substr(0, end)},
             .what = {.label = own.empty() ? label : own, .source = "list"}});
    }
    return out;
}

std::vector<intake::wanted_watch> wanted_by(add_options const& options)
{
    std::vector<intake::wanted_watch> out;
    for (auto const& url : options.urls) {
        if (url != "-") {
            out.push_back({.url = url, .what = {.label = options.label, .source = "typed"}});
            continue;
        }
        auto listed = read_list(std::cin, options.label);
        out.insert(out.end(), std::make_move_iterator(listed.begin()), std::make_move_iterator(listed.end()));
    }
    return out;
}

// Of each URL that names no bug of any kind, what is wrong with it.
std::vector<error> complaints_about(
    std::vector<intake::wanted_watch> const& wanted,
    adapters::registry const& kinds,
    std::string const& only_kind)
{
    std::vector<error> out;
    for (auto const& want : wanted) {
        auto const url = parse_link(want.url);
        auto const all = url ? intake::candidates(kinds, *url, only_kind) : url.error();
        if (!all)
            out.push_back(all.error());
    }
    return out;
}

std::string line_of(intake::added_watch const& added)
{
    auto const what = added.new_watch ? "watching" : "already watched";
    auto line = fmt::format("{}: {} {} at {}", what, added.tracker.kind, added.remote_id, added.tracker.name);
    if (added.malformed_id)
        line += fmt::format(
            " (no {} bug can have this id: it will be reported as invalid_id)", added.tracker.kind);
    return one_line(line);
}

} // namespace

exit_code run_add(global_options const& global, config const& conf, add_options const& options)
{
    auto const known = load_kinds(conf);
    auto const& kinds = known.all;
    print_bad_descriptions(known);
    auto wanted = wanted_by(options);
    if (wanted.empty())
        return fail(
            {.kind = error_kind::usage,
             .message = "standard input names no bug: one URL a line is expected"});
    // Before the database is made: a list of nothing but mistakes leaves no trace.
    if (auto const complaints = complaints_about(wanted, kinds, options.kind);
        complaints.size() == wanted.size()) {
        std::ranges::for_each(complaints, fail);
        return exit_code::usage;
    }
    bulk_addition const what{.watches = std::move(wanted), .only_kind = options.kind, .probe = options.probe};
    auto const done = add_in_bulk(global.database, conf, kinds, what);
    if (!done)
        return fail(done.error());
    exit_code code = exit_code::done;
    bool any = false;
    for (auto const& one : done->watches) {
        if (one) {
            any = true;
            fmt::print("{}\n", line_of(*one));
        }
        else {
            code = fail(one.error());
        }
    }
    // Where part was added, the rest failed; where nothing was, the command line was wrong.
    return code == exit_code::usage && any ? exit_code::some_failed : code;
}

} // namespace checkwatches::app
