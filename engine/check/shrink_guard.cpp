#include "engine/check/shrink_guard.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

namespace checkwatches::check {
namespace {

using adapters::absence;
using adapters::finding;

bool is_missing(outcome how)
{
    return how == outcome::not_found || how == outcome::gone || how == outcome::forbidden
           || how == outcome::not_answered;
}

bool is_missing(finding const& f)
{
    auto const* const why = std::get_if<absence>(&f.what);
    return why != nullptr && is_missing(why->why);
}

bool is_seen(finding const& f)
{
    auto const* const why = std::get_if<absence>(&f.what);
    return why == nullptr || is_success(why->why);
}

bool is_known(storage::bug_state const& bug)
{
    return bug.seen_at && bug.last_outcome && !is_missing(*bug.last_outcome);
}

// Calls `visit(bug, finding)` for each bug of the look, with nothing where none was found.
template <class Visit>
void each(looked& look, Visit visit)
{
    auto& found = look.found.found;
    auto next = found.begin(); // both are in the order asked
    for (auto& bug : look.bugs) {
        auto const at = std::find_if(
            next, found.end(), [&](auto const& f) { return f.remote_id == bug.after.remote_id; });
        bool const answered = at != found.end();
        if (answered)
            next = at + 1;
        visit(bug, answered ? &*at : nullptr);
    }
}

void append(looked& to, looked from)
{
    std::ranges::move(from.bugs, std::back_inserter(to.bugs));
    std::ranges::move(from.found.found, std::back_inserter(to.found.found));
}

} // namespace

looked shrink_guard::pass(looked look)
{
    bool is_any_missing = false;
    each(look, [&](storage::settled_bug& bug, finding* found) {
        if (found == nullptr || !is_known(bug.after))
            return;
        trusted_ = trusted_ || is_seen(*found);
        is_any_missing = is_any_missing || is_missing(*found);
    });
    if (!is_any_missing && held_.bugs.empty()) // nearly always: there is nothing to tell apart
        return look;
    looked out{.found{.trouble = std::move(look.found.trouble)}};
    each(look, [&](storage::settled_bug& bug, finding* found) {
        bool const is_held = found != nullptr && is_known(bug.after) && is_missing(*found);
        auto& to = is_held ? held_ : out;
        to.bugs.push_back(std::move(bug));
        if (found != nullptr)
            to.found.found.push_back(std::move(*found));
    });
    if (trusted_ || limits_.fewest == 0)
        append(out, std::exchange(held_, {}));
    return out;
}

looked shrink_guard::close()
{
    auto out = std::exchange(held_, {});
    bool const is_alarm = !trusted_ && limits_.fewest != 0 && out.bugs.size() >= limits_.fewest;
    if (!is_alarm)
        return out;
    out.found.found.clear();
    out.found.trouble = error{
        .kind = error_kind::shrunk,
        .message = fmt::format("none of the {} bugs that it knew is there any more", out.bugs.size())};
    return out;
}

} // namespace checkwatches::check
