#pragma once

#include "engine/check/desk.hpp"

#include <cstdint>
#include <vector>

namespace checkwatches::check {

// Which bugs of one tracker a request is about. Pure.
class selection {
public:
    // `now` on the timeline.
    selection(pass_request const& wanted, storage::tracker_id of, utc_time now);

    // Their numbers: of those that nobody asks for yet, ascending; and of those that somebody does.
    std::vector<std::uint32_t> on_agenda(desk const& d) const;
    std::vector<std::uint32_t> under_way(desk const& d) const;

private:
    bool fits(agenda::entry const& e) const;

    bool force_;
    bool all_;                        // not just some bugs
    std::vector<std::uint32_t> only_; // ascending
    std::uint32_t now_;
};

} // namespace checkwatches::check
