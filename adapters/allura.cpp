// Apache Allura, whose greatest site is SourceForge.
//
// GET {site}/rest/p/PROJECT/MOUNT/search?q=ticket_num:(1 OR 2 …). Quirks, and what follows:
// - The search is Solr's: a question that it cannot answer is 200 with solr_error and no ticket, and a number
//   of more than 32 bits is such a question. It never means that tickets are not there.
// - What is private or deleted is left out in silence, and what was written just now may be missing: what is
//   left out is asked singly, where 404, 401 and 403 tell them apart. A single ticket comes with its whole
//   discussion, so that nothing else is asked that way.
// - A refusal is a page that Allura has for all of them. Another one comes from something in front of it, and
//   is no ticket's.
// - The index lags behind: changes are asked for with an overlap of ten minutes.
// - Times are UTC and do not say so.
// - The words of a ticket are the project's own (allura/words.hpp).
// - A ticket that was moved to another tool, and a project that was renamed, answer with a redirect.
// - A wrong token is refused everywhere; there is no question for whose it is.

#include "adapters/allura.hpp"

#include "adapters/allura/look.hpp"
#include "adapters/allura/place.hpp"
#include "adapters/allura/tickets.hpp"
#include "adapters/allura/words.hpp"
#include "adapters/ledger.hpp"
#include "adapters/trouble.hpp"
#include "adapters/wire/text.hpp"

namespace checkwatches::adapters {
namespace {

// What an answer that is not what was asked for says about the tracker.
error no_allura(reply const& answer, error why)
{
    if (!is_strange(why.kind, answer.status))
        return tracker_trouble(std::move(why));
    return no_such_kind("tracker of Allura", "its API " + why.message, std::move(why.request));
}

class allura_adapter final : public adapter {
public:
    std::string_view kind() const noexcept override { return "allura"; }

    kind_features features() const noexcept override
    {
        return {
            .addresses = "https://HOST/p/PROJECT/MOUNT/N/",
            .batch = allura::largest_search,
            .changed_since = true,
            .importance = true,
            .login = "token"};
    }

    std::optional<bug_ref> recognise(web_url const& url) const override { return allura::recognise(url); }

    std::optional<std::string> normalise(std::string_view remote_id) const override
    {
        return wire::numeric_id(remote_id);
    }

    web_url bug_url(web_url const& base, std::string_view remote_id) const override
    {
        return allura::page(base, remote_id);
    }

    awaitable<result<capabilities>> probe(remote& at) const override
    {
        auto const answer = co_await at.ask(allura::ask(at, "?limit=1"));
        if (!answer)
            co_return answer.error();
        if (auto wrong = allura::check_tool(*answer))
            co_return no_allura(*answer, std::move(*wrong));
        capabilities can{
            .protocol = "search", .batch = allura::largest_search, .changed_since = true, .importance = true};
        if (at.has_credential()) {
            can.login = "token";
            can.identity = "logged in";
        }
        co_return can;
    }

    awaitable<findings> look(remote& at, capabilities const&, std::span<std::string const> ids) const override
    {
        auto book = open_book(ids);
        if (!book.open().empty())
            co_await allura::look(at, book);
        co_return std::move(book).close();
    }

    awaitable<findings> look_changed(
        remote& at, capabilities const&, std::span<std::string const> ids, utc_time since) const override
    {
        constexpr auto overlap = std::chrono::minutes{10};
        auto book = open_book(ids);
        bool go_on = !book.open().empty();
        if (go_on)
            go_on = co_await allura::read_changes(at, book, since - overlap);
        if (go_on && !book.open().empty())
            co_await allura::look(at, book);
        co_return std::move(book).close();
    }

    verdict interpret(raw_words const& words) const override { return allura::interpret(words); }

private:
    ledger open_book(std::span<std::string const> ids) const
    {
        return open_ledger(*this, ids, "a ticket of Allura has a number");
    }
};

} // namespace

std::unique_ptr<adapter const> make_allura()
{
    return std::make_unique<allura_adapter>();
}

} // namespace checkwatches::adapters
