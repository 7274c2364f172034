#include "engine/net/cookies.hpp"
#include "engine/net/rate.hpp"
#include "engine/net/redirect.hpp"
#include "tests/fuzz/claim.hpp"

using namespace checkwatches;
using namespace checkwatches::net;

namespace {

bool is_bounded(std::optional<std::chrono::seconds> const& wait)
{
    return !wait || (*wait >= std::chrono::seconds{1} && *wait <= std::chrono::hours{24});
}

} // namespace

// Values of the headers that steer a client, one a line: Set-Cookie, Location, Retry-After, a rate limit's
// reset, Date.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    static auto const here = parse_url("https://bugs.example.org/rest/bug?id=1&api_key=k").value();
    constexpr utc_time now{std::chrono::sys_days{std::chrono::year{2026} / 11 / 22}};
    auto rest = fuzz::as_text(data, size);
    auto const cookie = fuzz::take_line(rest);
    auto const location = fuzz::take_line(rest);
    std::string const retry{fuzz::take_line(rest)};
    std::string const reset{fuzz::take_line(rest)};
    std::string const date{fuzz::take_line(rest)};

    cookie_jar jar;
    for (int i = 0; i != 3; ++i)
        jar.store(here, cookie, now);
    auto const sent = jar.header(here, now);
    fuzz::claim(sent.size() <= 4096 + 1, "a cookie is bounded");
    fuzz::claim(
        sent.find('\r') == std::string::npos && sent.find('\n') == std::string::npos, "a cookie is one line");
    fuzz::claim(
        jar.header(parse_url("https://elsewhere.example.com/").value(), now).empty(),
        "a cookie stays at home");

    request rq{.url = here};
    rq.login = login{
        .place = login::where::query,
        .name = "api_key",
        .who = {.origin = here.origin(), .value = secret{"k"}}};
    rq.headers = {{"Authorization", "Bearer k"}};
    redirects way{5};
    auto const went = way.follow(rq, 302, location);
    if (went && *went && rq.url.origin() != here.origin())
        fuzz::claim(find_header(rq.headers, "Authorization").empty(), "credentials stay with their origin");

    auto const told = read_announcement(
        {{"Retry-After", retry},
         {"X-RateLimit-Remaining", "0"},
         {"X-RateLimit-Reset", reset},
         {"Date", date}},
        now);
    fuzz::claim(is_bounded(told.retry_after) && is_bounded(told.exhausted), "waits are bounded");
    return 0;
}
