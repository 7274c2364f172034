// Jira (Atlassian): Server and Data Center by version 2 of the REST API, Cloud by version 3.
//
// Data Center: POST {base}/rest/api/2/search {"jql":"key in (\"A-1\",\"A-2\")",…}. Cloud: POST
// {base}/rest/api/3/issue/bulkfetch, and /rest/api/3/search/jql for what changed. Quirks, and what follows:
// - One key that is missing or hidden fails a whole query with 400, in spite of validateQuery:false on some
//   servers: what the refusal names is left out, otherwise the query is halved. Cloud's bulk fetch leaves
//   such keys out. Either way they are asked singly, where Data Center tells a hidden one (401, 403) from a
//   missing one (404), and Cloud does not.
// - Cloud's old search is 410. A server that moved there between two probes is asked by bulk fetch.
// - Data Center clips the size of a page: pages follow by startAt until the total. Cloud's search has tokens
//   instead, its pages may be short before the end, and it brings no fields unless they are named.
// - A moved issue answers under its new key: a search brings a key that nobody asked for, and a single
// request
//   tells to which old one it belongs.
// - Times without a zone are in that of whoever asks, and to the minute: changes are asked for in
// milliseconds
//   since 1970. The index of the search lags behind, so five minutes overlap.
// - A wrong login can be a 200 for nobody: X-Seraph-LoginReason and X-AUSERNAME tell, and "myself" proves it.
// - Names of statuses, resolutions and priorities are a site's own (jira/words.hpp tells those that are
// known);
//   statusCategory.key is not.
// - No useful ETags.

#include "adapters/jira.hpp"

#include "adapters/jira/ask.hpp"
#include "adapters/jira/comments.hpp"
#include "adapters/jira/keys.hpp"
#include "adapters/jira/look.hpp"
#include "adapters/jira/probe.hpp"
#include "adapters/jira/words.hpp"

namespace checkwatches::adapters {
namespace {

constexpr std::string_view no_key = "an issue of Jira has a key, as ABC-123";

class jira_adapter final : public adapter {
public:
    std::string_view kind() const noexcept override { return "jira"; }

    kind_features features() const noexcept override
    {
        return {
            .addresses = "https://HOST/browse/KEY-N",
            .batch = 200,
            .changed_since = true,
            .importance = true,
            .comments = true,
            .login = "name and password, e-mail and API token (Cloud), or access token"};
    }

    std::optional<bug_ref> recognise(web_url const& url) const override { return jira::recognise(url); }

    std::optional<std::string> normalise(std::string_view remote_id) const override
    {
        return jira::normal_key(remote_id);
    }

    web_url bug_url(web_url const& base, std::string_view remote_id) const override
    {
        return jira::web_page(base, remote_id);
    }

    awaitable<result<capabilities>> probe(remote& at) const override { return jira::probe(at); }

    awaitable<findings>
    look(remote& at, capabilities const& can, std::span<std::string const> ids) const override
    {
        auto book = open_book(ids);
        co_await read_open(at, can, book);
        co_return std::move(book).close();
    }

    awaitable<findings> look_changed(
        remote& at, capabilities const& can, std::span<std::string const> ids, utc_time since) const override
    {
        constexpr auto overlap = std::chrono::minutes{5};
        auto book = open_book(ids);
        auto end = jira::ending::asked;
        auto const way = can.protocol == jira::by_search ? jira::by_search : jira::by_cloud_search;
        if (can.protocol != jira::singly && !book.open().empty())
            end = co_await jira::look_by_query(at, way, can.login, book, since - overlap);
        if (end != jira::ending::trouble && !book.open().empty())
            co_await read_open(at, can, book);
        co_return std::move(book).close();
    }

    awaitable<result<std::vector<comment>>> read_comments(
        remote& at,
        capabilities const& can,
        std::string const& remote_id,
        std::optional<utc_time> since) const override
    {
        auto const key = normalise(remote_id);
        if (!key)
            co_return error{.kind = error_kind::invalid_id, .message = std::string{no_key}};
        co_return co_await jira::read_comments(at, can.login, *key, since);
    }

    verdict interpret(raw_words const& words) const override { return jira::interpret(words); }

private:
    ledger open_book(std::span<std::string const> ids) const { return open_ledger(*this, ids, no_key); }

    static awaitable<void> read_open(remote& at, capabilities const& can, ledger& book)
    {
        bool const alone = can.protocol == jira::singly;
        if (!alone && !book.open().empty()) {
            auto end = co_await jira::look_by_query(at, can.protocol, can.login, book);
            if (end == jira::ending::removed)
                end = co_await jira::look_by_query(at, jira::by_bulk_fetch, can.login, book);
            if (end == jira::ending::removed)
                book.trouble(
                    {.kind = error_kind::protocol_error,
                     .message = "the way in which this Jira was asked for issues was removed"});
            if (end != jira::ending::asked)
                co_return;
        }
        co_await jira::look_singly(at, can.login, book, alone);
    }
};

} // namespace

std::unique_ptr<adapter const> make_jira()
{
    return std::make_unique<jira_adapter>();
}

} // namespace checkwatches::adapters
