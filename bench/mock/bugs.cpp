#include "bench/mock/bugs.hpp"

#include "bench/mock/kinds.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace checkwatches::mock {

namespace {

// 2026-01-01T00:00:00Z: bug n was reported n hours later and last changed half an hour after that.
constexpr std::int64_t first_report = 1767225600;

std::string make_title(int id, std::string_view kind)
{
    switch (id % 8) {
    case 1: return fmt::format("Comma, \"quoted\" and 'single' title #{}", id);
    case 2: return fmt::format("Ünïcödé täst → 日本 😀 #{}", id);
    case 3: return fmt::format("<b>markup & entities</b> &amp; #{}", id);
    case 4:
        return kind == "trac" ? fmt::format("First line\nsecond, \"line\" #{}", id)
                              : fmt::format("Semicolon; tab\there #{}", id);
    case 5: return fmt::format("Crash on start #{}", id);
    case 6: return fmt::format("A title as long as trackers allow, {:w<180} #{}", "", id);
    case 7: return fmt::format("Back\\slash and 100% +plus #{}", id);
    default: return fmt::format("Window is blank #{}", id);
    }
}

bool is_special(int id)
{
    return id == private_bug || id == duplicate_bug || id == duplicated_bug || id == alias_bug;
}

std::string pick(std::span<std::string_view const> words, dice& by)
{
    return words.empty() ? std::string{} : std::string{words[by.roll(words.size())]};
}

} // namespace

std::vector<remark> remarks_of(bug const& b)
{
    constexpr std::int64_t most_remarks = 10'000; // of one bug
    std::vector<remark> out{
        {.id = b.id * most_remarks,
         .author = "reporter@example.org",
         .at = b.created,
         .text = fmt::format("It broke: {}\nSteps:\n  1. <start> & look\n", b.title)}};
    for (auto const& state : b.history)
        out.push_back(
            {.id = out.back().id + 1,
             .author = fmt::format("dev{}@example.org", out.size() % 3),
             .at = state.since,
             .text = fmt::format(
                 "Now {} {}: ä \"quoted\" &amp; <b>bold</b>", state.status, state.resolution)});
    return out;
}

bug_store::bug_store(tracker_options const& options)
    : words_(words_of(options)),
      dice_(scramble(options.seed))
{
    bugs_.reserve(static_cast<std::size_t>(options.bugs));
    for (int id = 1; id <= options.bugs; ++id)
        bugs_.push_back(make(id, options));
}

bug bug_store::make(int id, tracker_options const& options)
{
    bug made{.id = id, .hidden = id == private_bug, .title = make_title(id, options.kind)};
    made.created = first_report + std::int64_t{id} * 3600;
    if (id == alias_bug && options.kind == "bugzilla")
        made.alias = alias_text;

    auto const& chosen = words_.statuses[dice_.roll(words_.statuses.size())];
    bug_state state{.status = std::string{chosen.word}, .since = made.created + 1800};
    if (chosen.resolved)
        state.resolution = pick(words_.resolutions, dice_);
    state.priority = pick(words_.priorities, dice_);
    state.severity = pick(words_.severities, dice_);

    bool const duplicate = id == duplicate_bug || (id % 37 == 0 && id > duplicate_bug);
    if (duplicate && !words_.duplicate.empty()) {
        auto const closed = std::ranges::find(words_.statuses, true, &status_word::resolved);
        state.status = closed->word;
        state.resolution = words_.duplicate;
    }
    if (duplicate && find_kind(options.kind)->links_duplicates)
        state.duplicate_of = id == duplicate_bug ? duplicated_bug : id - 1;
    if (options.kind == "launchpad")
        for (int task = 0; task < 2; ++task) {
            auto status = std::string{words_.statuses[dice_.roll(words_.statuses.size())].word};
            state.others.emplace_back(std::move(status), pick(words_.priorities, dice_));
        }
    made.history.push_back(std::move(state));
    return made;
}

bug const* bug_store::find(std::int64_t id) const noexcept
{
    if (id < 1 || id > static_cast<std::int64_t>(bugs_.size()))
        return nullptr;
    return &bugs_[static_cast<std::size_t>(id - 1)];
}

bool bug_store::change(std::int64_t id, bug_change const& what, std::int64_t now)
{
    auto const* found = find(id);
    if (found == nullptr || what.task > found->now().others.size())
        return false;
    auto state = found->now();
    auto& status = what.task == 0 ? state.status : state.others[what.task - 1].first;
    auto& priority = what.task == 0 ? state.priority : state.others[what.task - 1].second;
    status = what.status.value_or(status);
    priority = what.priority.value_or(priority);
    state.severity = what.severity.value_or(state.severity);
    state.duplicate_of = what.duplicate_of.value_or(state.duplicate_of);
    if (what.resolution)
        state.resolution = *what.resolution;
    else if (is_open(words_, state.status))
        state.resolution.clear();
    // Trackers' times have whole seconds; two changes in one second share it.
    state.since = std::max(now, state.since);
    bugs_[static_cast<std::size_t>(id - 1)].history.push_back(std::move(state));
    return true;
}

bug_state bug_store::next_state(bug_state const& from)
{
    auto state = from;
    auto const what = dice_.roll(4);
    if (what == 0 && words_.priorities.size() > 1) {
        while (state.priority == from.priority)
            state.priority = pick(words_.priorities, dice_);
    }
    else if (what == 1 && words_.severities.size() > 1) {
        while (state.severity == from.severity)
            state.severity = pick(words_.severities, dice_);
    }
    else {
        status_word const* next = nullptr;
        while (next == nullptr || next->word == from.status)
            next = &words_.statuses[dice_.roll(words_.statuses.size())];
        state.status = next->word;
        state.resolution = next->resolved ? pick(words_.resolutions, dice_) : std::string{};
        if (!words_.duplicate.empty())
            state.duplicate_of = 0;
    }
    return state;
}

std::vector<int> bug_store::step(std::size_t count, std::int64_t now)
{
    std::vector<int> moved;
    // A tracker of special bugs only would never get to an end.
    if (bugs_.size() < 4)
        return moved;
    while (moved.size() < count) {
        auto& chosen = bugs_[dice_.roll(bugs_.size())];
        if (is_special(chosen.id))
            continue;
        auto state = next_state(chosen.now());
        state.since = std::max(now, state.since);
        chosen.history.push_back(std::move(state));
        moved.push_back(chosen.id);
    }
    return moved;
}

void bug_store::record_asked(std::int64_t id) noexcept
{
    ++asked_;
    if (find(id) == nullptr)
        ++asked_missing_;
    else
        ++bugs_[static_cast<std::size_t>(id - 1)].asked;
}

void bug_store::record_served(int id, std::uint32_t version)
{
    auto& served = bugs_[static_cast<std::size_t>(id - 1)].served;
    if (served.empty() || served.back().version != version)
        served.push_back({.version = version, .times = 0});
    ++served.back().times;
}

} // namespace checkwatches::mock
