#pragma once

#include "engine/check/pass.hpp"
#include "engine/core/clock.hpp"
#include "engine/net/line.hpp"

#include <boost/intrusive/list.hpp>

#include <cstdint>
#include <deque>
#include <span>
#include <vector>

namespace checkwatches::check {

class inquiry;

// What an inquiry waits for at one tracker. Whoever works on the tracker tells it what was settled; it leaves
// the tracker's list when it is done or destroyed.
class inquiry_part : public boost::intrusive::list_base_hook<
                         boost::intrusive::link_mode<boost::intrusive::link_mode_type::auto_unlink>> {
public:
    // Waits for these bugs, by their numbers within the tracker. `requests`, here and below: how many the
    // tracker has ever been sent.
    inquiry_part(
        inquiry& of, storage::tracker const& at, std::vector<std::uint32_t> numbers, std::size_t requests);

    // Counts those of these bugs that it waits for.
    void settled(std::span<storage::settled_bug const> bugs, std::size_t requests);
    // The work is over: what is still waited for was not asked.
    void
    ended(std::optional<error> const& trouble, std::optional<web_url> const& moved_to, std::size_t requests);
    bool is_complete() const noexcept { return left_ == 0; }
    bool waits_for(std::uint32_t number) const { return place_of(number) != nowhere; }

    tracker_tally const& tally() const noexcept { return tally_; }

private:
    static constexpr std::size_t nowhere = static_cast<std::size_t>(-1);
    // Of a number that it waits for; `nowhere` for any other.
    std::size_t place_of(std::uint32_t number) const;

    inquiry& of_;
    tracker_tally tally_;
    std::vector<std::uint32_t> numbers_; // ascending
    std::vector<bool> got_;              // of each
    std::size_t next_ = 0;               // behind the one that was settled last: often it goes on in order
    std::size_t left_;
    std::size_t requests_before_;
};

using inquiry_parts = boost::intrusive::list<inquiry_part, boost::intrusive::constant_time_size<false>>;

// One check() under way: its parts at the trackers, and what came of them.
class inquiry {
public:
    inquiry(clock const& time, pass_observer& told) : time_{time}, told_{told}, began_{time.up()} {}
    inquiry(inquiry const&) = delete; // parts point here
    inquiry& operator=(inquiry const&) = delete;

    inquiry_part&
    add_part(storage::tracker const& at, std::vector<std::uint32_t> numbers, std::size_t requests);
    // Every part has been added: tells the plan.
    void begin();
    // Returns when all parts have ended.
    awaitable<pass_result> wait();

private:
    friend inquiry_part;
    std::chrono::milliseconds elapsed() const { return time_.up() - began_; }
    void on_batch(inquiry_part const& part) { told_.on_batch(part.tally()); }
    void on_ended(inquiry_part const& part);

    clock const& time_;
    pass_observer& told_;
    clock::duration began_;
    std::deque<inquiry_part> parts_; // in the order of the trackers' names
    std::size_t open_ = 0;
    net::line done_;
};

} // namespace checkwatches::check
