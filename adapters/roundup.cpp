// Roundup (roundup-tracker.org).
//
// Asked through its REST API where it has one, else through the CSV export of its index (roundup/fields.hpp):
// GET {base}/rest/data/issue?id=1&id=2&@fields=…&@verbose=2&@page_size=… Quirks, and what follows from them:
// - Each site has fields of its own, and one unknown field is 400 for the whole question: the probe reads
// which
//   ones there are, and they stand in capabilities::protocol.
// - Status, priority and the like are links: @verbose=2 gives their names. A comma list of ids is no list:
// the
//   parameter is repeated.
// - What is missing, hidden or retired is left out in silence: it is asked singly, where 404 and 403 tell.
// - A page may hold fewer rows than asked for, or none, and still promise a next one: pages are counted.
// - A time in a question is in the zone of the user who asks, UTC mostly: hence an overlap of a day. Times in
//   answers are UTC.
// - A failed login is 401, and four of them close the door for minutes: a credential is tried once.
// - Exports of old servers give numbers for the names of links, and "None" for nothing: the names are read
// from
//   the export of their class. An export tells nothing about an issue that it leaves out; the page of the
//   issue does, by its status.

#include "adapters/roundup.hpp"

#include "adapters/ledger.hpp"
#include "adapters/roundup/export.hpp"
#include "adapters/roundup/fields.hpp"
#include "adapters/roundup/probe.hpp"
#include "adapters/roundup/rest.hpp"
#include "adapters/roundup/words.hpp"
#include "adapters/wire/text.hpp"

namespace checkwatches::adapters {
namespace {

constexpr std::string_view page_name = "issue";

class roundup_adapter final : public adapter {
public:
    std::string_view kind() const noexcept override { return "roundup"; }

    kind_features features() const noexcept override
    {
        return {
            .addresses = "https://HOST/issueN",
            .batch = 200,
            .changed_since = true,
            .importance = true,
            .login = "name and password, or a JSON web token"};
    }

    std::optional<bug_ref> recognise(web_url const& url) const override
    {
        auto const slash = url.path.rfind('/');
        auto const name = std::string_view{url.path}.substr(slash + 1);
        if (!name.starts_with(page_name) || !wire::is_number(name.substr(page_name.size())))
            return std::nullopt;
        bug_ref out{.base = url, .remote_id = normalise(name).value_or(std::string{name})};
        out.base.path = url.path.substr(0, slash + 1);
        out.base.query.clear();
        return out;
    }

    // "issue42" is how Roundup itself names one.
    std::optional<std::string> normalise(std::string_view remote_id) const override
    {
        auto text = wire::trimmed(remote_id);
        if (text.starts_with(page_name))
            text.remove_prefix(page_name.size());
        return wire::numeric_id(text);
    }

    web_url bug_url(web_url const& base, std::string_view remote_id) const override
    {
        return join(base, "issue" + percent_encode(remote_id));
    }

    awaitable<result<capabilities>> probe(remote& at) const override { return roundup::probe(at); }

    awaitable<findings>
    look(remote& at, capabilities const& can, std::span<std::string const> ids) const override
    {
        return look_since(at, can, ids, std::nullopt);
    }

    awaitable<findings> look_changed(
        remote& at, capabilities const& can, std::span<std::string const> ids, utc_time since) const override
    {
        return look_since(at, can, ids, since);
    }

    verdict interpret(raw_words const& words) const override { return roundup::interpret(words); }

private:
    awaitable<findings> look_since(
        remote& at,
        capabilities const& can,
        std::span<std::string const> ids,
        std::optional<utc_time> since) const
    {
        auto book = open_ledger(*this, ids, "an issue of Roundup has a number");
        if (book.open().empty())
            co_return std::move(book).close();

        auto const by = roundup::read_protocol(can.protocol);
        bool const rest = by.protocol == roundup::by_rest;
        bool go_on = true;
        constexpr std::chrono::hours overlap{24};
        if (since && rest)
            go_on = co_await roundup::read_changes(at, by, can.login, book, *since - overlap);
        if (go_on && !book.open().empty()) {
            if (rest)
                co_await roundup::look_by_rest(at, by, can.login, book);
            else
                co_await roundup::look_by_export(at, by, can.login, book);
        }
        co_return std::move(book).close();
    }
};

} // namespace

std::unique_ptr<adapter const> make_roundup()
{
    return std::make_unique<roundup_adapter>();
}

} // namespace checkwatches::adapters
