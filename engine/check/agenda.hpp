#pragma once

#include "engine/core/time.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace checkwatches::check {

// When the bugs of one tracker are due: a heap of eight bytes a bug. A bug that is being asked for is not on
// it.
class agenda {
public:
    // A bug by its number within the tracker (the lower half of storage::bug_id). Never-checked bugs come
    // first: they are due since 1970.
    struct entry {
        std::uint32_t due = 0; // seconds since 1970 UTC
        std::uint32_t number = 0;
    };
    static entry make_entry(std::uint32_t number, utc_time due);

    // Replaces all. Linear in their number.
    void fill(std::vector<entry> all);
    void add(entry e);

    // The earliest appointment; nothing where there is none.
    std::optional<utc_time> earliest() const;
    // Takes off those that are due at `now`, the earliest first, at most `most`.
    std::vector<entry> take_due(utc_time now, std::size_t most);
    // Takes off these bugs, where they are on it; `numbers` in ascending order. The earliest first.
    std::vector<entry> take(std::vector<std::uint32_t> const& numbers);
    // Looks at those that are due at `now` without taking them. Costs as much as there are.
    std::vector<entry> due(utc_time now) const;
    std::size_t count_due(utc_time now) const;
    std::vector<entry> const& all() const noexcept { return heap_; } // in the order of the heap

    std::size_t size() const noexcept { return heap_.size(); }

private:
    template <class Visit>
    void visit_due(std::uint32_t now, Visit visit) const;

    std::vector<entry> heap_; // the earliest on top
};

} // namespace checkwatches::check
