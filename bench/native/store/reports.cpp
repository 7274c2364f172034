#include "reports.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <numeric>
#include <random>
#include <stdexcept>

using namespace checkwatches;

namespace {

constexpr std::size_t batch = 100;
constexpr std::size_t trackers_at_once = 200;

struct words_of_status {
    status state;
    char const* raw;
    char const* resolution;
};
constexpr std::array<words_of_status, 3> course{
    {{status::confirmed, "NEW", ""},
     {status::in_progress, "ASSIGNED", ""},
     {status::fix_released, "RESOLVED", "FIXED"}}};

words_of_status const& nth_status(std::size_t changes)
{
    return course[changes % course.size()];
}

std::string remote_words(words_of_status const& w)
{
    return remote_status({.status = w.raw, .resolution = w.resolution});
}

} // namespace

settled_bugs::walk::walk(std::size_t bugs) : order(bugs)
{
    std::iota(order.begin(), order.end(), std::uint32_t{});
}

std::size_t settled_bugs::walk::next()
{
    auto const row = order[at];
    at = (at + 1) % order.size();
    return row;
}

settled_bugs::settled_bugs(load_shape const& shape)
    : shape_{shape},
      now_{utc_now()},
      changed_(shape.bugs),
      in_order_{shape.bugs},
      anywhere_{shape.bugs}
{
    std::ranges::shuffle(anywhere_.order, std::mt19937{1});
}

storage::bug_id settled_bugs::id_of(load_shape const& shape, std::size_t row)
{
    auto const tracker = static_cast<storage::tracker_id>(row / shape.bugs_of_tracker + 1);
    return storage::make_bug_id(tracker, static_cast<std::int64_t>(row % shape.bugs_of_tracker + 1));
}

void settled_bugs::make_database(std::string const& path)
{
    auto const to = storage::store::open(path).value();
    for (std::size_t row = 0; row < shape_.bugs;) {
        to->in_transaction([&] {
            for (std::size_t i = 0; i != trackers_at_once && row < shape_.bugs; ++i) {
                see_first(*to, row);
                row += shape_.bugs_of_tracker;
            }
        });
    }
}

// A new tracker, whose bugs begin at this row, and the first sight of each of them.
void settled_bugs::see_first(storage::store& to, std::size_t first_row)
{
    auto const name = fmt::format("bugs{}.example.org", first_row / shape_.bugs_of_tracker);
    auto const made = to.add_tracker({.kind = "bugzilla",
                                      .name = name,
                                      .base_url = "https://" + name + "/",
                                      .created_at = now_})
                          .value();
    storage::report seen{.from = made.id, .at = now_};
    auto const end = std::min(first_row + shape_.bugs_of_tracker, shape_.bugs);
    for (auto row = first_row; row != end; ++row) {
        auto one = settle(row);
        auto const bug = to.add_bug(made.id, one.after.remote_id, now_);
        if (bug != one.after.id)
            throw std::logic_error{"bugs are numbered in another way"};
        to.add_watch(bug, {.label = fmt::format("package-{}", row / 4), .source = "typed"}, now_);
        one.facts_changed = true;
        one.changes = {
            {.at = now_,
             .bug = bug,
             .field = "status",
             .after = std::string{title(*one.after.state)},
             .remote_after = remote_words(nth_status(0))}};
        seen.bugs.push_back(std::move(one));
    }
    to.apply(seen);
}

reports settled_bugs::neighbours(std::size_t count)
{
    return check(in_order_, count);
}

reports settled_bugs::scattered(std::size_t count)
{
    return check(anywhere_, count);
}

reports settled_bugs::check(walk& along, std::size_t count)
{
    now_ += std::chrono::milliseconds{10};
    reports out;
    for (std::size_t i = 0; i != count; ++i) {
        auto const row = along.next();
        if (i % batch == 0) {
            out.push_back({.from = {}, .at = now_});
            out.back().bugs.reserve(std::min(batch, count - i));
        }
        bool const changes = row * 2'654'435'761U / 65'536U % 1'000U < shape_.changed_of_1000;
        if (changes)
            ++changed_[row];
        auto one = settle(row);
        one.run_goes_on = true;
        out.back().from = storage::tracker_of(one.after.id);
        if (changes) {
            auto const& before = nth_status(changed_[row] - 1U);
            auto const& after = nth_status(changed_[row]);
            one.facts_changed = true;
            one.changes = {
                {.at = now_,
                 .bug = one.after.id,
                 .field = "status",
                 .before = std::string{title(before.state)},
                 .after = std::string{title(after.state)},
                 .remote_before = remote_words(before),
                 .remote_after = remote_words(after)}};
        }
        out.back().bugs.push_back(std::move(one));
    }
    return out;
}

// As the bug is now; nothing of it changed.
storage::settled_bug settled_bugs::settle(std::size_t row)
{
    auto const& is = nth_status(changed_[row]);
    storage::settled_bug out{.facts_changed = false};
    auto& b = out.after;
    b.id = id_of(shape_, row);
    b.remote_id = std::to_string(100'000 + row);
    b.state = is.state;
    b.weight = importance::medium;
    b.words = {.status = is.raw, .resolution = is.resolution, .priority = "P3", .severity = "normal"};
    b.title = fmt::format("The window is drawn twice where the {}th menu is opened from the keyboard", row);
    b.product = "toolkit";
    b.modified_at = now_ - std::chrono::days{row % 400};
    b.last_outcome = outcome::seen;
    b.checked_at = b.seen_at = b.read_at = b.server_time = now_;
    b.changed_at = b.run_began = now_ - std::chrono::days{row % 30};
    b.run_checks = 10;
    b.next_check = now_ + std::chrono::hours{20} + std::chrono::seconds{row * 2'654'435'761U % 28'800U};
    return out;
}
