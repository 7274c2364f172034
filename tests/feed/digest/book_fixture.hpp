#pragma once

#include "engine/feed/digest/book.hpp"
#include "tests/support/print.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

namespace checkwatches::feed::test {

using namespace std::chrono_literals;

// A digest, the bugs that it is about, and a clock that only the test moves. What it tells is kept as short
// lines: "first curl: …".
class world {
public:
    explicit world(digest_settings settings = {.name = "d", .to = {"a@example.org"}})
        : settings_{std::move(settings)},
          book_{settings_, style(), {.name = settings_.name, .created_at = start}}
    {
        around.now = start + 1h;
        around.caught_up = true;
    }

    static letter_style style()
    {
        return {.store = "0123", .domain = "example.org", .web = "https://w.example"};
    }

    // A bug that answered a day ago and is asked next in a day, but for what `next` says.
    digest_bug&
    bug(int number, std::string label = "curl", std::chrono::minutes next = 24h, std::string owner = "anna")
    {
        digest_bug b{
            .what =
                {.bug = storage::bug_id{number},
                 .tracker = "t",
                 .remote_id = std::to_string(number),
                 .title = "Crash",
                 .url = fmt::format("https://t/{}", number)},
            .watches = {{.label = std::move(label), .source = "typed", .owner = std::move(owner)}},
            .state = status::new_,
            .weight = importance::low,
            .last_outcome = outcome::seen,
            .checked_at = around.now - 24h,
            .seen_at = around.now - 24h,
            .run_began = around.now - 24h,
            .next_check = around.now + next};
        return bugs.insert_or_assign(number, std::move(b)).first->second;
    }

    // It answers now, and is asked again in a day.
    void answer(int number)
    {
        auto& b = bugs.at(number);
        b.checked_at = b.seen_at = b.run_began = around.now;
        b.last_outcome = outcome::seen;
        b.error.clear();
        b.failures = 0;
        b.next_check = around.now + 24h;
    }
    // Its check fails now, once more.
    void fail(int number, outcome how, std::string why = "why")
    {
        auto& b = bugs.at(number);
        if (b.last_outcome != how)
            b.run_began = around.now;
        b.checked_at = around.now;
        b.last_outcome = how;
        b.error = std::move(why);
        ++b.failures;
        b.next_check = around.now + 1h;
    }

    // An entry of the log; the bug has answered.
    event
    change(int number, std::string field, std::optional<std::string> from, std::optional<std::string> to)
    {
        answer(number);
        auto const& b = bugs.at(number);
        event e{
            .url = b.what.url,
            .title = b.what.title,
            .state = b.state,
            .weight = b.weight,
            .watches = b.watches};
        auto& c = e.change.emplace();
        c.what = {
            .id = ++last_change,
            .at = around.now,
            .bug = b.what.bug,
            .field = std::move(field),
            .before = std::move(from),
            .after = std::move(to)};
        c.tracker = b.what.tracker;
        c.remote_id = b.what.remote_id;
        return e;
    }
    event change(int number, std::string from = "New", std::string to = "Confirmed")
    {
        return change(number, "status", std::move(from), std::move(to));
    }

    void take(std::vector<event> const& events)
    {
        book_.take(events, members(), around);
        keep();
    }
    void settle()
    {
        book_.settle(members(), around);
        keep();
    }
    // Time goes by, in steps of a minute, as the digest looks at what is open and at what fails.
    void pass(std::chrono::minutes span)
    {
        for (auto const end = around.now + span; around.now < end;) {
            around.now += 1min;
            settle();
        }
    }
    void look()
    {
        std::vector<digest_bug> all;
        for (auto const& [number, b] : bugs)
            all.push_back(b);
        book_.look_at(all, around);
        keep();
    }

    // What was told since this was asked last.
    std::vector<std::string> told()
    {
        std::vector<std::string> out;
        for (auto const& letter : std::exchange(fresh_, {}))
            out.push_back(letter.kind + " " + letter.subject);
        return out;
    }
    std::vector<storage::digest_letter> const& letters() const { return fresh_; }

    // The digest as it is after a restart: what was stored is all that is left of it.
    void restart() { book_ = digest_book{settings_, style(), stored_}; }

    digest_book& book() { return book_; }
    digest_surroundings around;
    std::map<int, digest_bug> bugs;
    std::int64_t last_change = 0;

    static constexpr utc_time start{std::chrono::sys_days{std::chrono::year{2026} / 11 / 2}}; // a Monday

private:
    digest_members members() const
    {
        digest_members out;
        for (auto const& [number, b] : bugs)
            for (auto const& topic : topics_of(settings_, b.watches))
                out[topic].push_back(b);
        return out;
    }

    // As the store does.
    void keep()
    {
        auto step = book_.take_step();
        stored_.name = step.name;
        stored_.created_at = step.created_at;
        stored_.last_change = step.last_change;
        stored_.last_letter = step.last_letter;
        auto const put = [](auto& into, auto const& what, auto member) {
            std::erase_if(into, [&](auto const& old) { return member(old) == member(what); });
            into.push_back(what);
        };
        auto const by_name = [](auto const& t) { return t.name; };
        auto const by_bug = [](auto const& t) { return t.what.bug; };
        auto const by_topic = [](auto const& t) { return t.topic; };
        for (auto const& name : step.closed)
            std::erase_if(stored_.topics, [&](auto const& t) { return t.name == name; });
        for (auto const& topic : step.opened)
            put(stored_.topics, topic, by_name);
        for (auto const b : step.untroubled)
            std::erase_if(stored_.troubles, [&](auto const& t) { return t.what.bug == b; });
        for (auto const& one : step.troubled)
            put(stored_.troubles, one, by_bug);
        for (auto const& one : step.threads)
            put(stored_.threads, one, by_topic);
        for (auto& letter : step.letters)
            fresh_.push_back(std::move(letter));
    }

    digest_settings settings_;
    digest_book book_;
    storage::digest_state stored_{.name = "d", .created_at = start};
    std::vector<storage::digest_letter> fresh_;
};

using lines = std::vector<std::string>;

} // namespace checkwatches::feed::test
