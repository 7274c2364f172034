#pragma once

#include "engine/core/time.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace checkwatches::storage {

// A comment in Gerrit by which somebody had a change tested again: for a bug, or for none that they named.
struct recheck {
    std::string message{}; // its id; one message may name several bugs
    std::string bug{};     // digits; empty: "no bug"
    utc_time at{};
    std::int64_t change{}; // its number
    std::string project{};
    std::string branch{};

    bool operator==(recheck const&) const = default;
};

// A change that was tested again for a bug, as it was when it was read last.
struct rechecked_change {
    std::int64_t number{};
    std::string subject{};
    bool is_open = false; // neither merged nor abandoned
    utc_time updated{};

    bool operator==(rechecked_change const&) const = default;
};

// A Gerrit whose comments are read: as it is configured, and how the reading fares.
struct recheck_source {
    std::string name{}; // unique; its watches have the source "gerrit:NAME"
    std::string url{};
    std::string bugs{}; // where a bug of this number is: "https://bugs.launchpad.net/bugs/{id}"
    std::chrono::seconds every{};
    std::optional<utc_time> tried_at{}; // the last time that it was asked, however that ended
    std::optional<utc_time> read_at{};  // up to when all was read that was said …
    std::optional<utc_time> began_at{}; // … and from when on; nothing: from its beginning
    std::optional<utc_time> newest{};   // the last change that was read, by Gerrit's own clock
    std::string failure{};              // of the last attempt; empty where it did not fail
    std::int64_t failures = 0;          // in a row
    std::string folder{};               // of its signatures; empty: there is none
    std::optional<utc_time> folder_at{};
    std::string folder_trouble{}; // why the folder could not be read

    std::string watch_source() const { return "gerrit:" + name; }
};

// A time for which a source did not answer. Where it was read later after all it is filled, and what was said
// then is known; otherwise nothing is known of it, which is not the same as that nothing was said.
struct recheck_gap {
    std::string source{};
    utc_time began{};
    std::optional<utc_time> ended{}; // nothing: it goes on
    bool is_filled = false;
    std::string why{};

    bool operator==(recheck_gap const&) const = default;
};

// A file of a source's folder of signatures, with the keys that elastic-recheck gives them.
struct recheck_signature {
    std::string file{}; // its name: "1234.yaml"
    std::string bug{};  // "1234"; empty where the name says none
    std::string query{};
    bool suppress_graph = false;
    bool suppress_notification = false;
    bool allow_nonvoting = false;
    std::vector<std::string> test_ids{};
    std::string trouble{}; // why it is left out; with its place, where there is one (from 1; 0: none)
    std::int64_t line = 0;
    std::int64_t column = 0;

    bool is_good() const noexcept { return trouble.empty(); }
    bool operator==(recheck_signature const&) const = default;
};

// How often a bug was rechecked for in some time, and in the last part of it.
struct recheck_count {
    std::string source{};
    std::string bug{};
    std::int64_t times = 0;
    std::int64_t lately = 0;
};

// Rechecks of one hour for one bug in one project.
struct recheck_hour {
    std::string project{};
    utc_time hour{}; // its beginning
    std::int64_t times = 0;
};

// The same of one day (since 1970-01-01), in all projects.
struct recheck_day {
    std::string source{};
    std::string bug{}; // empty: "no bug"
    std::int64_t day = 0;
    std::int64_t times = 0;
};

// How often a bug was rechecked for, and when first and last.
struct recheck_sum {
    std::string source{};
    std::string bug{};
    std::int64_t times = 0;
    utc_time first{};
    utc_time last{};
};

// … in one project.
struct recheck_project {
    std::string bug{};
    std::string project{};
    std::int64_t times = 0;
    utc_time last{};
};

// An open change that was rechecked for a bug.
struct recheck_review {
    std::int64_t change{};
    std::string project{};
    std::string subject{};
    utc_time last{}; // when it was rechecked for the bug
};

// What one answer of a source, in whole or in parts, brought.
struct recheck_reading {
    std::string source{};
    std::vector<recheck> said{};
    std::vector<rechecked_change> changes{}; // those that it was said of, and those known that it tells of
};

} // namespace checkwatches::storage
