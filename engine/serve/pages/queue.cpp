#include "engine/core/ascii.hpp"
#include "engine/core/importance.hpp"
#include "engine/core/status.hpp"
#include "engine/serve/pages/page.hpp"
#include "engine/serve/pages/rows.hpp"
#include "engine/serve/pages/text.hpp"
#include "engine/serve/web/sift.hpp"
#include "storage/recheck_reader.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace checkwatches::serve::view {
namespace {

namespace json = boost::json;

// A word of a tracker that is to get a meaning.
struct unsettled {
    std::string tracker{};
    std::string field{};
    std::string word{};
};

// The words that it can mean; `chosen` is marked.
json::array meanings(std::string_view field, std::string_view chosen)
{
    json::array out;
    auto const add = [&](std::string_view word) {
        out.push_back(json::object{{"word", word}, {"here", word == chosen}});
    };
    if (field == "status")
        for (auto const one : all_statuses)
            add(title(one));
    else
        for (auto const one : all_importances)
            add(title(one));
    return out;
}

bool is_meaning(std::string const& field, std::string const& means)
{
    return field == "status" ? parse_status(means).has_value() : parse_importance(means).has_value();
}

std::string settle_href(unsettled const& what)
{
    return link("/queue", {{"tracker", what.tracker}, {"field", what.field}, {"word", what.word}});
}

// A bug with what it would change from and into.
json::object becomes(asked const& with, lore::preview::changed const& one)
{
    auto out = row_of(with, one.bug);
    json::array by;
    for (auto const& change : one.by)
        by.push_back(json::object{
            {"field", change.field},
            {"old", change.before.value_or("not known")},
            {"new", change.after.value_or("not known")}});
    out["by"] = std::move(by);
    return out;
}

// What the bugs would change by.
void put_preview(json::object& model, asked const& with, unsettled const& what, std::string const& means)
{
    auto const shown = with.known.preview_meaning(with.in, what.tracker, what.field, lower(what.word), means);
    json::array rows;
    for (auto const& one : shown.first) {
        if (rows.size() == static_cast<std::size_t>(most_rows))
            break;
        rows.push_back(becomes(with, one));
    }
    model["is_preview"] = true;
    model["means"] = means;
    model["changes_text"] = fmt::format(
        "{} of {} would change.",
        grouped(static_cast<std::int64_t>(shown.changes)),
        counted(static_cast<std::int64_t>(shown.bugs), "bug"));
    model["caption"] = fmt::format(
        "The first {} that would change", counted(static_cast<std::int64_t>(rows.size()), "bug"));
    model["has_rows"] = !rows.empty();
    model["rows"] = std::move(rows);
}

page settle_page(asked const& with, unsettled const& what)
{
    bool const is_field = what.field == "status" || what.field == "importance";
    if (!is_field)
        throw bad_argument{"A word is one of a status or of an importance."};
    page out{
        .name = "settle",
        .title = "What does it mean?",
        .sentence = fmt::format(
            "{} calls {} “{}”; which of our words is that?",
            cut(what.tracker, 60),
            what.field == "status" ? "a status" : "an importance",
            cut(what.word, 120))};
    auto const means = text_argument(with.rq, "means").value_or("");
    if (!means.empty() && !is_meaning(what.field, means))
        throw bad_argument{fmt::format("“{}” is none of our words.", cut(means, 40))};
    auto& model = out.model;
    model["tracker"] = what.tracker;
    model["tracker_href"] = path_of_tracker(what.tracker);
    model["field"] = what.field;
    model["word"] = what.word;
    model["key"] = lower(what.word);
    model["meanings"] = meanings(what.field, means);
    model["setting"] = setting_for(what.tracker, what.field, what.word, means);
    model["is_preview"] = false;
    // It reads all bugs of the tracker, which not everybody may have us do.
    model["needs_operator"] = !means.empty() && !with.who.may_operate;
    if (!means.empty() && with.who.may_operate)
        put_preview(model, with, what, means);
    return out;
}

// The bugs that say it.
std::string bugs_href(storage::unmapped_entry const& one)
{
    return link("/bugs", {{"tracker", one.tracker}, {"field", one.what.field}, {"word", one.what.word}});
}

} // namespace

// The words that no mapping knows; with ?tracker=, ?field= and ?word= the form for one of them, and with
// ?means= what it would change.
page queue_page(asked const& with)
{
    auto const word = text_argument(with.rq, "word");
    auto const of = tracker_argument(with);
    if (word && of)
        return settle_page(
            with,
            {.tracker = of->name,
             .field = text_argument(with.rq, "field").value_or("status"),
             .word = *word});

    page out{.name = "queue", .title = "Queue", .live = "check"};
    auto entries = with.in.unmapped();
    if (of)
        std::erase_if(entries, [&](auto const& one) { return one.tracker != of->name; });
    auto const all = entries.size();
    auto const more = take_more(entries);
    auto const bugs = count_words(with.in, with.known, entries);
    json::array rows;
    for (auto const& one : entries)
        rows.push_back(json::object{
            {"bugs", bugs.is_cut ? fmt::format("{} or more", grouped(bugs.of(one))) : grouped(bugs.of(one))},
            {"bugs_href", bugs.of(one) == 0 && !bugs.is_cut ? std::string{} : bugs_href(one)},
            {"setting", setting_for(one.tracker, one.what.field, one.what.word)},
            {"tracker", cut(one.tracker, 60)},
            {"tracker_href", path_of_tracker(one.tracker)},
            {"field", one.what.field},
            {"word", cut(one.what.word, 120)},
            {"times", one.times},
            {"first", moment(one.first_seen, with.now)},
            {"last", moment(one.last_seen, with.now)},
            {"href", settle_href({.tracker = one.tracker, .field = one.what.field, .word = one.what.word})}});
    out.sentence = entries.empty() ? "Every word of every bug has a meaning."
                                   : fmt::format(
                                         "{} no meaning yet; their bugs keep the last one that was known.",
                                         counted(static_cast<std::int64_t>(all), "word has", "words have"));
    auto& model = out.model;
    model["caption"] = rows.size() == all ? counted(static_cast<std::int64_t>(all), "word")
                                          : fmt::format("The first {} of {} words", rows.size(), all);
    model["is_cut"] = more;
    model["has_rows"] = !rows.empty();
    model["rows"] = std::move(rows);
    json::array given;
    for (auto const& one : with.in.meanings()) {
        if (given.size() == static_cast<std::size_t>(most_rows))
            break;
        if (of && one.from != of->id)
            continue;
        given.push_back(json::object{
            {"tracker", cut(one.tracker, 60)},
            {"tracker_value", one.tracker},
            {"tracker_href", path_of_tracker(one.tracker)},
            {"field", one.field},
            {"key", cut(one.key, 120)},
            {"key_value", one.key},
            {"means", one.means},
            {"actor", cut(one.actor, 60)},
            {"at", moment(one.at, with.now)}});
    }
    model["has_given"] = !given.empty();
    model["reads_gerrits"] = !with.in.rechecks().sources().empty();
    model["given_caption"] = counted(static_cast<std::int64_t>(given.size()), "meaning") + " given here";
    model["given"] = std::move(given);
    return out;
}

} // namespace checkwatches::serve::view
