#pragma once

#include "engine/core/async.hpp"
#include "engine/serve/control_request.hpp"
#include "engine/serve/json_text.hpp"

#include <boost/json/object.hpp>

#include <string>
#include <string_view>

namespace checkwatches::serve {

// The way of a handler to its client. All calls are made on the loop's thread.
class control_reply {
public:
    virtual ~control_reply() = default;

    // Progress. A client that reads too slowly, or has gone, misses it.
    virtual void tell(std::string_view event, json_text fields) = 0;
    // A part of the answer: waits until the client has taken enough of what came before. Returns at once
    // where the client has gone.
    virtual awaitable<void> send(std::string_view event, json_text fields) = 0;
};

// Who does what clients ask for.
class control_handler {
public:
    virtual ~control_handler() = default;

    // What the call came to: the fields of "done". `to` lives as long as the call. A client that goes away
    // does not end it. What changes something is logged as the act of `actor` ("local user anna").
    virtual awaitable<result<boost::json::object>>
    handle(control_request what, std::string actor, control_reply& to) = 0;
};

} // namespace checkwatches::serve
