#pragma once

#include "storage/records.hpp"
#include "storage/sqlite.hpp"

#include <optional>
#include <string>

namespace checkwatches::storage {

// Writes what was checked for programs that want every result, while anybody does (feed_records.hpp).
class check_book {
public:
    explicit check_book(sqlite::database& db);

    void keep(bool wanted) noexcept { is_wanted_ = wanted; }
    bool is_wanted() const noexcept { return is_wanted_; }

    // What is stored of the check before this one; to be read before this one is written.
    struct before {
        std::optional<outcome> how{};
        std::string error{};
        std::optional<utc_time> at{};
    };
    before before_of(bug_id bug);

    // Writes one check, in the transaction that writes its bug's row. A bug without an outcome was not
    // checked: nothing is written.
    void add(utc_time at, settled_bug const& settled, before const& earlier);

    // Removes those up to this id that are not parked for any sink, at most `most`; how many went.
    std::int64_t drop(std::int64_t up_to, std::int64_t most);

private:
    sqlite::database* db_;
    sqlite::statement before_;
    sqlite::statement insert_;
    sqlite::statement drop_;
    bool is_wanted_ = false;
};

} // namespace checkwatches::storage
