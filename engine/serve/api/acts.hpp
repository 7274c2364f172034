#pragma once

#include "engine/serve/http/message.hpp"
#include "engine/serve/web/web_parts.hpp"

#include <boost/json/object.hpp>

#include <string>
#include <vector>

namespace checkwatches::serve {

// What POST, PUT, PATCH and DELETE do: each reads the request, strictly, carries it out through the control
// handler, as the visitor's act, and answers what it came to. An error of kind usage: the request is wrong;
// not_found: there is no such thing; what else may go wrong is the handler's.
struct act {
    web_parts const& with;
    http_request rq{};
    std::vector<std::string> names{}; // of the path
    std::string actor{};
};
struct act_result {
    unsigned status = 200;
    boost::json::object body{};
};
using act_answer = awaitable<result<act_result>>;

act_answer act_add_watch(act a);
act_answer act_remove_watch(act a);
// With "dry": only what it would cost. Otherwise the check begins, and is not waited for.
act_answer act_check_bug(act a);
act_answer act_check_tracker(act a);
act_answer act_probe(act a);
act_answer act_pause(act a);
act_answer act_resume(act a);
act_answer act_reset(act a);
// A merge patch (RFC 7396): what is not named stays, null goes back to the configuration's.
act_answer act_configure(act a);
act_answer act_put_mapping(act a);
act_answer act_drop_mapping(act a);
act_answer act_put_away(act a);
act_answer act_test_sink(act a);
act_answer act_retry_sink(act a);
act_answer act_skip_sink(act a);

} // namespace checkwatches::serve
