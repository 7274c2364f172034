#pragma once

#include "engine/check/engine.hpp"
#include "engine/serve/control_handler.hpp"

namespace checkwatches::app {

// What clients of the resident program ask for, done by its engine. The events of each call:
//   check      "plan" {trackers,bugs}, "batch" and "tracker" {a tally} as it goes on; "result" {a tally} for
//   each
//              tracker of the plan; done {elapsed_ms}
//   cost       done {trackers,bugs,requests,seconds}
//   status     done {what engine_status holds}
//   probe      done {protocol,version,identity,probed_at}
//   others     done {}
class control_service final : public serve::control_handler {
public:
    // The engine outlives the service.
    explicit control_service(check::engine& engine) : engine_{engine} {}

    awaitable<result<boost::json::object>>
    handle(serve::control_request what, std::string actor, serve::control_reply& to) override;

private:
    using answer = awaitable<result<boost::json::object>>;

    answer act(serve::check_call call, serve::control_reply& to);
    answer act(serve::cost_call call, serve::control_reply& to);
    answer act(serve::status_call call, serve::control_reply& to);
    answer act(serve::refresh_call call, serve::control_reply& to);
    answer act(serve::probe_call call, serve::control_reply& to);
    answer act(serve::pause_call call, serve::control_reply& to);
    answer act(serve::resume_call call, serve::control_reply& to);
    answer act(serve::reset_call call, serve::control_reply& to);
    answer act(serve::configure_call call, serve::control_reply& to);
    answer act(serve::watch_call call, serve::control_reply& to);
    answer act(serve::unwatch_call call, serve::control_reply& to);
    answer act(serve::meaning_call call, serve::control_reply& to);
    answer act(serve::put_away_call call, serve::control_reply& to);

    check::engine& engine_;
};

} // namespace checkwatches::app
