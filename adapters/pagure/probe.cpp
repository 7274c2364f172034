#include "adapters/pagure/probe.hpp"

#include "adapters/forge/answer.hpp"
#include "adapters/pagure/issues.hpp"
#include "adapters/pagure/look.hpp"
#include "adapters/pagure/place.hpp"
#include "adapters/trouble.hpp"

namespace checkwatches::adapters::pagure {
namespace {

// What an answer that is not what was asked for says about the tracker.
error no_pagure(reply const& answer, error why)
{
    auto heard = hear(answer, std::move(why));
    if (heard.code.empty() && is_strange(heard.why.kind, answer.status))
        return no_such_kind("Pagure", "its API " + heard.why.message, heard.why.request);
    return tracker_trouble(std::move(heard.why));
}

class prober {
public:
    prober(remote& at, place where) : at_{at}, where_{std::move(where)} {}

    awaitable<result<capabilities>> run()
    {
        if (auto wrong = co_await read_version(); wrong)
            co_return std::move(*wrong);
        if (auto wrong = co_await read_project(); wrong)
            co_return std::move(*wrong);
        if (at_.has_credential())
            if (auto wrong = co_await prove_login(); wrong)
                co_return std::move(*wrong);
        co_return can_;
    }

private:
    // Each: nothing where it went well.
    awaitable<std::optional<error>> read_version();
    awaitable<std::optional<error>> read_project();
    awaitable<std::optional<error>> prove_login();

    remote& at_;
    place where_;
    capabilities can_{
        .protocol = "rest",
        .batch = 100,
        .changed_since = true,
        .page = largest_page,
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
        co_return no_pagure(*answer, in.error());
    auto const object = in->object();
    auto const version = object ? wire::text_member(*object, "version") : std::string{};
    if (version.empty())
        co_return no_such_kind("Pagure", "its API tells no version", answer->request);
    can_.version = "API " + shortened(version);
    co_return std::nullopt;
}

awaitable<std::optional<error>> prober::read_project()
{
    auto const answer = co_await at_.ask(where_.ask_project(at_, ""));
    if (!answer)
        co_return answer.error();
    auto const project = pagure::read_project(*answer);
    if (project)
        co_return std::nullopt;
    auto const heard = hear(*answer, project.error());
    if (heard.code == "ENOPROJECT")
        co_return std::nullopt;
    co_return no_pagure(*answer, project.error());
}

// Versions before 5 cannot say whose a token is: then a list that is given with it proves it, for a wrong one
// is refused even where none is needed.
awaitable<std::optional<error>> prober::prove_login()
{
    can_.login = "token";
    auto whoami = where_.ask(at_, "-/whoami");
    whoami.method = "POST";
    auto const answer = co_await at_.ask(std::move(whoami));
    if (!answer)
        co_return answer.error();
    auto const in = forge::read_document(*answer);
    auto const object = in ? in->object() : std::nullopt;
    can_.identity = object ? wire::text_member(*object, "username") : std::string{};
    if (!can_.identity.empty())
        co_return std::nullopt;
    if (!in && hear(*answer, in.error()).why.kind == error_kind::auth_failed)
        co_return hear(*answer, in.error()).why;

    auto const list = co_await at_.ask(where_.ask_project(at_, "issues?status=all&per_page=1"));
    if (!list)
        co_return list.error();
    auto const page = read_page(*list);
    if (!page)
        co_return tracker_trouble(hear(*list, page.error()).why);
    can_.identity = "logged in";
    co_return std::nullopt;
}

} // namespace

awaitable<result<capabilities>> probe(remote& at)
{
    auto where = place_of(at);
    if (!where)
        co_return no_such_kind(
            "Pagure", "the address of a tracker is that of a project, https://HOST/PROJECT", "");
    prober p{at, std::move(*where)};
    co_return co_await p.run();
}

} // namespace checkwatches::adapters::pagure
