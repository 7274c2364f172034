// GitLab's REST API, version 4, for the issues of one project, and its GraphQL for what REST does not tell.
//
// GET {host}/api/v4/projects/{path, "/" as %2F}/issues?iids[]=1&iids[]=2&… names up to 100 issues in one
// request. Quirks, and what follows:
// - What is missing, confidential or of a type that lists leave out (objectives) is silently absent. Each of
//   those is asked singly; a 404 there does not tell a confidential issue from a missing one.
// - A project that is private is 404 like a missing one ("404 Project Not Found"): the way to ask failed, and
//   nothing is said of its bugs.
// - "closed" names no reason. REST names what an issue duplicates, but only to those who log in, and that it
//   was moved, but not where to. GraphQL names both to everybody: it is asked for those that are closed, all
//   of a batch in one request, where the probe found that it knows the fields (13.x, 15.1). It also has the
//   status of a work item (Premium), which says why an issue was closed: then it is asked for all.
//   Where it does not answer, nothing is said of the bugs it was asked about.
// - A renamed project is 301 to the project's number; the bugs are the same.
// - Weak ETags stand for the whole list. Any vote changes them, so that a 304 saves bytes only.
// - updated_after means at or after, in milliseconds.
// - Lists of notes want a login, public issues or not.
// - A wrong token is 401 even for what is public; one without the scope for a request is 403.

#include "adapters/gitlab.hpp"

#include "adapters/gitlab/look.hpp"
#include "adapters/gitlab/notes.hpp"
#include "adapters/gitlab/probe.hpp"
#include "adapters/gitlab/words.hpp"

#include <algorithm>
#include <iterator>

namespace checkwatches::adapters {
namespace {

class gitlab_adapter final : public adapter {
public:
    std::string_view kind() const noexcept override { return "gitlab"; }

    kind_features features() const noexcept override
    {
        return {
            .addresses = "https://HOST/GROUP/PROJECT/-/issues/N",
            .batch = 100,
            .changed_since = true,
            .importance = true,
            .comments = true,
            .login = "access token"};
    }

    std::optional<bug_ref> recognise(web_url const& url) const override { return gitlab::recognise(url); }

    std::optional<std::string> normalise(std::string_view remote_id) const override
    {
        return gitlab::normal_id(remote_id);
    }

    web_url bug_url(web_url const& base, std::string_view remote_id) const override
    {
        return gitlab::web_page(base, remote_id);
    }

    awaitable<result<capabilities>> probe(remote& at) const override { co_return co_await gitlab::probe(at); }

    awaitable<findings>
    look(remote& at, capabilities const& can, std::span<std::string const> ids) const override
    {
        auto book = open_book(ids);
        co_await gitlab::look(at, can, book, std::nullopt);
        co_return std::move(book).close();
    }

    awaitable<findings> look_changed(
        remote& at, capabilities const& can, std::span<std::string const> ids, utc_time since) const override
    {
        // A list may come from a replica that lags behind.
        constexpr auto overlap = std::chrono::minutes{1};
        auto book = open_book(ids);
        co_await gitlab::look(at, can, book, since - overlap);
        co_return std::move(book).close();
    }

    std::vector<question> conditional_questions(
        remote const& at, capabilities const& can, std::span<std::string const> ids) const override
    {
        std::vector<std::string> normal;
        std::ranges::copy_if(ids, std::back_inserter(normal), [&](std::string const& id) {
            return normalise(id).has_value();
        });
        if (normal.empty())
            return {};
        auto const where = gitlab::place_of(at, gitlab::protocol::read(can.protocol).prefix);
        auto const address = gitlab::list_address(where, normal, std::nullopt);
        return {{.url = address.text(), .ids = std::move(normal)}};
    }

    awaitable<result<std::vector<comment>>> read_comments(
        remote& at,
        capabilities const& can,
        std::string const& remote_id,
        std::optional<utc_time> since) const override
    {
        co_return co_await gitlab::read_comments(at, can, remote_id, since);
    }

    verdict interpret(raw_words const& words) const override { return gitlab::interpret(words); }

private:
    ledger open_book(std::span<std::string const> ids) const
    {
        return open_ledger(*this, ids, "an issue's number is a whole number");
    }
};

} // namespace

std::unique_ptr<adapter const> make_gitlab()
{
    return std::make_unique<gitlab_adapter>();
}

} // namespace checkwatches::adapters
