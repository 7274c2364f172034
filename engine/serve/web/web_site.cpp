#include "engine/serve/web/web_site.hpp"

#include "engine/serve/http/problem.hpp"
#include "engine/serve/metrics/readiness.hpp"
#include "engine/serve/metrics/scrape.hpp"
#include "engine/serve/pages/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace checkwatches::serve {
namespace {

bool is_safe(std::string_view method) noexcept
{
    return method == "GET" || method == "HEAD";
}

// A place on this site; the overview for anything else, so that nobody is sent away by a link to the login.
std::string place_here(std::string_view next)
{
    bool const here = next.starts_with('/') && !next.starts_with("//") && next.find('\\') == next.npos
                      && std::ranges::none_of(
                          next, [](char c) { return static_cast<unsigned char>(c) <= ' '; });
    return here ? std::string{next} : "/";
}

http_answer unknown_visitor(error const& why)
{
    auto out = problem(
        why.kind == error_kind::rate_limited  ? 429
        : why.kind == error_kind::auth_failed ? 401
                                              : 503,
        why.message);
    if (why.retry_after)
        out.headers.emplace_back("Retry-After", fmt::format("{}", why.retry_after->count()));
    if (why.kind == error_kind::auth_failed)
        out.headers.emplace_back("WWW-Authenticate", "Bearer error=\"invalid_token\"");
    return out;
}

} // namespace

awaitable<http_answer> web_site::answer(http_request rq)
{
    if (rq.path == "/healthz")
        co_return answer_health(parts_.snapshot());
    if (rq.path == "/readyz") {
        auto now = parts_.snapshot();
        if (!parts_.settings.open_reading)
            now.writer_trouble = "see the log"; // for everybody: no more than that
        co_return answer_ready(now, parts_.settings.oldest_overdue);
    }
    auto who = co_await parts_.doors.who(rq);
    if (!who)
        co_return unknown_visitor(who.error());
    if (!is_safe(rq.method) && !access::is_ours(rq, *who))
        co_return problem(403, "this did not come from a page of ours; load the page again");
    co_return co_await answer_known(std::move(rq), std::move(*who));
}

awaitable<http_answer> web_site::answer_known(http_request rq, visitor who)
{
    if (rq.path == "/login" && rq.method == "POST")
        co_return co_await log_in(std::move(rq));
    if (rq.path == "/logout" && rq.method == "POST")
        co_return log_out(rq);
    bool const is_log = change_log::is_log(rq);
    bool const is_program = api::is_api(rq) || is_log || rq.path == "/metrics";
    if (!who.may_read && is_program) {
        auto out = problem(401, "reading needs a token here: Authorization: Bearer …");
        out.headers.emplace_back("WWW-Authenticate", "Bearer");
        co_return out;
    }
    if (rq.path == "/metrics")
        co_return answer_metrics(scrape(parts_.counted, parts_.snapshot()));
    if (api::is_api(rq))
        co_return co_await parts_.programs.answer(std::move(rq), std::move(who));
    if (is_log)
        co_return co_await parts_.followers.answer(std::move(rq));
    co_return co_await parts_.people.answer(rq, who);
}

awaitable<http_answer> web_site::log_in(http_request rq)
{
    auto const form = read_form(rq.body);
    auto const next = place_here(form ? find_field(*form, "next") : std::string_view{});
    std::string token{form ? find_field(*form, "token") : std::string_view{}};
    auto const cookie = co_await parts_.doors.log_in(rq, std::move(token));
    auto const again = view::link("/login", {{"failed", "1"}, {"next", next}});
    if (!cookie && cookie.error().kind == error_kind::auth_failed)
        co_return see_other(again);
    if (!cookie && cookie.error().retry_after) {
        auto const wait = std::to_string(cookie.error().retry_after->count());
        co_return see_other(view::link("/login", {{"wait", wait}, {"next", next}}));
    }
    if (!cookie)
        co_return unknown_visitor(cookie.error());
    auto out = see_other(next);
    out.headers.emplace_back("Set-Cookie", *cookie);
    co_return out;
}

http_answer web_site::log_out(http_request const& rq)
{
    auto out = see_other("/");
    out.headers.emplace_back("Set-Cookie", parts_.doors.log_out(rq));
    return out;
}

} // namespace checkwatches::serve
