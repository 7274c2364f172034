// GitHub, by REST (api.github.com; /api/v3 on an Enterprise Server) and with a token by GraphQL.
//
// GET {api}/repos/OWNER/NAME/issues/N and the list of them. Quirks, and what follows from them:
// - 60 requests an hour without a token, 5000 with one. Every answer tells what is left, which the engine
//   obeys, as it does 429, and 403 with a time. A 403 that says so in words only is a limit too, and so is a
//   200 by GraphQL (records.hpp).
// - A 304 is free with a token: what is asked for singly is asked conditionally.
// - Missing and hidden ones are 404 alike, deleted ones 410, and one that went to another project 301. A
//   redirect is the answer here, since a followed one would be another project's issue (look.hpp).
// - A project that got a new name redirects as well, all of it: its issues are seen.
// - Issues and pull requests share the numbers, and the list of issues has both.
// - Closed is not fixed: state_reason says what it is, and labels where there is none (words.hpp).
// - A wrong token is worse than none: 401 for everything.

#include "adapters/github.hpp"

#include "adapters/github/comments.hpp"
#include "adapters/github/look.hpp"
#include "adapters/github/place.hpp"
#include "adapters/github/probe.hpp"
#include "adapters/github/words.hpp"

#include <algorithm>
#include <iterator>

namespace checkwatches::adapters {
namespace {

error no_project()
{
    return error{
        .kind = error_kind::unsupported, .message = "the tracker's address names no project of GitHub"};
}

class github_adapter final : public adapter {
public:
    std::string_view kind() const noexcept override { return "github"; }

    kind_features features() const noexcept override
    {
        return {
            .addresses = "https://HOST/OWNER/NAME/issues/N",
            .batch = github::rows_of_page,
            .changed_since = true,
            .importance = true,
            .comments = true,
            .login = "token"};
    }

    std::optional<bug_ref> recognise(web_url const& url) const override { return github::recognise(url); }

    std::optional<std::string> normalise(std::string_view remote_id) const override
    {
        return github::normal_id(remote_id);
    }

    // That of an issue, which leads to the pull request where it is one.
    web_url bug_url(web_url const& base, std::string_view remote_id) const override
    {
        return join(base, "issues/" + percent_encode(percent_decode(remote_id)));
    }

    awaitable<result<capabilities>> probe(remote& at) const override { return github::probe(at); }

    awaitable<findings>
    look(remote& at, capabilities const& can, std::span<std::string const> ids) const override
    {
        return look_since(at, can, ids, std::nullopt);
    }

    awaitable<findings> look_changed(
        remote& at, capabilities const& can, std::span<std::string const> ids, utc_time since) const override
    {
        // Whole seconds, and replicas that lag behind.
        constexpr auto overlap = std::chrono::minutes{2};
        return look_since(at, can, ids, since - overlap);
    }

    std::vector<question> conditional_questions(
        remote const& at, capabilities const& can, std::span<std::string const> ids) const override
    {
        auto const where = github::place_of(at, can);
        if (!where)
            return {};
        std::vector<std::string> normal;
        std::ranges::copy_if(
            ids, std::back_inserter(normal), [&](std::string const& id) { return normalise(id) == id; });
        return github::questions(*where, can, normal);
    }

    awaitable<result<std::vector<comment>>> read_comments(
        remote& at,
        capabilities const& can,
        std::string const& remote_id,
        std::optional<utc_time> since) const override
    {
        auto where = github::place_of(at, can);
        auto id = normalise(remote_id);
        if (!where)
            co_return no_project();
        if (!id)
            co_return error{.kind = error_kind::invalid_id, .message = "an issue of GitHub has a number"};
        co_return co_await github::read_comments(at, std::move(*where), std::move(*id), since);
    }

    verdict interpret(raw_words const& words) const override { return github::interpret(words); }

private:
    awaitable<findings> look_since(
        remote& at,
        capabilities const& can,
        std::span<std::string const> ids,
        std::optional<utc_time> since) const
    {
        auto book = open_ledger(*this, ids, "an issue of GitHub has a number");
        auto const where = github::place_of(at, can);
        bool go_on = !book.open().empty();
        if (!where && go_on) {
            book.trouble(no_project());
            go_on = false;
        }
        if (go_on && since)
            go_on = co_await github::pass_over_unchanged(at, *where, can, book, *since);
        if (go_on)
            co_await github::look(at, *where, can, book);
        co_return std::move(book).close();
    }
};

} // namespace

std::unique_ptr<adapter const> make_github()
{
    return std::make_unique<github_adapter>();
}

} // namespace checkwatches::adapters
