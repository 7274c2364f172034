#pragma once

#include "engine/core/async.hpp"
#include "engine/core/error.hpp"
#include "engine/core/secret.hpp"
#include "engine/core/url.hpp"
#include "engine/net/cookies.hpp"

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace checkwatches::net {

using header_list = std::vector<std::pair<std::string, std::string>>;

// The first header of this name, compared without case; empty where there is none.
std::string_view find_header(header_list const& headers, std::string_view name) noexcept;

enum class redirect_policy {
    follow, // GET and HEAD: followed; POST: posted again on 307 and 308, fetched by GET on 301, 302 and 303
    repost, // a POST is posted again on 301, 302 and 303 too
    ignore, // the redirect is the response
};

// The credential part of one request: added to it only while it goes to `credential.origin`.
struct login {
    enum class where { query, header, basic, body };
    where place{};
    std::string name{};   // of the query parameter or the header
    std::string prefix{}; // before the value in a header: "Bearer "
    credential who{};
    // where::body: these texts in the body are replaced by the value and the user, percent-encoded where the
    // body is a form (application/x-www-form-urlencoded), XML-escaped otherwise.
    std::string secret_slot{};
    std::string user_slot{};
};

struct request {
    std::string method{"GET"};
    web_url url{};
    header_list headers{}; // beside Host, User-Agent, Accept-Encoding, Connection, Content-Length and Cookie
    std::string body{};
    redirect_policy on_redirect = redirect_policy::follow;
    std::optional<net::login> login{};
};

struct response {
    unsigned status{};
    header_list headers{};
    std::string body{}; // without content coding
    web_url url{};      // that answered, after redirects
    // Where 301 or 308 said that the thing lives for good; nothing where no hop was permanent.
    std::optional<web_url> moved_to{};
    std::chrono::milliseconds elapsed{};
};

// Sends HTTP/1.1 requests: resolves, connects, speaks TLS, keeps connections, obeys each host's budget,
// follows redirects, keeps cookies, takes content coding off. Any HTTP status is a response, but 429, and a
// 403 that speaks of a rate limit, is an error of kind rate_limited. All calls are made on the loop's thread.
class client {
public:
    virtual ~client() = default;

    // `session` keeps the cookies of one tracker; both must outlive the call. Errors: connect_failed,
    // tls_failed, timeout, too_large, protocol_error, rate_limited (with retry_after where the server named a
    // time), deferred (the budget's wait would be too long: nothing was sent), usage (a header or the address
    // holds what cannot be sent). Cancelled, it throws operation_aborted, and the socket is closed.
    virtual awaitable<result<response>> send(request const& rq, cookie_jar& session) = 0;
};

} // namespace checkwatches::net
