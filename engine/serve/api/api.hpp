#pragma once

#include "engine/serve/events/event_hub.hpp"
#include "engine/serve/http/message.hpp"
#include "engine/serve/http/router.hpp"
#include "engine/serve/web/web_parts.hpp"

#include <span>
#include <string>
#include <vector>

namespace checkwatches::serve {

// Everything under /api/v1: JSON over HTTP, described by openapi.json. GET reads the store, and never waits
// for a tracker; what else there is carries something out. What is wrong with a request, and what went wrong,
// is told as a problem (RFC 9457).
class api {
public:
    // Both outlive it.
    api(web_parts const& with, event_hub& events);

    // Whether the path is the API's.
    static bool is_api(http_request const& rq) noexcept;
    // `who` may read at least; the request is ours (access.hpp).
    awaitable<http_answer> answer(http_request rq, visitor who);

private:
    struct route;
    static std::span<route const> routes();

    awaitable<http_answer> read(route const& to, http_request rq, std::vector<std::string> names);
    awaitable<http_answer>
    carry_out(route const& to, http_request rq, std::vector<std::string> names, visitor who);
    awaitable<result<boost::json::object>> status();
    http_answer stream(http_request const& rq);

    web_parts const& with_;
    event_hub& events_;
    route_table table_; // of the routes, in their order
};

} // namespace checkwatches::serve
