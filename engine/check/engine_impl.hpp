#pragma once

#include "engine/check/engine.hpp"
#include "engine/check/roster.hpp"
#include "engine/check/selection.hpp"
#include "engine/check/tracker_job.hpp"
#include "engine/check/turns.hpp"
#include "engine/net/alarm.hpp"

#include <boost/asio/cancellation_signal.hpp>

#include <deque>
#include <exception>
#include <functional>
#include <map>
#include <random>
#include <set>
#include <span>
#include <vector>

namespace checkwatches::check {

class pass_book;

// What engine.cpp (checks), engine_loop.cpp (who is asked when), engine_run.cpp (one run at one tracker),
// engine_health.cpp (what failures and gaps do), engine_cost.cpp and engine_control.cpp (everything else)
// share.
class engine::impl {
public:
    impl(engine_parts const& parts, engine_settings settings);

    awaitable<result<void>> load();
    awaitable<result<void>> serve();
    void stop();
    awaitable<void> finish(std::chrono::milliseconds bound);
    awaitable<result<pass_result>> check(pass_request wanted, pass_observer& told);
    awaitable<result<estimate>> cost(pass_request wanted);
    result<std::size_t> count(pass_request const& wanted);
    awaitable<result<void>> refresh(std::vector<storage::bug_id> moved = {});
    awaitable<result<storage::stored_capabilities>> probe(std::string name);
    awaitable<result<void>> set_paused(std::string name, bool paused, std::string note);
    awaitable<result<void>> reset(std::string name);
    awaitable<result<storage::tracker_settings>>
    configure(std::string name, std::function<void(storage::tracker_settings&)> change);
    awaitable<result<std::size_t>>
    set_meaning(std::string name, std::string field, std::string key, std::string means, std::string actor);
    void reload(engine_settings settings);
    engine_status status() const;

private:
    // A run under way.
    struct running {
        asio::cancellation_signal stop{};
        tracker_job* job = nullptr;
    };

    // engine.cpp
    result<std::vector<desk*>> chosen(pass_request const& wanted);
    static std::vector<std::uint32_t> pick(desk& d, selection const& wanted);
    std::optional<error> obstacle_of(desk& d, bool force) const;

    // engine_cost.cpp
    std::vector<std::uint32_t> numbers_of(desk const& d, pass_request const& wanted) const;
    struct need { // as in estimate
        std::size_t requests = 0;
        std::size_t free = 0;
    };
    awaitable<result<need>> need_of(desk const& d, std::vector<std::uint32_t> numbers);
    awaitable<result<std::size_t>>
    free_of(desk const& d, capabilities const& can, batch_plan const& plan, bug_rows const& rows);
    std::chrono::seconds time_for(host_desk const& host, std::size_t requests) const;

    // engine_control.cpp
    result<desk*> named(std::string const& name);
    // With the run that has ended, where there is one.
    awaitable<result<void>> keep_state(desk& d, std::optional<storage::tracker_pass> pass = std::nullopt);
    void make_due(desk& d, std::vector<storage::bug_id> const& bugs);
    void apply_budget(host_desk const& host);

    // engine_meanings.cpp
    awaitable<result<void>> load_meanings();
    std::optional<storage::stored_meaning> swap_meaning(storage::stored_meaning const& what);
    void apply_meanings();
    struct effect {
        std::vector<storage::bug_id> bugs{};          // that mean something else by now
        std::vector<storage::unmapped_entry> queue{}; // … and the words there that mean something by now
    };
    awaitable<result<effect>> effect_of(desk const& d, storage::stored_meaning what);
    awaitable<result<void>> reschedule(std::vector<storage::bug_id> bugs);

    // engine_loop.cpp
    void rest(desk& d);
    awaitable<void> dispatch();
    void notice_gaps(clock::duration nap, clock::duration began);
    void start_what_may();
    void start(desk& d);
    void on_run_over(desk& d, std::exception_ptr failure);
    void let_go(desk& d);
    void cancel_runs();

    // engine_health.cpp: breakers, being offline, moves, upkeep
    awaitable<result<void>> restore_health();
    bool admit(desk& d);
    void book_success(desk& d);
    void book_failure(desk& d, error const& trouble);
    std::vector<std::function<void(storage::store&)>> breaker_writes(desk& d);
    void book_skew(desk& d, std::optional<std::chrono::milliseconds> skew);
    static std::optional<web_url> move_told_by(desk const& d, tracker_job const& job);
    awaitable<void> book_move(desk& d, tracker_job const& job);
    network_watch::hooks hooks();
    awaitable<bool> ask_canary();
    void tell_incident(std::string kind, std::string detail);
    awaitable<void> keep_incidents();
    void notice_writer();
    awaitable<void> look_after_store();

    // engine_run.cpp
    awaitable<void> run(desk& d);
    awaitable<result<void>> read_capabilities(desk& d);
    awaitable<void> check_chunks(desk& d, tracker_job& job, std::size_t batch, pass_settings const& how);
    // Numbers that were taken into hand, and those of them that are not due yet.
    struct chunk {
        std::vector<std::uint32_t> fresh{};
        std::set<std::uint32_t> along{};
    };
    chunk take_chunk(desk& d, std::size_t most, std::size_t batch);
    void leave_unripe(
        desk& d,
        std::vector<storage::settled_bug>& rows,
        std::set<std::uint32_t> const& along,
        schedule_policy const& policy);
    awaitable<result<std::vector<storage::settled_bug>>>
    read_rows(desk& d, std::vector<std::uint32_t> numbers);
    void on_settled(desk& d, tracker_job const& job, std::vector<storage::settled_bug> const& bugs);
    awaitable<void> conclude(desk& d, tracker_job const& job, pass_book& book);
    void end_parts(
        desk& d, std::optional<error> const& trouble, std::optional<web_url> const& moved_to = std::nullopt);
    void hold(desk& d, clock::duration span, std::string why);
    error closed(desk const& d) const;

    engine_parts parts_;
    engine_settings settings_;
    overrides configured_;                          // what the configuration says that words mean
    std::vector<storage::stored_meaning> meanings_; // … and what was said since; settings_ holds both
    timeline on_;
    roster roster_;
    turns turns_;
    net::alarm alarm_;
    ramp pace_;
    network_watch network_;
    std::mt19937_64 dice_{std::random_device{}()};
    net::cookie_jar canary_cookies_;
    std::map<desk*, running> running_;
    utc_time started_at_;
    utc_time scheduler_moved_at_;
    utc_time network_moved_at_;
    std::size_t passes_ = 0;
    clock::duration step_seen_{};             // of the clock, so far
    std::deque<storage::incident> incidents_; // to be stored; an end without begin ends the last of its kind
    net::alarm incident_bell_;
    bool stuck_ = false; // the writer
    bool serving_ = false;
    bool stopping_ = false;
    std::optional<error> broken_store_;
    std::exception_ptr failure_;
};

} // namespace checkwatches::check
