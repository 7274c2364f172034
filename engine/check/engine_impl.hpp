#pragma once

#include "engine/check/alarm.hpp"
#include "engine/check/engine.hpp"
#include "engine/check/roster.hpp"
#include "engine/check/selection.hpp"
#include "engine/check/tracker_job.hpp"
#include "engine/check/turns.hpp"

#include <boost/asio/cancellation_signal.hpp>

#include <exception>
#include <map>

namespace checkwatches::check {

// What engine.cpp (checks), engine_loop.cpp (who is asked when), engine_run.cpp (one run at one tracker) and
// engine_control.cpp (everything else) share.
class engine::impl {
public:
    impl(engine_parts const& parts, engine_settings settings);

    awaitable<result<void>> load();
    awaitable<result<void>> serve();
    void stop();
    awaitable<void> finish(std::chrono::milliseconds bound);
    awaitable<result<pass_result>> check(pass_request wanted, pass_observer& told);
    awaitable<result<estimate>> cost(pass_request wanted);
    awaitable<result<void>> refresh();
    awaitable<result<storage::stored_capabilities>> probe(std::string name);
    awaitable<result<void>> set_paused(std::string name, bool paused, std::string note);
    awaitable<result<void>> reset(std::string name);
    awaitable<result<void>> configure(std::string name, storage::tracker_settings settings);
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
    std::chrono::seconds time_for(host_desk const& host, std::size_t requests) const;

    // engine_control.cpp
    result<desk*> named(std::string const& name);
    awaitable<result<void>> keep_state(desk const& d);
    void apply_budget(desk const& d);

    // engine_loop.cpp
    void rest(desk& d);
    void start_what_may();
    void start(desk& d);
    void on_run_over(desk& d, std::exception_ptr failure);

    // engine_run.cpp
    awaitable<void> run(desk& d);
    bool take_chunk(desk& d, std::size_t most);
    awaitable<result<std::vector<storage::bug_state>>> read_rows(desk& d);
    void on_settled(desk& d, tracker_job const& job, std::vector<storage::settled_bug> const& bugs);
    awaitable<void> conclude(desk& d, tracker_job const& job);
    void end_parts(
        desk& d, std::optional<error> const& trouble, std::optional<web_url> const& moved_to = std::nullopt);
    void hold(desk& d, clock::duration span, std::string why);

    engine_parts parts_;
    engine_settings settings_;
    timeline on_;
    roster roster_;
    turns turns_;
    alarm alarm_;
    std::map<desk*, running> running_;
    utc_time started_at_;
    utc_time scheduler_moved_at_;
    utc_time network_moved_at_;
    std::size_t passes_ = 0;
    bool serving_ = false;
    bool stopping_ = false;
    std::optional<error> broken_store_;
    std::exception_ptr failure_;
};

} // namespace checkwatches::check
