#include "engine/check/comment_reader.hpp"

#include "engine/check/network_watch.hpp"
#include "engine/core/ascii.hpp"

#include <algorithm>
#include <utility>

namespace checkwatches::check {
namespace {

constexpr std::size_t most_at_once = 1'000; // comments that are taken from one bug at a time
constexpr std::size_t most_failures = 3;    // in a row

// It says something about this one bug, and nothing about the next.
bool is_about_the_bug(error_kind kind)
{
    auto const how = to_outcome(kind);
    return (how && !is_tracker_failure(*how)) || kind == error_kind::protocol_error
           || kind == error_kind::too_large;
}

// What is beyond the bound is left for the next time, which goes on from the newest that was taken.
void take(std::vector<comment> read, storage::comment_reading& into)
{
    auto const all = read.size();
    if (all > most_at_once) {
        // At least one that says when it was written, or the next time would go on from where this one did.
        auto const timed = std::ranges::find_if(read, [](comment const& c) { return c.at.has_value(); });
        auto const first_timed = static_cast<std::size_t>(timed - read.begin()) + 1;
        read.resize(std::min(all, std::max(most_at_once, first_timed)));
    }
    into.is_complete = read.size() == all;
    into.read = std::move(read);
}

} // namespace

bool wants_reading(commented_bug const& bug, std::optional<storage::comment_mark> const& mark)
{
    if (!mark || mark->read_at != mark->tried_at || !mark->failure.empty())
        return true;
    return bug.modified_at ? bug.modified_at != mark->modified_at : bug.is_whole;
}

bool wants_comments(storage::tracker_settings const& set, std::string_view product)
{
    return set.comments.value_or(false)
           && (set.comments_of.empty()
               || std::ranges::any_of(
                   set.comments_of, [&](std::string const& wanted) { return same_word(wanted, product); }));
}

comment_reader::comment_reader(parts with, storage::tracker_settings const& set, std::size_t most)
    : with_{std::move(with)},
      set_{set},
      left_{most}
{}

void comment_reader::note(std::span<storage::settled_bug const> bugs)
{
    if (is_over_ || !set_.comments.value_or(false))
        return;
    for (auto const& settled : bugs) {
        auto const& bug = settled.after;
        bool const is_seen = bug.last_outcome && is_success(*bug.last_outcome);
        if (is_seen && wants_comments(set_, bug.product))
            noted_.push_back(
                {.id = bug.id,
                 .remote_id = bug.remote_id,
                 .modified_at = bug.modified_at,
                 .is_whole = bug.last_outcome == outcome::seen});
    }
}

awaitable<std::optional<error>> comment_reader::read(capabilities const& can, std::function<bool()> go_on)
{
    auto const noted = std::exchange(noted_, {});
    if (noted.empty() || is_over_ || left_ == 0 || !can.comments)
        co_return std::nullopt;
    std::vector<storage::bug_id> ids;
    ids.reserve(noted.size());
    for (auto const& bug : noted)
        ids.push_back(bug.id);
    auto question = [ids = std::move(ids)](storage::reader const& in) { return in.comment_marks(ids); };
    auto const marks = co_await with_.from.run(std::move(question));
    if (!marks)
        co_return marks.error();
    for (auto const& bug : noted) {
        if (is_over_ || left_ == 0 || !go_on())
            break;
        auto const found = std::ranges::lower_bound(*marks, bug.id, {}, &storage::comment_mark::bug);
        std::optional<storage::comment_mark> mark;
        if (found != marks->end() && found->bug == bug.id)
            mark = *found;
        if (!wants_reading(bug, mark))
            continue;
        auto wrong = co_await read_one(can, bug, mark);
        with_.on_read();
        if (wrong)
            co_return wrong;
    }
    co_return std::nullopt;
}

awaitable<std::optional<error>> comment_reader::read_one(
    capabilities const& can, commented_bug const& bug, std::optional<storage::comment_mark> const& mark)
{
    --left_;
    auto const since = mark ? mark->newest_at : std::nullopt;
    auto got = co_await with_.kind.read_comments(with_.at, can, bug.remote_id, since);
    storage::comment_reading reading{.bug = bug.id, .at = with_.time.now(), .modified_at = bug.modified_at};
    if (got) {
        failures_in_row_ = 0;
        take(std::move(*got), reading);
    }
    else {
        bool const counts = co_await book_failure(got.error());
        if (!counts)
            co_return std::nullopt;
        reading.failure = to_string(got.error());
    }
    auto work = [reading = std::move(reading)](storage::store& to) { to.apply_comments(reading); };
    auto const stored = co_await with_.into.run(std::move(work));
    if (!stored)
        co_return stored.error();
    if (got.has_error() && got.error().kind == error_kind::rate_limited)
        co_return got.error();
    co_return std::nullopt;
}

// False where the failure is our own.
awaitable<bool> comment_reader::book_failure(error const& why)
{
    ++failures_in_row_;
    is_over_ = failures_in_row_ == most_failures || !is_about_the_bug(why.kind);
    if (!can_be_ours(why.kind))
        co_return to_outcome(why.kind).has_value();
    bool const is_ours = co_await with_.is_ours();
    co_return !is_ours;
}

} // namespace checkwatches::check
