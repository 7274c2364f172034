#include "engine/serve/pages/rows.hpp"

#include "engine/core/url.hpp"
#include "engine/serve/pages/failure_words.hpp"
#include "engine/serve/pages/text.hpp"
#include "engine/serve/web/sift_changes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace checkwatches::serve::view {
namespace {

namespace json = boost::json;

template <class Word>
std::string title_or_empty(std::optional<Word> const& value)
{
    return value ? std::string{title(*value)} : std::string{};
}

constexpr std::size_t most_labels = 3;

json::array labels_of(std::vector<std::string> const& labels)
{
    json::array out;
    for (auto const& label : labels) {
        if (label.empty())
            continue;
        if (out.size() == most_labels)
            break;
        out.push_back(
            json::object{{"label", cut(label, 60)}, {"href", link("/watches", {{"label", label}})}});
    }
    return out;
}

std::string text_or(std::optional<std::string> const& text, std::string_view otherwise)
{
    return cut(text && !text->empty() ? std::string_view{*text} : otherwise, 100);
}

// The text, unless it says just what stands above it.
std::string unlike(std::optional<std::string> const& text, std::optional<std::string> const& above)
{
    return text == above ? std::string{} : text_or(text, "");
}

struct field_title {
    std::string_view field;
    std::string_view title;
};
constexpr std::array field_titles{
    field_title{"status", "Status"},
    field_title{"importance", "Importance"},
    field_title{"remote_status", "Tracker’s word for the status"},
    field_title{"remote_importance", "Tracker’s word for the importance"},
    field_title{"duplicate_of", "Duplicate of"},
    field_title{"moved_to", "Moved to"},
    field_title{"watch", "Watched"},
    field_title{"unwatch", "No longer watched"},
    field_title{"check", "Check asked for"},
    field_title{"probe", "Probed"},
    field_title{"pause", "Paused"},
    field_title{"resume", "Resumed"},
    field_title{"reset", "Failures reset"},
    field_title{"settings", "Settings"},
    field_title{"meaning", "Meaning given"},
    field_title{"put_away", "Put away"},
    field_title{"watchlist", "Watch list"},
    field_title{"token", "Token"},
};

// What an entry of the log is about, in words.
std::string title_of_field(std::string const& field)
{
    auto const found = std::ranges::find(field_titles, field, &field_title::field);
    return std::string{found == field_titles.end() ? std::string_view{field} : found->title};
}

} // namespace

json::object mark(state what, std::string_view word)
{
    switch (what) {
    case state::fine: return {{"kind", "fine"}, {"sign", "✓"}, {"word", word}};
    case state::waiting: return {{"kind", "waiting"}, {"sign", "…"}, {"word", word}};
    case state::failing: return {{"kind", "failing"}, {"sign", "✗"}, {"word", word}};
    case state::unknown: break;
    }
    return {{"kind", "unknown"}, {"sign", "?"}, {"word", word}};
}

json::object mark_of(asked const& with, storage::shown_bug const& shown)
{
    auto const& bug = shown.bug;
    if (!bug.last_outcome)
        return bug.next_check == storage::never ? mark(state::unknown, "not asked")
                                                : mark(state::waiting, "unchecked");
    if (!is_success(*bug.last_outcome))
        return mark(state::failing, word(*bug.last_outcome));
    if (!bug.state || !with.known.unmapped(with.in, shown).empty())
        return mark(state::unknown, "unmapped");
    return bug.next_check <= with.now ? mark(state::waiting, "due") : mark(state::fine, "fine");
}

std::string path_of(storage::bug_id bug)
{
    return fmt::format("/bugs/{}", static_cast<std::int64_t>(bug));
}

std::string path_of_tracker(std::string const& name)
{
    return "/trackers/" + percent_encode(name);
}

json::object row_of(asked const& with, storage::shown_bug const& shown)
{
    auto const& bug = shown.bug;
    auto const labels = labels_of(shown.labels);
    auto const judge = with.known.judge_of(with.in, shown);
    auto const& verdict = judge ? judge->bug : bug;
    return {
        {"href", path_of(bug.id)},
        {"id", cut(bug.remote_id, 60)},
        {"tracker", cut(shown.tracker, 60)},
        {"tracker_href", path_of_tracker(shown.tracker)},
        {"title", cut(bug.title, 90)},
        {"status", title_or_empty(verdict.state)},
        {"weight", title_or_empty(verdict.weight)},
        {"words", cut(remote_status(bug.words), 60)},
        {"weight_words", cut(remote_importance(bug.words), 60)},
        {"labels", labels},
        {"more_labels", shown.labels.size() > labels.size() && labels.size() == most_labels},
        {"judge_href", judge ? path_of(verdict.id) : std::string{}},
        {"mark", mark_of(with, shown)},
        {"seen", moment(bug.seen_at, with.now)},
        {"late", with.known.is_late(bug, with.now) || with.known.is_late(verdict, with.now)},
        {"error", bug.last_outcome ? cut(reason_of(*bug.last_outcome, bug.error), 160) : std::string{}}};
}

json::object row_of(asked const& with, storage::shown_change const& shown)
{
    auto const& what = shown.what;
    bool const is_act = !what.actor.empty();
    return {
        {"at", moment(what.at, with.now)},
        {"href", what.bug ? path_of(*what.bug) : std::string{}},
        {"id", cut(shown.remote_id, 60)},
        {"tracker", cut(shown.tracker, 60)},
        {"tracker_href", shown.tracker.empty() ? std::string{} : path_of_tracker(shown.tracker)},
        {"field", title_of_field(what.field)},
        {"is_act", is_act},
        {"old",
         is_act && !what.before ? std::string{}
                                : text_or(what.before, is_first_sight(what) ? "first seen" : "not known")},
        {"new", is_act && !what.after ? std::string{} : text_or(what.after, "not known")},
        {"remote_old", unlike(what.remote_before, what.before)},
        {"remote_new", unlike(what.remote_after, what.after)},
        {"reason", what.reason},
        {"actor", cut(what.actor, 60)}};
}

json::object row_of(asked const& with, storage::signature const& one)
{
    return {
        {"how", word(one.how)},
        {"what", words_of(one.how)},
        {"message", cut(reason_of(one.how, one.message), 200)},
        {"sample", one.sample == one.message ? std::string{} : cut(one.sample, 240)},
        {"tracker", cut(one.tracker, 60)},
        {"tracker_href", path_of_tracker(one.tracker)},
        {"bugs", counted(one.bugs, "bug")},
        {"bugs_href", link("/bugs", {{"signature", std::to_string(one.id)}})},
        {"has_bugs", one.bugs > 0},
        {"times", one.times},
        {"first", moment(one.first_seen, with.now)},
        {"last", moment(one.last_seen, with.now)},
        {"ended", moment(one.ended_at, with.now)}};
}

std::string rows_text(std::size_t rows, bool more, std::string_view one, std::string_view many)
{
    auto const text = counted(static_cast<std::int64_t>(rows), one, many);
    return more ? text + ", and more on the next page" : text;
}

} // namespace checkwatches::serve::view
