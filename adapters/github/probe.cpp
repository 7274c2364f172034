#include "adapters/github/probe.hpp"

#include "adapters/github/graphql.hpp"
#include "adapters/github/place.hpp"
#include "adapters/github/records.hpp"
#include "adapters/trouble.hpp"
#include "adapters/wire/page.hpp"

namespace checkwatches::adapters::github {
namespace {

// What only GitHub's servers say of themselves. GitLab and others have doors of the same names.
bool is_github(reply const& answer, wire::json_object const* root)
{
    for (std::string_view const name :
         {"X-GitHub-Request-Id", "X-GitHub-Media-Type", "X-GitHub-Enterprise-Version"})
        if (!answer.header(name).empty())
            return true;
    if (root == nullptr)
        return false;
    auto const help = wire::text_member(*root, "documentation_url");
    return help.starts_with("https://docs.github.com/") || help.starts_with("https://developer.github.com/")
           || !wire::text_member(*root, "installed_version").empty();
}

// What the first answer says.
struct greeting {
    bool is_github = false;
    std::string version{};
};

greeting read_greeting(reply const& answer)
{
    greeting out{.version = std::string{answer.header("X-GitHub-Enterprise-Version")}};
    auto const in = forge::decode(answer);
    auto const root = in ? in->object() : std::nullopt;
    out.is_github = is_github(answer, root ? &*root : nullptr);
    if (root && out.version.empty())
        out.version = wire::text_member(*root, "installed_version");
    return out;
}

error unsupported(std::string message, std::string request = {})
{
    return error{
        .kind = error_kind::unsupported, .message = std::move(message), .request = std::move(request)};
}

// What an answer that is not GitHub's says about the tracker.
error stranger(reply const& answer)
{
    auto why = wire::explain(answer);
    bool const is_open = why.kind == error_kind::auth_failed || why.kind == error_kind::forbidden
                         || why.kind == error_kind::maintenance || why.kind == error_kind::bot_wall
                         || answer.status >= 500;
    if (is_open)
        return tracker_trouble(std::move(why));
    return no_such_kind("GitHub", "its API " + why.message, why.request);
}

class prober {
public:
    prober(remote& at, place where) : at_{at}, where_{std::move(where)} {}

    awaitable<result<capabilities>> run()
    {
        auto const answer = co_await at_.ask(get(where_, door()));
        if (!answer)
            co_return answer.error();
        auto const said = read_greeting(*answer);
        if (!said.is_github)
            co_return stranger(*answer);
        // An Enterprise Server without limits has no such thing as rate_limit: 404 in GitHub's words.
        bool const is_telling = answer->status == 200 || answer->status == 404;
        if (!is_telling)
            co_return tracker_trouble(refusal(*answer));
        capabilities can{
            .protocol = std::string{by_rest},
            .version = said.version,
            .batch = rows_of_page,
            .changed_since = true,
            .page = rows_of_page,
            .each = 1,
            .importance = true,
            .comments = true};
        if (!where_.signed_in)
            co_return can;
        auto who = co_await prove();
        if (!who)
            co_return who.error();
        can.login = by_token;
        can.identity = who->login;
        can.protocol = who->protocol;
        if (asks_graphql(can))
            can.each = 0;
        co_return can;
    }

private:
    std::string_view door() const
    {
        return where_.root.path.ends_with("/v3") || where_.root.path.ends_with("/v3/") ? "meta"
                                                                                       : "rate_limit";
    }

    // A 200 may be anonymous: only a name proves the token. Tokens of an app have one by GraphQL alone.
    awaitable<result<viewer>> prove()
    {
        auto const by_query = co_await at_.ask(ask_viewer(where_));
        if (!by_query)
            co_return by_query.error();
        auto named = read_viewer(*by_query);
        if (!named)
            co_return named.error();
        if (*named)
            co_return std::move(**named);
        auto const by_path = co_await at_.ask(get(where_, "user"));
        if (!by_path)
            co_return by_path.error();
        auto const in = read_json(*by_path);
        if (!in)
            co_return tracker_trouble(in.error());
        viewer out{.protocol = std::string{by_rest}};
        if (auto const root = in->object())
            out.login = wire::text_member(*root, "login");
        if (out.login.empty())
            co_return error{
                .kind = error_kind::auth_failed,
                .message = "GitHub does not name the user of the token",
                .request = by_path->request};
        co_return out;
    }

    remote& at_;
    place where_;
};

} // namespace

awaitable<result<capabilities>> probe(remote& at)
{
    auto where = place_of(at, at.has_credential());
    if (!where)
        co_return unsupported("a tracker on GitHub is a project: its address is https://HOST/OWNER/NAME");
    prober one{at, std::move(*where)};
    co_return co_await one.run();
}

} // namespace checkwatches::adapters::github
