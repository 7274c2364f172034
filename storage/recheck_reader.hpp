#pragma once

#include "storage/recheck_records.hpp"
#include "storage/sqlite.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace checkwatches::storage {

// What is kept of rechecks: the reading side, a part of reader, whose rules hold here, too.
class recheck_reader {
public:
    explicit recheck_reader(sqlite::database& db);

    std::vector<recheck_source> sources(); // by name
    // Those that did not end before `since`, by source and beginning.
    std::vector<recheck_gap> gaps(utc_time since);
    std::vector<recheck_signature> signatures(std::string const& source); // by file

    // How often bugs were named from `since` on and before `until`, and of that from `lately` on; by source
    // and bug. Reads an index of all that is kept.
    std::vector<recheck_count> counts(utc_time since, utc_time lately, utc_time until);
    // What was said of one bug in that time, counted by project and hour, in this order.
    std::vector<recheck_hour>
    hours(std::string const& source, std::string const& bug, utc_time since, utc_time until);
    // What was said from `since` on, counted by source, bug and day (UTC).
    std::vector<recheck_day> days(utc_time since);
    // … by source and bug. Reads an index of all that is kept.
    std::vector<recheck_sum> sums(utc_time since);
    // The projects that bugs were named in from `since` on, by bug and project.
    std::vector<recheck_project> projects(std::string const& source, utc_time since);
    // … of one bug, of all that is kept, the most often named first.
    std::vector<recheck_project>
    projects_of(std::string const& source, std::string const& bug, std::int64_t limit);
    // Open changes that were rechecked for the bug, the last first.
    std::vector<recheck_review>
    open_reviews(std::string const& source, std::string const& bug, std::int64_t limit);

private:
    sqlite::statement sources_;
    sqlite::statement gaps_;
    sqlite::statement signatures_;
    sqlite::statement split_;
    sqlite::statement counts_;
    sqlite::statement hours_;
    sqlite::statement days_;
    sqlite::statement sums_;
    sqlite::statement projects_;
    sqlite::statement projects_of_;
    sqlite::statement open_reviews_;
};

} // namespace checkwatches::storage
