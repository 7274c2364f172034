#include "site_remote.hpp"

#include "bench/mock/http.hpp"
#include "bench/mock/kinds.hpp"
#include "engine/net/login.hpp"

#include <stdexcept>

namespace {

using namespace checkwatches;

mock::request to_mock(net::request rq, net::cookie_jar const& session)
{
    if (net::carries_login(rq))
        rq = net::with_login(std::move(rq));
    auto out = mock::make_request(rq.method, rq.url.target(), std::move(rq.body));
    out.headers = std::move(rq.headers);
    if (auto cookies = session.header(rq.url, utc_now()); !cookies.empty())
        out.headers.emplace_back("Cookie", std::move(cookies));
    return out;
}

} // namespace

site_client::site_client(std::string_view spec)
    : options_{mock::parse_tracker(spec).value()},
      bugs_{options_},
      site_{mock::make_site({.options = options_, .bugs = bugs_, .origin = std::string{origin}})}
{}

awaitable<result<net::response>> site_client::send(net::request const& rq, net::cookie_jar& session)
{
    net::response out{.url = rq.url};
    auto answer = site_->serve(to_mock(rq, session));
    out.status = answer.status;
    out.body = std::move(answer.body);
    for (auto& [name, value] : answer.headers) {
        if (name == mock::framing_mark)
            continue;
        if (name == "Set-Cookie")
            session.store(out.url, value, utc_now());
        out.headers.emplace_back(std::move(name), std::move(value));
    }
    co_return out;
}

remote_binding site_client::binding(web_url base, bool logs_in) const
{
    remote_binding to{.base = std::move(base)};
    if (auto const path = mock::find_kind(options_.kind)->api_path; !path.empty())
        to.api = parse_url(std::string{origin} + std::string{path}).value();
    if (!logs_in)
        return to;
    bool const named = options_.kind == "trac"; // which knows no keys
    to.login = credential{
        .origin = to.base.origin(),
        .user = std::string{named ? mock::good_user : std::string_view{}},
        .value = secret{std::string{named ? mock::good_password : mock::good_key}}};
    return to;
}

awaitable<result<adapters::reply>> recording_remote::ask(adapters::request rq)
{
    auto got = co_await over_.ask(std::move(rq));
    if (got)
        answers.push_back(*got);
    co_return got;
}

awaitable<result<adapters::reply>> replaying_remote::ask(adapters::request)
{
    if (answers_.empty())
        throw std::logic_error("a question that was not asked the first time");
    auto out = std::move(answers_.front());
    answers_.pop_front();
    co_return out;
}
