#include "engine/serve/web/access.hpp"

#include "engine/core/sha256.hpp"
#include "engine/serve/web/secrets.hpp"

#include <boost/algorithm/string/predicate.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace checkwatches::serve {
namespace {

constexpr std::size_t most_sessions_of_token = 20;

// Over TLS a name that browsers take from this host alone, and over TLS.
std::string_view cookie_name(http_request const& rq) noexcept
{
    return rq.is_secure ? "__Host-checkwatches_session" : "checkwatches_session";
}

constexpr std::string_view bearer = "Bearer ";
constexpr std::size_t most_sessions = 1000;

// The token that a program shows; nothing where it shows none.
std::optional<std::string> shown_token(http_request const& rq)
{
    auto const value = rq.header("Authorization");
    if (!boost::algorithm::istarts_with(value, bearer))
        return std::nullopt;
    return std::string{value.substr(bearer.size())};
}

// Whether the page that sent the request is ours: browsers say where it came from.
bool is_of_our_origin(http_request const& rq)
{
    auto const site = rq.header("Sec-Fetch-Site");
    if (!site.empty() && site != "same-origin" && site != "none")
        return false;
    auto const origin = rq.header("Origin");
    if (origin.empty()) // no browser
        return true;
    auto const scheme = rq.is_secure ? std::string_view{"https://"} : std::string_view{"http://"};
    return boost::algorithm::iequals(origin, std::string{scheme} + std::string{rq.header("Host")});
}

} // namespace

awaitable<result<storage::access_token>> access::token_of(std::string const& peer, std::string hash)
{
    auto question = [hash = std::move(hash)](storage::reader const& in) { return in.token_by_hash(hash); };
    auto const known = co_await in_.run(std::move(question));
    if (!known)
        co_return known.error();
    if (*known)
        co_return **known;
    if (auto const wait = failed_.wait(peer, time_.up()))
        co_return error{
            .kind = error_kind::rate_limited,
            .message = "too many tokens were not valid",
            .retry_after = wait};
    failed_.failed(peer, time_.up());
    co_return error{.kind = error_kind::auth_failed, .message = "the token is not valid"};
}

visitor access::visitor_of(std::optional<storage::access_token> const& token) const
{
    if (!token)
        return {.may_read = settings_.open_reading};
    return {
        .actor = "token " + token->name,
        .may_read = true,
        .may_operate = token->right == storage::access_right::operate};
}

awaitable<result<visitor>> access::who(http_request const& rq)
{
    if (auto const token = shown_token(rq)) {
        auto const known = co_await token_of(rq.peer, sha256_of(*token));
        if (!known)
            co_return known.error();
        co_return visitor_of(*known);
    }
    auto const found = sessions_.find(sha256_of(rq.cookie(cookie_name(rq))));
    if (found == sessions_.end() || found->second.ends <= time_.up())
        co_return visitor_of(std::nullopt);
    auto const known = found->second;
    auto question = [hash = known.token_hash](storage::reader const& in) { return in.token_by_hash(hash); };
    auto const token = co_await in_.run(std::move(question));
    if (!token)
        co_return token.error();
    auto out = visitor_of(*token);
    if (*token)
        out.csrf = known.csrf;
    co_return out;
}

awaitable<result<std::string>> access::log_in(http_request const& rq, std::string token)
{
    auto const hash = sha256_of(token);
    auto const known = co_await token_of(rq.peer, hash);
    if (!known)
        co_return known.error();
    log_out(rq);
    drop_old_sessions(hash);
    auto const value = random_secret("");
    session fresh{
        .token_hash = hash,
        .csrf = random_secret(""),
        .ends = time_.up() + clock::duration{settings_.session}};
    sessions_.insert_or_assign(sha256_of(value), std::move(fresh));
    co_return cookie(rq, value, settings_.session);
}

std::string access::log_out(http_request const& rq)
{
    sessions_.erase(sha256_of(rq.cookie(cookie_name(rq))));
    return cookie(rq, "", std::chrono::seconds{0});
}

bool access::is_ours(http_request const& rq, visitor const& who)
{
    if (!is_of_our_origin(rq))
        return false;
    if (who.csrf.empty())
        return true;
    if (same_secret(rq.header("X-CSRF-Token"), who.csrf))
        return true;
    auto const form = read_form(rq.body);
    return form && same_secret(find_field(*form, "csrf"), who.csrf);
}

std::string access::cookie(http_request const& rq, std::string_view value, std::chrono::seconds age) const
{
    return fmt::format(
        "{}={}; Path=/; HttpOnly; SameSite=Strict; Max-Age={}{}",
        cookie_name(rq),
        value,
        age.count(),
        rq.is_secure ? "; Secure" : "");
}

void access::drop_old_sessions(std::string const& token_hash)
{
    auto const now = time_.up();
    std::erase_if(sessions_, [&](auto const& one) { return one.second.ends <= now; });
    auto const drop_first_of = [&](auto is_meant, std::size_t most) {
        auto first = sessions_.end();
        std::size_t n = 0;
        for (auto at = sessions_.begin(); at != sessions_.end(); ++at) {
            if (!is_meant(at->second))
                continue;
            ++n;
            if (first == sessions_.end() || at->second.ends < first->second.ends)
                first = at;
        }
        if (n >= most)
            sessions_.erase(first);
    };
    // Nobody's many sessions end another's.
    drop_first_of([&](session const& s) { return s.token_hash == token_hash; }, most_sessions_of_token);
    drop_first_of([](session const&) { return true; }, most_sessions);
}

} // namespace checkwatches::serve
