#pragma once

#include "engine/check/engine.hpp"
#include "engine/serve/control_client.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace checkwatches::app {

// The instance that is resident over a database, as other commands see it. Each function blocks, and returns
// nothing where no instance listens (any longer): then who holds the instance lock may do the work itself.
// Errors are the instance's own, or as for serve::ask_instance.
class running_instance {
public:
    explicit running_instance(std::string const& database);

    // Any request; the fields of "done".
    result<std::optional<boost::json::object>>
    ask(serve::control_request request,
        serve::on_event const& tell,
        std::optional<std::chrono::milliseconds> patience = std::nullopt) const;
    // A request whose answer says no more than that it is done.
    result<bool> tell(serve::control_request request) const;

    result<std::optional<check::engine_status>> status(std::chrono::milliseconds patience) const;
    result<std::optional<check::estimate>> cost(check::pass_request const& wanted) const;
    // Whatever the observer missed while the check ran it is told at the end.
    result<std::optional<check::pass_result>>
    check(check::pass_request const& wanted, check::pass_observer& observer) const;

private:
    std::string path_;
};

// Tells a running instance, if there is one, that bugs or trackers were added. It would find out by itself
// within a minute, so that a failure is no more than a line on standard error; but not that these bugs, which
// it knows, are watched again.
void announce_additions(std::string const& database, std::vector<storage::bug_id> again = {});

} // namespace checkwatches::app
