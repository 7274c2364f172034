#pragma once

#include "engine/feed/courier.hpp"
#include "engine/net/alarm.hpp"

#include <boost/asio/cancellation_signal.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <random>
#include <string>
#include <vector>

namespace checkwatches::feed {

// Where the sink of this name stands; nothing: it was never served.
std::optional<storage::sink_record> record_of(storage::reader const& in, std::string const& name);

// The way to one sink: what the courier does for it.
class route {
public:
    enum class errand { stay, once };

    // All references outlive the route; it outlives run().
    route(courier_parts const& parts, courier_settings const& settings, served_sink to);

    // Finds out where the sink stands; a new one begins. False: the database cannot be read now.
    awaitable<bool> load();

    // Until dismissed; once: until nothing is left, or the sink is in trouble.
    awaitable<void> run(errand how);

    void look() { bell_.ring(); }
    void replace(served_sink by); // when what it is delivering is over; one that was dismissed stays
    void dismiss();
    void retry(); // what is parked and to be tried again; and at once what waits after trouble
    void skip();  // what is not taken next
    std::shared_ptr<sink> const& to() const noexcept { return next_ ? next_->to : served_.to; }
    bool is_dismissed() const noexcept { return dismissed_; }
    // Up to which check event it has all that it wants; nothing: it wants none.
    std::optional<std::int64_t> has_checks_up_to() const;

    asio::cancellation_signal stop{};

private:
    // What is being told is to be left for now: it is read again.
    bool must_turn() const noexcept { return dismissed_ || next_ || is_over_ || gave_up_; }
    bool take_next();
    awaitable<bool> tell_page(event_kind what);
    awaitable<bool> tell_all(event_kind what, std::vector<event> events);
    awaitable<void> tell_parked();
    awaitable<bool> tell_again(storage::parked_event parked);
    awaitable<delivery> deliver(std::vector<event> events);
    void note_confirmed(event_kind what, std::vector<event> const& events, std::size_t n);
    void note_success();
    void note_trouble(delivery const& came);
    awaitable<void> note_blindness(error const& why);
    bool is_to_be_parked(delivery const& came);
    awaitable<void> park(event_kind what, event e);
    awaitable<void> keep();
    awaitable<void> keep_at_times();
    awaitable<void> write(std::function<void(storage::store&)> work);
    awaitable<void> pace(std::size_t events);
    awaitable<void> wait_out(delivery const& came);
    std::int64_t& position(event_kind what);

    courier_parts const& parts_;
    courier_settings const& settings_;
    served_sink served_;
    std::unique_ptr<served_sink> next_{};
    storage::sink_record record_{};
    storage::sink_record kept_{}; // as it was written last
    clock::duration kept_at_{};   // … since the start of the clock
    net::alarm bell_;             // something may be new
    net::alarm pause_;            // a wait after trouble, or for the rate, is over
    std::minstd_rand random_{std::random_device{}()};
    std::chrono::duration<double, std::milli> free_at_{}; // when the rate lets the next through
    std::int64_t refusals_ = 0;                           // of the first event that is not confirmed
    std::int64_t parked_ = 0;                             // in a row
    bool once_ = false;
    bool gave_up_ = false;  // once: the sink is in trouble
    bool is_blind_ = false; // the database cannot be read, and it was said
    bool is_over_ = false;  // the other side wants no more
    bool skip_ = false;
    bool retry_ = true;
    bool is_loaded_ = false;
    bool dismissed_ = false;
};

} // namespace checkwatches::feed
