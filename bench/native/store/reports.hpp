#pragma once

#include "storage/store.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

struct load_shape {
    std::size_t bugs = 1'000'000;
    std::size_t bugs_of_tracker = 500;
    std::size_t changed_of_1000 = 50; // checks that find another status; the others find nothing new
};

// What one transaction writes: reports of at most as many bugs each as trackers are asked for at a time.
using reports = std::vector<checkwatches::storage::report>;

// Bugs that are settled again and again, as the settling of answers does it: each report follows from what
// the last one left of its bugs.
class settled_bugs {
public:
    explicit settled_bugs(load_shape const& shape);

    // The bug in this row of the table, from 0.
    static checkwatches::storage::bug_id id_of(load_shape const& shape, std::size_t row);

    // A database in which all were seen once, and that stands in the log.
    void make_database(std::string const& path);

    // Checks of so many bugs, the next in the order of the table.
    reports neighbours(std::size_t count);
    // … or from anywhere in it.
    reports scattered(std::size_t count);

private:
    class walk {
    public:
        explicit walk(std::size_t bugs);
        std::size_t next();

        std::vector<std::uint32_t> order{}; // rows of the table
        std::size_t at = 0;
    };

    reports check(walk& along, std::size_t count);
    checkwatches::storage::settled_bug settle(std::size_t row);
    void see_first(checkwatches::storage::store& to, std::size_t first_row);

    load_shape shape_;
    checkwatches::utc_time now_;
    std::vector<std::uint16_t> changed_; // how often each did
    walk in_order_;
    walk anywhere_;
};
