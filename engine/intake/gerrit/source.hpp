#pragma once

#include "engine/core/error.hpp"
#include "engine/core/time.hpp"
#include "engine/core/url.hpp"
#include "storage/recheck_records.hpp"

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace checkwatches::intake::gerrit {

// A Gerrit whose comments are read, as [[gerrit]] says it.
struct source {
    std::string name{};
    web_url url{};
    std::string query{"NOT age:14d"};
    std::vector<std::string> projects{}; // names, or "^…" expressions; none: all
    std::string bugs{};                  // where a bug is: a URL with "{id}"
    std::chrono::seconds every{std::chrono::hours{1}};
    std::chrono::seconds forget{std::chrono::days{90}}; // a bug that nobody rechecked for so long
    std::string label{};                                // of its watches; empty: the project's name
    std::string signatures{};                           // a folder; empty: there is none
    bool names_signatures = false;                      // somebody says that the folder is there

    bool operator==(source const&) const = default;
};

inline constexpr std::size_t page_size = 100;            // changes that one request asks for
inline constexpr std::size_t most_pages = 200;           // of one reading
inline constexpr std::size_t page_overlap = 5;           // changes that two pages share
inline constexpr std::chrono::minutes after_overlap{60}; // of two readings, by Gerrit's own clock

// How it is kept.
storage::recheck_source record_of(source const& of);

// The URL of a bug of this source.
std::string bug_url(std::string const& bugs, std::string_view id);

// What is asked for: the configured query, the projects, and only what changed after `newest`, less the
// overlap. Pure.
std::string query_of(source const& of, std::optional<utc_time> newest);

// The request for the changes of a query from number `start` on. With a login it goes below /a/, where Gerrit
// takes one. Pure.
web_url question(source const& of, std::string const& query, std::size_t start, bool has_login);

// How far back the query reaches: the age that it leaves out ("NOT age:14d" or "-age:2w", in Gerrit's units);
// nothing where it leaves none out. Pure.
std::optional<std::chrono::seconds> horizon_of(std::string_view query);

// When a source is to be asked next: after its interval, and where it failed sooner, but ever later. Pure.
utc_time due_at(storage::recheck_source const& s);

} // namespace checkwatches::intake::gerrit
