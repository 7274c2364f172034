// Savane: GNU Savannah (savannah.gnu.org, savannah.nongnu.org) and others.
//
// GET {base}/index.php?N is the page of an item. Quirks, and what follows:
// - There is no API and no list of several items by number: each item is a page of its own, with its whole
//   discussion.
// - A page is an item's where its heading says so, "bug #7: …" with a link to ?7, and where a table in its
//   form has the labels that every item has. All else on it is people's text.
// - What an item is has two fields: Open/Closed, and Status, which is the resolution and may be missing.
// - What is not there and what is private is a page for errors, titled "Exiting with Error", with Savane's
//   words in it and some HTTP status (404 for both, in most versions; 200 in old ones).
// - A group belongs to one of the site's hosts, and the other one redirects there: they are one tracker.
// - Labels and words are in the visitor's language: English is asked for.
// - The page does not tell when the item last changed.

#include "adapters/savannah.hpp"

#include "adapters/ledger.hpp"
#include "adapters/savannah/look.hpp"
#include "adapters/savannah/page.hpp"
#include "adapters/savannah/place.hpp"
#include "adapters/savannah/words.hpp"
#include "adapters/trouble.hpp"
#include "adapters/wire/page.hpp"
#include "adapters/wire/text.hpp"

namespace checkwatches::adapters {
namespace {

error no_savane(std::string const& why, std::string request)
{
    return no_such_kind("tracker of Savane", why, std::move(request));
}

class savannah_adapter final : public adapter {
public:
    std::string_view kind() const noexcept override { return "savannah"; }

    kind_features features() const noexcept override
    {
        return {.addresses = "https://HOST/bugs/?N", .importance = true};
    }

    std::optional<bug_ref> recognise(web_url const& url) const override { return savannah::recognise(url); }

    std::optional<std::string> normalise(std::string_view remote_id) const override
    {
        return wire::numeric_id(remote_id);
    }

    web_url bug_url(web_url const& base, std::string_view remote_id) const override
    {
        return join(base, "?" + percent_encode(percent_decode(remote_id)));
    }

    // Any item will do: its page and the page for what is not there both are Savane's own.
    awaitable<result<capabilities>> probe(remote& at) const override
    {
        if (savannah::item_word(at.base()).empty())
            co_return no_savane("its address ends in none of /bugs, /support, /task and /patch", "");
        auto const answer = co_await at.ask(savannah::ask(at, "1"));
        if (!answer)
            co_return answer.error();
        auto const page = savannah::read_item(*answer, savannah::item_word(at.base()), "1");
        if (!page && !savannah::is_own_error(*answer)) {
            auto why = wire::explain(*answer);
            if (is_strange(why.kind, answer->status))
                co_return no_savane("it " + why.message, why.request);
            co_return tracker_trouble(std::move(why));
        }
        co_return capabilities{
            .protocol = "pages", .batch = savannah::most_pages, .each = 1, .importance = true};
    }

    awaitable<findings> look(remote& at, capabilities const&, std::span<std::string const> ids) const override
    {
        auto book = open_ledger(*this, ids, "an item of Savane has a number");
        if (!book.open().empty())
            co_await savannah::look(at, book);
        co_return std::move(book).close();
    }

    verdict interpret(raw_words const& words) const override { return savannah::interpret(words); }
};

} // namespace

std::unique_ptr<adapter const> make_savannah()
{
    return std::make_unique<savannah_adapter>();
}

} // namespace checkwatches::adapters
