#pragma once

#include "engine/app/engine_host.hpp"
#include "engine/feed/courier.hpp"
#include "engine/serve/control_handler.hpp"

namespace checkwatches::app {

// What clients of the resident program ask for, done by its engine. The events of each call:
//   check      "plan" {trackers,bugs}, "batch" and "tracker" {a tally} as it goes on; "result" {a tally} for
//   each
//              tracker of the plan; done {elapsed_ms}
//   cost       done {trackers,bugs,requests,seconds}
//   status     done {what engine_status holds}
//   probe      done {protocol,version,identity,probed_at}
//   watch      done {url,tracker,kind,remote_id,bug,new_tracker,new_bug,new_watch}
//   sink_test  done {answer}: what the sink's other side said
//   sink_retry done {events}: how many are told again
//   meaning    done {due}: how many bugs that made due
//   others     done {}
// What changed something is in the log as the caller's act once it is done; a check that is forced, when it
// begins.
class control_service final : public serve::control_handler {
public:
    // The host outlives the service.
    explicit control_service(engine_host& host) : host_{host}, engine_{host.engine()} {}

    // Who serves the sinks; outlives the service. Without one nothing can be done for them.
    void connect(feed::courier& sinks) noexcept { sinks_ = &sinks; }

    awaitable<result<boost::json::object>>
    handle(serve::control_request what, std::string actor, serve::control_reply& to) override;

private:
    using answer = awaitable<result<boost::json::object>>;
    struct caller {
        std::string actor{};
        serve::control_reply& to;
    };

    answer act(serve::check_call call, caller const& by);
    answer act(serve::cost_call call, caller const& by);
    answer act(serve::status_call call, caller const& by);
    answer act(serve::refresh_call call, caller const& by);
    answer act(serve::limits_call call, caller const& by);
    answer act(serve::probe_call call, caller const& by);
    answer act(serve::pause_call call, caller const& by);
    answer act(serve::resume_call call, caller const& by);
    answer act(serve::reset_call call, caller const& by);
    answer act(serve::configure_call call, caller const& by);
    answer act(serve::meaning_call call, caller const& by);

    // control_service_watches.cpp
    answer act(serve::watch_call call, caller const& by);
    answer act(serve::unwatch_call call, caller const& by);
    answer act(serve::put_away_call call, caller const& by);

    // control_service_sinks.cpp
    answer act(serve::sink_test_call call, caller const& by);
    answer act(serve::sink_retry_call call, caller const& by);
    answer act(serve::sink_skip_call call, caller const& by);
    answer act(serve::sink_drop_call call, caller const& by);

    // Puts an act into the log and gives the answer of its call. Of the tracker of this name, where it is not
    // empty.
    answer note(caller const& by, storage::change act, std::string tracker, boost::json::object answer);

    engine_host& host_;
    check::engine& engine_;
    feed::courier* sinks_ = nullptr;
};

} // namespace checkwatches::app
