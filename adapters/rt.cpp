// Request Tracker (RT, bestpractical.com/rt).
//
// Asked through REST 1.0 where that works, else through REST 2.0 (rt/probe.hpp tells which and why):
// POST {base}/REST/1.0/show with the form id=ticket/1,2,9&format=l&fields=… → blocks parted by "--".
// Quirks, and what follows from them:
// - Every answer of REST 1.0 is 200 text/plain; the true status is its first line, "RT/5.0.3 401 Credentials
//   required". A page in its place is something else than RT.
// - RT sorts the ids, and answers one block for each, with a comment in the place of a ticket that is missing
// or
//   hidden: we ask in that order and go by position, since a ticket that was merged into another is answered
//   by that one, under its id. It is shown as that ticket's duplicate, with its status.
// - A search leaves out what is missing, hidden, deleted or merged: what a search for changes leaves out is
//   unmodified only where a search for its number alone finds it, and the rest is found by look(). Dates in
//   it are in the zone of the user who asks, which nobody tells: hence an overlap of a day. A search of
//   REST 2.0 saves little against a look, so that no changes are searched for there.
// - A password or a token costs RT a fifth of a second each time; the cookie of the session nothing. It is
// the
//   remote's; we log in where an answer says that the session has none. The login is posted to REST/ and
//   never to a page: RT takes a session that began there for one of programs, and asks it for no Referer.
// - HTTP Basic is ignored by REST 1.0 and wanted by REST 2.0. Neither answers without a login; sites that are
// open
//   to the world have a user "guest" for that.
// - The history of a ticket comes in one answer of REST 1.0, its times in UTC; of REST 2.0 in several
//   (rt/transactions.cpp).

#include "adapters/rt.hpp"

#include "adapters/ledger.hpp"
#include "adapters/rt/address.hpp"
#include "adapters/rt/probe.hpp"
#include "adapters/rt/rest1.hpp"
#include "adapters/rt/rest2.hpp"
#include "adapters/rt/words.hpp"
#include "adapters/wire/text.hpp"

#include <algorithm>

namespace checkwatches::adapters {
namespace {

// The user's zone is at most half a day from UTC, and RT means later than, not at.
constexpr std::chrono::hours overlap{24};

class rt_adapter final : public adapter {
public:
    std::string_view kind() const noexcept override { return "rt"; }

    kind_features features() const noexcept override
    {
        return {
            .addresses = "https://HOST/Ticket/Display.html?id=N",
            .batch = 200,
            .changed_since = true,
            .importance = true,
            .comments = true,
            .login = "name and password, or a token"};
    }

    std::optional<bug_ref> recognise(web_url const& url) const override { return rt::recognise(url); }

    std::optional<std::string> normalise(std::string_view remote_id) const override
    {
        return wire::numeric_id(remote_id);
    }

    web_url bug_url(web_url const& base, std::string_view remote_id) const override
    {
        return rt::ticket_page(base, remote_id);
    }

    awaitable<result<capabilities>> probe(remote& at) const override { return rt::probe(at); }

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

    // Of REST 2.0 a ticket that is asked for alone.
    std::vector<question> conditional_questions(
        remote const& at, capabilities const& can, std::span<std::string const> ids) const override
    {
        if (can.protocol != rt::by_rest2 || ids.size() != 1 || !normalise(ids[0]))
            return {};
        auto const rq = rt::ticket_request(at, ids[0], rt::login_of(can));
        return {question{.url = rq.url.text(), .ids = {ids[0]}}};
    }

    awaitable<result<std::vector<comment>>> read_comments(
        remote& at,
        capabilities const& can,
        std::string const& remote_id,
        std::optional<utc_time> since) const override
    {
        if (!normalise(remote_id))
            co_return error{.kind = error_kind::not_found, .message = "a ticket of RT has a number"};
        auto const login = rt::login_of(can);
        if (can.protocol == rt::by_rest2)
            co_return co_await rt::read_transactions(at, login, remote_id, since);
        auto all = co_await rt::read_history(at, login, remote_id);
        if (all && since)
            std::erase_if(*all, [&](comment const& c) { return c.at && *c.at < *since; });
        co_return all;
    }

    verdict interpret(raw_words const& words) const override { return rt::interpret(words); }

private:
    awaitable<findings> look_since(
        remote& at,
        capabilities const& can,
        std::span<std::string const> ids,
        std::optional<utc_time> since) const
    {
        auto book = open_ledger(*this, ids, "a ticket of RT has a number");
        if (book.open().empty())
            co_return std::move(book).close();

        auto const login = rt::login_of(can);
        bool const rest2 = can.protocol == rt::by_rest2;
        bool go_on = true;
        if (since && !rest2)
            go_on = co_await rt::read_changes_by_search(at, login, book, *since - overlap);
        if (go_on && !book.open().empty()) {
            if (rest2)
                co_await rt::look_by_rest2(at, login, book);
            else
                co_await rt::look_by_show(at, login, book);
        }
        co_return std::move(book).close();
    }
};

} // namespace

std::unique_ptr<adapter const> make_rt()
{
    return std::make_unique<rt_adapter>();
}

} // namespace checkwatches::adapters
