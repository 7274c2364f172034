#pragma once

#include "adapters/adapter.hpp"
#include "adapters/wire/soap.hpp"

#include <span>
#include <string>
#include <string_view>

namespace checkwatches::adapters::debbugs {

// Where SOAP is spoken: the API's address, which is the program's own or of the folder that has cgi-bin; or
// derived from the tracker's.
web_url service_of(remote const& at);

// What a method answered.
struct service_answer {
    wire::soap::answer what{};
    std::size_t replaced = 0; // characters that could not be decoded
    std::string request{};    // for errors
};

// The methods that are called: get_status of these bugs, get_bug_log of one.
inline constexpr std::string_view get_status = "get_status";
inline constexpr std::string_view get_bug_log = "get_bug_log";
request status_request(remote const& at, std::span<std::string const> ids);
request log_request(remote const& at, std::string const& id);

// Reads what a call of this method came to. As the tracker's trouble: an answer that is no SOAP message (by
// explain()), or one that is not Debbugs' to this method.
result<service_answer> read_answer(reply const& answer, std::string_view method);

// A fault as the tracker's trouble.
error fault_error(wire::soap::fault const& why, std::string request);

} // namespace checkwatches::adapters::debbugs
