#pragma once

#include "adapters/adapter.hpp"
#include "adapters/wire/json.hpp"

namespace checkwatches::adapters::phorge {

using fields = std::vector<std::pair<std::string, std::string>>;

// What a call of Conduit came to.
struct conduit_answer {
    wire::json_document json;
    wire::json_element result; // points into `json`
    std::size_t replaced = 0;
    std::string request{}; // for errors
};

// Calls a method by POST, with the API token in the body where there is one. Conduit tells its errors with
// 200, by error_code: a missing or wrong token is auth_failed, a method that is not there unsupported, any
// other protocol_error. An answer that is not Conduit's is an error by explain(), as the tracker's trouble.
awaitable<result<conduit_answer>> call(remote& at, std::string_view method, fields const& params);

} // namespace checkwatches::adapters::phorge
