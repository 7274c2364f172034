// Pagure (pagure.io, src.fedoraproject.org).
//
// GET {root}/api/0/PROJECT/issue/N?comments=0, and …/issues?status=all&since=… for many. Quirks, and what
// follows:
// - There is no way to name several issues in one request. The list is read where it is much cheaper than
//   each issue alone, for its rows carry all their comments; a single issue can be had without.
// - The list shows open issues only unless status=all says otherwise. Its order is by creation here, so that
//   a change does not move what was read.
// - `total_issues` counts the rows of the page: pagination tells how far the list goes. Its links carry the
//   name that the server has for itself, and are not followed: pages have numbers.
// - Times are seconds since 1970, written as strings.
// - A private issue is left out of the list in silence; asked for singly it is 403 with a code of its own.
// - A priority is a number, and the project has names for them: it is asked once, where one is needed.
// - A refusal carries a code; a 404 without one comes from something in front of it, and is no issue's.
// - Pull requests have numbers of the same sequence, and another address: asked for as issues, they are not
//   there.
// - The reason for closing decides; there is no field for the original of a duplicate.

#include "adapters/pagure.hpp"

#include "adapters/ledger.hpp"
#include "adapters/pagure/look.hpp"
#include "adapters/pagure/place.hpp"
#include "adapters/pagure/probe.hpp"
#include "adapters/pagure/words.hpp"
#include "adapters/wire/text.hpp"

namespace checkwatches::adapters {
namespace {

class pagure_adapter final : public adapter {
public:
    std::string_view kind() const noexcept override { return "pagure"; }

    kind_features features() const noexcept override
    {
        return {
            .addresses = "https://HOST/PROJECT/issue/N",
            .batch = pagure::largest_page,
            .changed_since = true,
            .importance = true,
            .login = "token"};
    }

    std::optional<bug_ref> recognise(web_url const& url) const override { return pagure::recognise(url); }

    std::optional<std::string> normalise(std::string_view remote_id) const override
    {
        return wire::numeric_id(remote_id);
    }

    web_url bug_url(web_url const& base, std::string_view remote_id) const override
    {
        return join(base, "issue/" + percent_encode(percent_decode(remote_id)));
    }

    awaitable<result<capabilities>> probe(remote& at) const override { return pagure::probe(at); }

    awaitable<findings> look(remote& at, capabilities const&, std::span<std::string const> ids) const override
    {
        auto book = open_book(ids);
        if (!book.open().empty())
            co_await pagure::look(at, book);
        co_return std::move(book).close();
    }

    awaitable<findings> look_changed(
        remote& at, capabilities const&, std::span<std::string const> ids, utc_time since) const override
    {
        constexpr auto overlap = std::chrono::minutes{1};
        auto book = open_book(ids);
        bool go_on = !book.open().empty();
        if (go_on)
            go_on = co_await pagure::read_changes(at, book, since - overlap);
        if (go_on && !book.open().empty())
            co_await pagure::look(at, book);
        co_return std::move(book).close();
    }

    verdict interpret(raw_words const& words) const override { return pagure::interpret(words); }

private:
    ledger open_book(std::span<std::string const> ids) const
    {
        return open_ledger(*this, ids, "an issue of Pagure has a number");
    }
};

} // namespace

std::unique_ptr<adapter const> make_pagure()
{
    return std::make_unique<pagure_adapter>();
}

} // namespace checkwatches::adapters
