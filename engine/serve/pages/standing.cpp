#include "engine/serve/pages/standing.hpp"

#include "engine/serve/pages/failure_words.hpp"
#include "engine/serve/pages/rows.hpp"
#include "engine/serve/pages/text.hpp"
#include "engine/serve/web/tracker_view.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace checkwatches::serve::view {
namespace {

namespace json = boost::json;
using std::chrono::seconds;

json::object number_of(std::int64_t n, std::string href)
{
    return {{"n", n}, {"href", n == 0 ? std::string{} : std::move(href)}};
}

} // namespace

json::object mark_of(standing const& one)
{
    if (one.state.paused)
        return mark(state::waiting, "paused");
    if (one.breaker || one.ails)
        return mark(state::failing, "failing");
    if (one.state.moved_to)
        return mark(state::unknown, "moved");
    if (!one.state.tried_at)
        return mark(state::unknown, "never asked");
    if (!one.state.succeeded_at)
        return mark(state::failing, "never answered");
    return one.counts.due > 0 ? mark(state::waiting, "due") : mark(state::fine, "fine");
}

standings::standings(asked const& with) : with_{with}, breakers_{with.in.breakers()}
{
    if (with.counted != nullptr)
        for (auto const& one : with.counted->trackers)
            counts_.emplace(one.id, &one);
}

standing standings::of(storage::tracker const& tracker) const
{
    standing out{.at = tracker, .state = with_.in.state_of(tracker.id)};
    if (auto own = breaker_of(breakers_, breaker_scope(tracker.id))) {
        out.breaker = std::move(own);
    }
    else if (auto host = breaker_of(breakers_, host_of(tracker.base_url, tracker.api_url))) {
        out.breaker = std::move(host);
        out.host_fails = true;
    }
    if (auto const counted = counts_.find(tracker.id); counted != counts_.end())
        out.counts = *counted->second;
    bool const is_ill = out.counts.failing * 2 >= out.counts.bugs && out.counts.failing > 0;
    if (is_ill && !out.breaker && !out.state.paused)
        if (auto const most = with_.in.signatures({.of = tracker.id}, 1); !most.empty())
            out.ails = most.front();
    out.needs_you = out.ails.has_value() || out.state.paused || out.breaker.has_value()
                    || out.state.moved_to.has_value()
                    || (out.state.tried_at.has_value() && !out.state.succeeded_at.has_value());
    return out;
}

std::string words_of(asked const& with, standing const& one)
{
    if (one.state.paused)
        return one.state.note.empty() ? "is paused" : "is paused: " + cut(one.state.note, 200);
    if (one.breaker) {
        auto const& b = *one.breaker;
        auto const wait = std::chrono::floor<seconds>(b.open_until - with.now);
        return fmt::format(
            "{}{}; {}",
            one.host_fails ? "cannot be asked: its host " : "",
            words_of(b.how),
            wait > seconds{0} ? "it is tried again in " + span_text(wait) : "it is tried again now");
    }
    if (one.ails)
        return fmt::format(
            "fails for {} of {}: it {}",
            grouped(one.counts.failing),
            counted(one.counts.bugs, "bug"),
            words_of(one.ails->how));
    if (one.state.moved_to)
        return "says that it has moved to " + cut(*one.state.moved_to, 200);
    if (!one.state.tried_at)
        return "was never asked";
    if (!one.state.succeeded_at)
        return "has never answered for a bug";
    return "answers";
}

std::string detail_of(standing const& one)
{
    if (one.state.paused)
        return {};
    if (one.breaker)
        return cut(reason_of(one.breaker->how, one.breaker->detail), 300);
    return one.ails ? cut(reason_of(one.ails->how, one.ails->sample), 300) : std::string{};
}

json::object row_of(asked const& with, standing const& one)
{
    auto const& name = one.at.name;
    auto const bugs = [&](std::string_view which) {
        std::vector<std::pair<std::string, std::string>> fields{{"tracker", name}};
        if (!which.empty())
            fields.emplace_back(which, "1");
        return link("/bugs", std::move(fields));
    };
    json::value next;
    if (one.breaker)
        next = moment(one.breaker->open_until, with.now);
    else if (one.ails)
        next = moment(one.counts.retry_at, with.now);
    return {
        {"tracker", cut(name, 60)},
        {"tracker_href", path_of_tracker(name)},
        {"kind", one.at.kind},
        {"mark", mark_of(one)},
        {"what", words_of(with, one)},
        {"detail", detail_of(one)},
        {"since", moment(one.state.succeeded_at, with.now)},
        {"tried", moment(one.state.tried_at, with.now)},
        {"next", std::move(next)},
        {"is_counted", with.counted != nullptr},
        {"bugs", number_of(one.counts.bugs, bugs({}))},
        {"failing", number_of(one.counts.failing, bugs("failing"))},
        {"unchecked", number_of(one.counts.never_checked, bugs("unchecked"))},
        {"due", number_of(one.counts.due, bugs("due"))}};
}

} // namespace checkwatches::serve::view
