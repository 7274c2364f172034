#pragma once

#include "bench/mock/options.hpp"
#include "bench/mock/text.hpp"
#include "bench/mock/words.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace checkwatches::mock {

// What a bug was from one moment to the next. In Launchpad `status` and `priority` are those of the first
// task; `others` holds "status" and "importance" of the further ones.
struct bug_state {
    std::string status{};
    std::string resolution{}; // empty while open
    std::string priority{};
    std::string severity{};
    int duplicate_of = 0; // 0: none
    std::int64_t since{}; // seconds since 1970, by the tracker's clock
    std::vector<std::pair<std::string, std::string>> others{};
};

// Part of a ledger: a client was given version `version` `times` times in a row.
struct serving {
    std::uint32_t version{};
    std::uint32_t times{};
};

struct bug {
    int id{};
    bool hidden{};
    std::string title{};
    std::string alias{};
    std::int64_t created{};
    std::vector<bug_state> history{}; // never empty; version n is history[n - 1]
    std::vector<serving> served{};
    std::uint32_t asked{};

    bug_state const& now() const noexcept { return history.back(); }
    std::uint32_t version() const noexcept { return static_cast<std::uint32_t>(history.size()); }
};

// What somebody wrote about a bug.
struct remark {
    std::int64_t id{}; // one of a kind within its tracker, ascending
    std::string author{};
    std::int64_t at{}; // seconds since 1970, by the tracker's clock
    std::string text{};
};

// The report, and one remark for each of its states: a change of the bug writes one more.
std::vector<remark> remarks_of(bug const& b);

// What differs after a change; what is left out stays.
struct bug_change {
    std::optional<std::string> status{};
    std::optional<std::string> resolution{};
    std::optional<std::string> priority{};
    std::optional<std::string> severity{};
    std::optional<int> duplicate_of{};
    std::size_t task = 0; // Launchpad: which of the bug's tasks
};

// The bugs of one tracker, made from its seed, and the ledger of what they were and what was told of them.
class bug_store {
public:
    explicit bug_store(tracker_options const& options);

    vocabulary const& words() const noexcept { return words_; }
    std::span<bug const> all() const noexcept { return bugs_; }
    // Nothing for an id that does not exist.
    bug const* find(std::int64_t id) const noexcept;

    // A bug has a new state from `now` on; false where there is no such bug or task.
    bool change(std::int64_t id, bug_change const& what, std::int64_t now);
    // Moves `count` bugs, chosen by the seed, to a next state; gives their ids. The special bugs of
    // options.hpp stay as they are.
    std::vector<int> step(std::size_t count, std::int64_t now);

    // A client asked for this bug; ids that do not exist are counted too.
    void record_asked(std::int64_t id) noexcept;
    // This version of the bug is being sent to a client.
    void record_served(int id, std::uint32_t version);

    std::uint64_t asked() const noexcept { return asked_; }
    std::uint64_t asked_missing() const noexcept { return asked_missing_; }

private:
    bug make(int id, tracker_options const& options);
    bug_state next_state(bug_state const& from);

    vocabulary words_;
    dice dice_;
    std::vector<bug> bugs_;
    std::uint64_t asked_{};
    std::uint64_t asked_missing_{};
};

// {"tracker":NAME,"bugs":[{"id":1,"asked":3,"states":[{"version":1,"at":"…Z","status":…,"resolution":…,
// "priority":…,"severity":…,"duplicate_of":null}],"served":[[version,times],…]},…]}
std::string ledger_json(std::string_view tracker, bug_store const& bugs);

} // namespace checkwatches::mock
