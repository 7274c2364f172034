#include "engine/remote/bound_remote.hpp"

#include "engine/core/api_url.hpp"
#include "engine/net/settings.hpp"
#include "engine/remote/local_folder.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>

#include <algorithm>

namespace checkwatches {
namespace {

constexpr unsigned says_not_modified = 304;
constexpr unsigned says_too_many = 429;

net::redirect_policy policy_of(adapters::request::redirects r)
{
    switch (r) {
    case adapters::request::redirects::repost: return net::redirect_policy::repost;
    case adapters::request::redirects::ignored: return net::redirect_policy::ignore;
    case adapters::request::redirects::follow: break;
    }
    return net::redirect_policy::follow;
}

net::login::where place_of(adapters::login_place::where w)
{
    switch (w) {
    case adapters::login_place::where::query: return net::login::where::query;
    case adapters::login_place::where::header: return net::login::where::header;
    case adapters::login_place::where::basic: return net::login::where::basic;
    case adapters::login_place::where::body: break;
    }
    return net::login::where::body;
}

net::login login_of(adapters::login_place const& place, credential const& who)
{
    return net::login{
        .place = place_of(place.place),
        .name = place.name,
        .prefix = place.prefix,
        .who = who,
        .secret_slot = std::string{adapters::secret_slot},
        .user_slot = std::string{adapters::user_slot}};
}

} // namespace

result<remote_binding> bind_to(
    std::string const& base_url,
    std::optional<std::string> const& api_url,
    std::vector<credential> const& credentials)
{
    auto base = parse_url(base_url);
    if (!base)
        return base.error();
    remote_binding to{.base = *base};
    if (api_url) {
        auto api = parse_api_url(*api_url);
        if (!api)
            return api.error();
        to.api = *api;
    }
    auto const origin = to.api ? to.api->origin() : to.base.origin();
    auto const found = std::ranges::find(credentials, origin, &credential::origin);
    if (found != credentials.end())
        to.login = *found;
    return to;
}

awaitable<result<adapters::reply>> bound_remote::ask(adapters::request rq)
{
    if (checkwatches::is_local(rq.url))
        return ask_folder(std::move(rq));
    auto out = std::make_unique<net::request>(
        std::move(rq.method),
        std::move(rq.url),
        std::move(rq.headers),
        std::move(rq.body),
        policy_of(rq.on_redirect));
    if (rq.login && to_.login)
        out->login = login_of(*rq.login, *to_.login);
    return ask_network(std::move(out));
}

bool bound_remote::is_local() const noexcept
{
    return to_.api && checkwatches::is_local(*to_.api);
}

awaitable<result<adapters::reply>> bound_remote::ask_folder(adapters::request rq)
{
    if (!is_local())
        co_return error{
            .kind = error_kind::protocol_error, .message = "a tracker elsewhere has no files here"};
    // A look reads many files: others get their turn in between.
    auto const executor = co_await asio::this_coro::executor;
    co_await asio::post(executor, use_awaitable);
    ++requests_;
    auto const began = std::chrono::steady_clock::now();
    auto answer = read_local(*to_.api, rq, net::settings{}.most_body);
    tell(answer, began);
    if (!answer)
        co_return answer;
    ++answers_;
    bytes_ += answer->body.size();
    not_modified_ += answer->status == says_not_modified ? 1 : 0;
    co_return answer;
}

template <class Answer>
void bound_remote::tell(result<Answer> const& got, std::chrono::steady_clock::time_point began) const
{
    if (!tell_ || (!got && got.error().kind == error_kind::deferred))
        return;
    auto const failed = !got && got.error().kind == error_kind::rate_limited ? says_too_many : 0;
    tell_(got ? got->status : failed, std::chrono::steady_clock::now() - began);
}

// All that an adapter asks is a question, by POST too: it may be put again.
awaitable<result<adapters::reply>> bound_remote::ask_network(std::unique_ptr<net::request const> out)
{
    for (std::size_t attempt = 1;; ++attempt) {
        ++requests_;
        auto const began = std::chrono::steady_clock::now();
        auto got = co_await over_.send(*out, session_);
        auto answer = note(got, *out, began);
        if (!again_)
            co_return answer;
        auto const wait = wait_for_another(*again_, answer, attempt);
        if (!wait)
            co_return answer;
        co_await again_->time.sleep(*wait);
    }
}

[[gnu::noinline]] result<adapters::reply> bound_remote::note(
    result<net::response>& got, net::request const& asked, std::chrono::steady_clock::time_point began)
{
    tell(got, began);
    if (!got) {
        answers_ += got.error().kind == error_kind::rate_limited ? 1 : 0;
        return got.error();
    }
    ++answers_;
    if (got->moved_to) {
        moved_to_ = got->moved_to;
        moved_from_ = asked.url;
    }
    bytes_ += got->body.size();
    not_modified_ += got->status == says_not_modified ? 1 : 0;
    return adapters::reply{
        .status = got->status,
        .headers = std::move(got->headers),
        .body = std::move(got->body),
        .url = std::move(got->url),
        .request = asked.method + " " + redacted(asked.url)};
}

} // namespace checkwatches
