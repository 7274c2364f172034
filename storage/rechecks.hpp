#pragma once

#include "storage/recheck_records.hpp"
#include "storage/sqlite.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace checkwatches::storage {

// What is kept of rechecks: the writing side, a part of store, whose rules hold here, too. Each function is a
// transaction of its own unless one runs.
class recheck_writer {
public:
    explicit recheck_writer(sqlite::database& db);

    // A source as it is configured; how it fares stays as it was.
    void configure(recheck_source const& s);
    // Forgets a source, what was said there, and its signatures; its watches are not touched.
    void drop(std::string const& source);

    // Keeps what was read, each comment once, and how the changes are; of those that nothing was said of only
    // what is known already. How many comments were new.
    std::int64_t add(recheck_reading const& r);
    // How the source fares; what is configured is not touched. No such source: nothing happens.
    void put_progress(recheck_source const& s);

    // A gap begins, unless one goes on.
    void begin_gap(recheck_gap const& g);
    // The gap that goes on is over at `ended`.
    void end_gap(std::string const& source, utc_time ended, bool is_filled);
    // A gap that is over already.
    void add_gap(recheck_gap const& g);

    // The signatures of a source as its folder has them now, in place of what there was.
    void put_signatures(recheck_source const& of, std::vector<recheck_signature> const& all);

    // Removes what was said before, and changes that rested since; at most `most` rows of each. How many.
    std::int64_t prune(utc_time before, std::int64_t most);

private:
    template <class Work>
    auto atomically(Work work);

    sqlite::database* db_;
    sqlite::statement configure_;
    sqlite::statement drop_source_;
    sqlite::statement drop_said_;
    sqlite::statement drop_changes_;
    sqlite::statement drop_gaps_;
    sqlite::statement drop_signatures_;
    sqlite::statement insert_;
    sqlite::statement put_change_;
    sqlite::statement touch_change_;
    sqlite::statement put_progress_;
    sqlite::statement begin_gap_;
    sqlite::statement end_gap_;
    sqlite::statement put_signature_;
    sqlite::statement put_folder_;
    sqlite::statement prune_said_;
    sqlite::statement prune_changes_;
    sqlite::statement prune_gaps_;
};

} // namespace checkwatches::storage
