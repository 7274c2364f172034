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

void append(looked& to, looked from)
{
    std::ranges::move(from.bugs, std::back_inserter(to.bugs));
    std::ranges::move(from.found.found, std::back_inserter(to.found.found));
}

} // namespace

looked shrink_guard::pass(looked look)
{
    looked out{.found{.trouble = std::move(look.found.trouble)}};
    auto& found = look.found.found;
    auto next = found.begin(); // both are in the order asked
    for (auto& bug : look.bugs) {
        auto const at = std::find_if(
            next, found.end(), [&](auto const& f) { return f.remote_id == bug.remote_id; });
        bool const answered = at != found.end();
        if (answered)
            next = at + 1;
        if (answered && is_known(bug) && is_seen(*at))
            trusted_ = true;
        if (answered && is_known(bug) && is_missing(*at)) {
            held_.bugs.push_back(std::move(bug));
            held_.found.found.push_back(std::move(*at));
            continue;
        }
        out.bugs.push_back(std::move(bug));
        if (answered)
            out.found.found.push_back(std::move(*at));
    }
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
