#include "adapters/gitea/probe.hpp"

#include "adapters/forge/answer.hpp"
#include "adapters/gitea/issues.hpp"
#include "adapters/gitea/look.hpp"
#include "adapters/gitea/place.hpp"
#include "adapters/trouble.hpp"
#include "adapters/wire/text.hpp"

#include <algorithm>

namespace checkwatches::adapters::gitea {
namespace {

constexpr std::size_t largest_page = 100; // a server may be set to give thousands

// "9.0.3+gitea-1.22.0" is Forgejo's, which tells the Gitea that it keeps up with.
std::string product(std::string const& version)
{
    auto const mark = version.find("+gitea-");
    if (mark == std::string::npos)
        return "Gitea " + version;
    return "Forgejo " + version.substr(0, mark);
}

bool is_version(std::string_view text)
{
    constexpr std::size_t longest = 100;
    return !text.empty() && text.size() <= longest && wire::is_number(text.substr(0, 1));
}

// What an answer that is not what was asked for says about the tracker.
error no_gitea(reply const& answer, error why)
{
    auto heard = hear(answer, std::move(why));
    if (is_strange(heard.why.kind, answer.status))
        return no_such_kind("Gitea", "its API " + heard.why.message, heard.why.request);
    return tracker_trouble(std::move(heard.why));
}

class prober {
public:
    prober(remote& at, place where) : at_{at}, where_{std::move(where)} {}

    awaitable<result<capabilities>> run()
    {
        if (auto wrong = co_await read_version(); wrong)
            co_return std::move(*wrong);
        if (auto wrong = co_await read_settings(); wrong)
            co_return std::move(*wrong);
        if (at_.has_credential())
            if (auto wrong = co_await prove_login(); wrong)
                co_return std::move(*wrong);
        co_return can_;
    }

private:
    // Each: nothing where it went well.
    awaitable<std::optional<error>> read_version();
    awaitable<std::optional<error>> read_settings();
    awaitable<std::optional<error>> read_list();
    awaitable<std::optional<error>> prove_login();

    remote& at_;
    place where_;
    capabilities can_{
        .protocol = "rest",
        .batch = 100,
        .changed_since = true,
        .page = usual_page,
        .each = 1,
        .importance = true};
};

awaitable<std::optional<error>> prober::read_version()
{
    auto const answer = co_await at_.ask(where_.ask(at_, "version"));
    if (!answer)
        co_return answer.error();
    auto const in = forge::read_document(*answer);
    if (!in)
        co_return no_gitea(*answer, in.error());
    auto const object = in->object();
    auto const version = object ? wire::text_member(*object, "version") : std::string{};
    if (!is_version(version))
        co_return no_such_kind("Gitea", "its API tells no version", answer->request);
    can_.version = product(version);
    co_return std::nullopt;
}

awaitable<std::optional<error>> prober::read_settings()
{
    auto const answer = co_await at_.ask(where_.ask(at_, "settings/api"));
    if (!answer)
        co_return answer.error();
    auto const in = forge::read_document(*answer);
    if (!in) {
        auto const heard = hear(*answer, in.error());
        bool const has_none = heard.by_gitea && heard.why.kind == error_kind::not_found;
        if (!has_none)
            co_return no_gitea(*answer, in.error());
        co_return co_await read_list();
    }
    auto const object = in->object();
    auto const most = object ? wire::integer_member(*object, "max_response_items") : std::nullopt;
    if (!most)
        co_return no_such_kind("Gitea", "its API has other settings", answer->request);
    if (*most > 0)
        can_.page = std::min(static_cast<std::size_t>(*most), largest_page);
    co_return std::nullopt;
}

awaitable<std::optional<error>> prober::read_list()
{
    auto const answer = co_await at_.ask(where_.ask_repository(at_, "issues?state=all&limit=1&page=1"));
    if (!answer)
        co_return answer.error();
    auto const page = read_page(*answer);
    if (page)
        co_return std::nullopt;
    auto const heard = hear(*answer, page.error());
    if (heard.by_gitea && heard.why.kind == error_kind::not_found)
        co_return std::nullopt; // a repository that is not there, or not for us
    co_return no_gitea(*answer, page.error());
}

awaitable<std::optional<error>> prober::prove_login()
{
    auto const answer = co_await at_.ask(where_.ask(at_, "user"));
    if (!answer)
        co_return answer.error();
    can_.login = at_.has_user() ? by_basic : by_token;
    auto const in = forge::read_document(*answer);
    if (in) {
        auto const object = in->object();
        can_.identity = object ? wire::text_member(*object, "login") : std::string{};
        if (can_.identity.empty())
            co_return error{
                .kind = error_kind::auth_failed,
                .message = "it does not say who we are",
                .request = answer->request};
        co_return std::nullopt;
    }
    auto heard = hear(*answer, in.error());
    // A token may be for issues alone: then it is known, and may not ask whose it is.
    constexpr unsigned forbidden = 403;
    if (answer->status == forbidden && heard.by_gitea) {
        can_.identity = "logged in";
        co_return std::nullopt;
    }
    co_return tracker_trouble(std::move(heard.why));
}

} // namespace

awaitable<result<capabilities>> probe(remote& at)
{
    auto where = place_of(at);
    if (!where)
        co_return no_such_kind(
            "Gitea", "the address of a tracker is that of a repository, https://HOST/OWNER/REPO", "");
    prober p{at, std::move(*where)};
    co_return co_await p.run();
}

} // namespace checkwatches::adapters::gitea
