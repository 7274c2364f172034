#pragma once

#include "engine/core/clock.hpp"
#include "engine/core/error.hpp"
#include "engine/serve/http/message.hpp"
#include "engine/serve/web/failed_logins.hpp"
#include "engine/serve/web/web_parts.hpp"
#include "engine/serve/web/web_settings.hpp"
#include "storage/background_reader.hpp"

#include <map>
#include <optional>
#include <string>

namespace checkwatches::serve {

// Says who asks. A program shows its token ("Authorization: Bearer …"); a person gives a token once, to the
// login form, and a session's cookie says who they are from then on, until it expires, the token is revoked,
// or this process ends. Who guesses is slowed down.
class access {
public:
    access(storage::background_reader& in, clock const& time, web_settings const& settings)
        : in_{in},
          time_{time},
          settings_{settings}
    {}

    // Who asks; nobody that is known where the request shows neither. Errors: auth_failed, for a token that
    // is not valid; rate_limited, with retry_after, where too many were not; storage.
    awaitable<result<visitor>> who(http_request const& rq);

    // Begins a session with the token; the value of its Set-Cookie header. Errors as above.
    awaitable<result<std::string>> log_in(http_request const& rq, std::string token);
    // Ends the request's session; the value of the Set-Cookie header that takes the cookie away.
    std::string log_out(http_request const& rq);

    // Whether the request may change something: it comes from our own pages, as its session's secret (the
    // field "csrf" of a form, or the header X-CSRF-Token) and its Origin show, or from a program that showed
    // a token.
    static bool is_ours(http_request const& rq, visitor const& who);

private:
    struct session {
        std::string token_hash{};
        std::string csrf{};
        clock::duration ends{}; // by uptime
    };
    using sessions = std::map<std::string, session, std::less<>>; // by the hash of the cookie's value

    // Whose token has this hash. Who shows one that nobody has is refused, and after too often told to wait; one that
    // is valid is never refused: it is no guess, and others may share the address of those who guess.
    awaitable<result<storage::access_token>> token_of(std::string const& peer, std::string hash);
    visitor visitor_of(std::optional<storage::access_token> const& token) const;
    std::string cookie(http_request const& rq, std::string_view value, std::chrono::seconds age) const;
    void drop_old_sessions();

    storage::background_reader& in_;
    clock const& time_;
    web_settings const& settings_;
    sessions sessions_;
    failed_logins failed_;
};

} // namespace checkwatches::serve
