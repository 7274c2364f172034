#include "engine/app/commands.hpp"
#include "engine/app/find_bugs.hpp"
#include "engine/app/json_lines.hpp"
#include "engine/app/known_kinds.hpp"
#include "engine/app/table.hpp"
#include "engine/check/comment_reader.hpp"
#include "engine/serve/api/json_of.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

namespace checkwatches::app {
namespace {

namespace json = boost::json;

// Why there may be less than the tracker has; empty where all there was is here.
std::string
reason(storage::reader const& in, storage::shown_bug const& shown, storage::tracker_settings const& set)
{
    auto const of = storage::tracker_of(shown.bug.id);
    auto const& name = shown.tracker;
    if (!set.comments.value_or(false))
        return fmt::format(
            "the comments of {0} are not imported; `checkwatches tracker set {0} comments=true` imports them",
            name);
    if (!set.comments_of.empty() && shown.bug.product.empty())
        return "the comments of some products are imported, and this bug's is not known yet";
    if (!check::wants_comments(set, shown.bug.product))
        return fmt::format(
            "the comments of {} are imported for other products than this bug's, {}",
            name,
            shown.bug.product);
    if (auto const stored = in.capabilities_of(of); stored && !stored->can.comments)
        return fmt::format("{} tells no comments in the way it is asked, {}", name, stored->can.protocol);
    auto const marks = in.comment_marks({shown.bug.id});
    if (marks.empty())
        return "they were not read yet; the next check of the bug reads them";
    auto const& mark = marks.front();
    if (!mark.failure.empty())
        return fmt::format(
            "the last attempt to read them, {}, failed: {}", format_time(mark.tried_at), mark.failure);
    return mark.read_at == mark.tried_at ? "" : "there are more, which the next checks of the bug read";
}

std::string
json_of(storage::shown_bug const& shown, std::string const& url, storage::stored_comment const& comment)
{
    auto out = serve::json_of(comment);
    out["url"] = url;
    out["tracker"] = shown.tracker;
    out["remote_id"] = shown.bug.remote_id;
    return json::serialize(out);
}

void print(storage::stored_comment const& comment)
{
    auto const& what = comment.what;
    fmt::print(
        "\n{}\n",
        one_line(fmt::format(
            "{} · {} · {}",
            what.remote_id,
            what.author.empty() ? "-" : what.author,
            what.at ? format_time(*what.at) : "-")));
    std::string_view rest = what.text;
    while (!rest.empty()) {
        auto const line = rest.substr(0, rest.find('\n'));
        fmt::print("  {}\n", one_line(std::string{line}));
        rest.remove_prefix(std::min(rest.size(), line.size() + 1));
    }
    if (comment.is_cut)
        fmt::print("  (the rest is not kept)\n");
}

} // namespace

exit_code run_comments(global_options const& global, config const& conf, comments_options const& options)
{
    auto const kinds = load_kinds(conf).all;
    auto const reader = storage::reader::open(global.database);
    if (!reader)
        return fail(reader.error());
    auto const bugs = find_bugs(**reader, kinds, {options.url});
    if (!bugs)
        return fail(bugs.error());
    std::string note;
    std::size_t count = 0;
    (*reader)->each_bug({.bugs = *bugs}, [&](storage::shown_bug const& shown) {
        auto const url = url_of(kinds, shown.kind, shown.base_url, shown.bug.remote_id);
        auto const set = (*reader)->state_of(storage::tracker_of(shown.bug.id)).settings;
        note = reason(**reader, shown, set);
        if (!options.json)
            fmt::print("{}\n", one_line(url));
        for (auto const& comment : (*reader)->comments(shown.bug.id)) {
            ++count;
            if (options.json)
                fmt::print("{}\n", json_of(shown, url, comment));
            else
                print(comment);
        }
    });
    if (count == 0 && note.empty())
        note = "there is none";
    if (!note.empty())
        fmt::print(options.json ? stderr : stdout, "Comments: {}.\n", one_line(note));
    return exit_code::done;
}

} // namespace checkwatches::app
