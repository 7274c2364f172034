// Trac (trac.edgewall.org).
//
// Asked through its query as CSV where that works (trac/probe.hpp tells the other ways and their order):
// GET {base}/query?id=1,2,5-9&col=…&max=0&format=csv. Quirks, and what follows from them:
// - The answer starts with a byte order mark and its header holds labels ("Status") or, from old Tracs, names
//   ("status"); an unknown column is left out without a word: columns are found by name, without case.
// - A query without a constraint that Trac understands becomes its default query and answers with strangers:
//   rows that nobody asked for are dropped, and nothing but strangers is an error.
// - An error inside the query is 200 text/csv with an empty body: never "no such ticket".
// - Hidden and missing tickets are left out in silence: what is missing is asked singly, where 404 and 403
// tell
//   them apart.
// - Times are in the words of the server's language: not read. XML-RPC has them in UTC.
// - Credentials count below /login only (trac/web.hpp); anywhere else they are ignored, and the 200 is
//   anonymous.

#include "adapters/trac.hpp"

#include "adapters/ledger.hpp"
#include "adapters/trac/comments.hpp"
#include "adapters/trac/probe.hpp"
#include "adapters/trac/rpc.hpp"
#include "adapters/trac/singles.hpp"
#include "adapters/trac/web.hpp"
#include "adapters/trac/words.hpp"
#include "adapters/wire/text.hpp"

namespace checkwatches::adapters {
namespace {

// Brings the session that the credential grants, where the way of asking needs one. False where it is
// refused.
awaitable<bool> open_session(remote& at, capabilities const& can, ledger& book)
{
    if (can.login != trac::by_cookie)
        co_return true;
    auto login = co_await trac::log_in(at);
    if (!login.refusal)
        co_return true;
    book.trouble(std::move(*login.refusal));
    co_return false;
}

class trac_adapter final : public adapter {
public:
    std::string_view kind() const noexcept override { return "trac"; }

    kind_features features() const noexcept override
    {
        return {
            .addresses = "https://HOST/ticket/N",
            .batch = 300,
            .changed_since = true,
            .importance = true,
            .comments = true,
            .login = "name and password"};
    }

    std::optional<bug_ref> recognise(web_url const& url) const override
    {
        constexpr std::string_view mark = "/ticket/";
        auto const at = url.path.rfind(mark);
        if (at == std::string::npos)
            return std::nullopt;
        auto const id = std::string_view{url.path}.substr(at + mark.size());
        if (id.empty() || id.find('/') != std::string_view::npos)
            return std::nullopt;
        bug_ref out{.base = url, .remote_id = normalise(id).value_or(std::string{id})};
        out.base.path = url.path.substr(0, at + 1);
        out.base.query.clear();
        return out;
    }

    std::optional<std::string> normalise(std::string_view remote_id) const override
    {
        return wire::numeric_id(remote_id);
    }

    web_url bug_url(web_url const& base, std::string_view remote_id) const override
    {
        auto const encoded = percent_encode(percent_decode(remote_id));
        return join(base, "ticket/" + encoded);
    }

    awaitable<result<capabilities>> probe(remote& at) const override { return trac::probe(at); }

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

    awaitable<result<std::vector<comment>>> read_comments(
        remote& at,
        capabilities const& can,
        std::string const& remote_id,
        std::optional<utc_time> since) const override
    {
        if (can.protocol == trac::by_xmlrpc || can.protocol == trac::by_rpc) {
            auto const place = rpc_place_of(can);
            co_return co_await trac::read_change_log(at, place, remote_id, since);
        }
        if (can.protocol == trac::by_launchpad_plugin)
            co_return co_await trac::read_by_launchpad_plugin(at, remote_id, since);
        co_return co_await adapter::read_comments(at, can, remote_id, since);
    }

    verdict interpret(raw_words const& words) const override { return trac::interpret(words); }

private:
    awaitable<findings> look_since(
        remote& at,
        capabilities const& can,
        std::span<std::string const> ids,
        std::optional<utc_time> since) const
    {
        auto book = open_ledger(*this, ids, "a ticket of Trac has a number");
        if (book.open().empty())
            co_return std::move(book).close();

        bool go_on = co_await open_session(at, can, book);
        if (go_on && since)
            go_on = co_await ask_for_changes(at, can, book, *since);
        if (go_on && !book.open().empty())
            co_await ask(at, can, book);
        co_return std::move(book).close();
    }

    // Settles what did not change, and where the answer brings the records what did too. False where trouble
    // ended it.
    static awaitable<bool> ask_for_changes(remote& at, capabilities const& can, ledger& book, utc_time since)
    {
        auto const lately = since - std::chrono::minutes{1};
        auto const place = rpc_place_of(can);
        if (can.protocol == trac::by_query)
            co_return co_await trac::read_changes(at, book, lately);
        if (can.protocol == trac::by_launchpad_plugin) {
            auto const earlier = since - std::chrono::minutes{11}; // Launchpad's own overlap
            co_return co_await trac::look_by_launchpad_plugin(at, book, earlier);
        }
        if (can.protocol == trac::by_xmlrpc || can.protocol == trac::by_rpc)
            co_return co_await trac::pass_over_unchanged(at, place, book, lately);
        co_return true;
    }

    static trac::rpc_place rpc_place_of(capabilities const& can)
    {
        return {.path = can.protocol, .logged_in = can.login == trac::by_basic};
    }

    static awaitable<void> ask(remote& at, capabilities const& can, ledger& book)
    {
        if (can.protocol == trac::by_xmlrpc || can.protocol == trac::by_rpc) {
            auto const place = rpc_place_of(can);
            co_await trac::look_by_rpc(at, place, book);
            co_return;
        }
        bool const alone = can.protocol == trac::singly;
        bool go_on = true;
        if (can.protocol == trac::by_launchpad_plugin)
            go_on = co_await trac::look_by_launchpad_plugin(at, book);
        else if (!alone)
            go_on = co_await trac::look_by_query(at, book);
        if (go_on)
            co_await trac::look_singly(at, book, alone);
    }
};

} // namespace

std::unique_ptr<adapter const> make_trac()
{
    return std::make_unique<trac_adapter>();
}

} // namespace checkwatches::adapters
