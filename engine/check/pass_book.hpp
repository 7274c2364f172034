#pragma once

#include "engine/check/engine_observer.hpp"
#include "engine/core/clock.hpp"
#include "engine/remote/bound_remote.hpp"

#include <optional>
#include <vector>

namespace checkwatches::check {

// Books one run at one tracker, and tells the observer of it: that it began when this is made, and that it
// ended at the latest when this is gone, however that came.
class pass_book {
public:
    // `told` may be null; all of it outlives the book.
    pass_book(storage::tracker const& at, clock const& time, engine_observer* told);
    pass_book(pass_book const&) = delete;
    pass_book& operator=(pass_book const&) = delete;
    ~pass_book();

    // These checks are durable.
    void settled(std::vector<storage::settled_bug> const& bugs);
    // What a remote is to call for each request; nothing where nobody wants to know.
    bound_remote::on_request on_request();
    // The run is over; `trouble` ended it early. What is to be stored of it: nothing where it asked nothing.
    std::optional<storage::tracker_pass>
    close(bound_remote const& over, std::optional<error> const& trouble, bool offline);

private:
    storage::tracker const& at_;
    clock const& time_;
    engine_observer* told_;
    storage::tracker_pass pass_;
};

} // namespace checkwatches::check
