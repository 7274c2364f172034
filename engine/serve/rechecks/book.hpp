#pragma once

#include "engine/serve/web/lore.hpp"
#include "storage/reader.hpp"
#include "storage/recheck_reader.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace checkwatches::serve {

inline constexpr std::size_t hours_shown = 240; // 10 days, as elastic-recheck shows them

// Rechecks of one bug by the hour, in one project. Nothing: the hour is not known.
struct recheck_line {
    std::string project{};
    std::int64_t times = 0;
    std::array<std::optional<std::int64_t>, hours_shown> hours{};
};

// A bug that people have changes tested again for, or that has a signature.
struct rechecked_bug {
    std::string source{};
    std::string number{};
    std::string url{};
    std::int64_t times = 0;            // in the hours that are shown
    std::int64_t times_24 = 0;         // in the last 24 of them
    std::vector<recheck_line> lines{}; // most often named first; of many projects the rest is "(others)"
    storage::recheck_signature const* signature = nullptr;

    // From the record of the bug itself (look_up).
    std::optional<storage::bug_id> bug{};
    std::string name{};    // its title; where it is not known elastic-recheck's words for that
    std::string affects{}; // "(nova - Confirmed)"
    std::vector<storage::recheck_review> reviews{}; // open ones that were rechecked for it
};

// A bug that people recheck for and that nobody has a signature for; or that there is no bug ("no bug").
struct queued_bug {
    storage::recheck_sum sum{};
    std::string url{};     // empty: "no bug"
    std::string trouble{}; // of its signature, which is there and cannot be read
    std::vector<storage::recheck_project> projects{};
    std::vector<storage::recheck_review> reviews{};
};

// What is known of rechecks, read in one go; made for one answer.
class recheck_book {
public:
    // Of all sources, or of one, which need not be there.
    recheck_book(storage::reader const& in, std::string const& only_source, utc_time now);

    std::vector<storage::recheck_source> const& sources() const noexcept { return sources_; }
    storage::recheck_source const* source(std::string_view name) const noexcept;
    std::vector<storage::recheck_gap> const& gaps() const noexcept { return gaps_; } // of the last 10 days
    std::vector<std::pair<std::string, storage::recheck_signature>> const& signatures() const noexcept
    {
        return signatures_;
    } // with their source's name
    utc_time now() const noexcept { return now_; }
    utc_time first_hour() const noexcept { return first_hour_; }

    // Up to when all sources are read; nothing where one never was, or there is none.
    std::optional<utc_time> read_up_to() const noexcept;
    // "green", "yellow" where a source is behind its interval, "red" where one is behind by a day.
    std::string_view status() const noexcept;

    // A source is further behind than its interval explains.
    bool is_late(storage::recheck_source const& of) const noexcept;

    // Whether all that was said in the hour that begins then is known, as far as it has gone by.
    bool is_known(storage::recheck_source const& of, utc_time hour) const;
    // Whether anything of a day (since 1970-01-01) is.
    bool is_day_known(storage::recheck_source const& of, std::int64_t day) const;

    // The bugs that have a signature or were rechecked for in these hours, those with the most rechecks in
    // the last 24 first; but those whose signature says suppress-graph. There may be very many.
    std::vector<storage::recheck_count> bugs(storage::reader const& in) const;
    // One of them, hour by hour.
    rechecked_bug draw(storage::recheck_count const& one, storage::reader const& in) const;
    // The bugs that were rechecked for in so many days and have no signature, most often first; "no bug" of
    // each source among them. Without projects and reviews (fill).
    std::vector<queued_bug> queue(storage::reader const& in, std::int64_t days) const;

private:
    storage::recheck_signature const* signature_of(std::string const& source, std::string const& bug) const;
    recheck_line silence(storage::recheck_source const& of) const;
    std::vector<recheck_line>
    lines_of(std::vector<storage::recheck_hour> const& hours, recheck_line const& empty) const;

    utc_time now_;
    utc_time first_hour_;
    std::vector<storage::recheck_source> sources_;
    std::vector<storage::recheck_gap> gaps_;
    std::vector<storage::recheck_gap> all_gaps_;
    std::vector<std::pair<std::string, storage::recheck_signature>> signatures_;
    std::map<std::pair<std::string, std::string>, std::size_t> by_bug_; // of the signatures
    std::map<std::string, recheck_line> empty_; // by source: nothing was said, where it is known
};

// Puts in its projects and its open reviews.
void fill(queued_bug& one, storage::reader const& in);

// Puts in what is on record of the bug itself, and its open reviews.
void look_up(rechecked_bug& one, storage::reader const& in, lore const& known);

// Where people read a change of a source: "https://review.example.org/1234".
std::string review_url(storage::recheck_source const& of, std::int64_t change);

} // namespace checkwatches::serve
