// MantisBT (mantisbt.org).
//
// Asked through SOAP where PHP has it: mc_issues_get_header reads hundreds of issues in one request
// (mantis/probe.hpp tells the other ways and their order). Quirks, and what follows from them:
// - Hidden and missing issues are passed over in silence: what is missing is asked singly, where faults tell
//   them apart. The main fields name no original, so duplicates are asked singly too.
// - The main fields are numbers. Those that every Mantis has are known; the words of others are asked for.
// - A fault may come as 200 text/html, and the reason phrase of an HTTP status is free text.
// - REST has no batch ("/issues/1,2,3" is issue 1) and no list by id. Its lists go by the filter that the
//   visitor last used, so that an issue may be left out: they are not used to tell what changed.
// - An API token goes bare into Authorization. A wrong one is no error where anonymous visitors are let in:
//   X-Mantis-LoginMethod says so.
// - Without APIs only the interface is left: the export as CSV, whose ids are padded with zeros and whose
//   words are in the language of the visitor, and the pages of issues, which tell errors with 200. What an
//   anonymous visitor may not see leads to the form for logging in.

#include "adapters/mantis.hpp"

#include "adapters/mantis/export.hpp"
#include "adapters/mantis/probe.hpp"
#include "adapters/mantis/singles.hpp"
#include "adapters/mantis/web.hpp"
#include "adapters/mantis/words.hpp"
#include "adapters/wire/text.hpp"

#include <algorithm>
#include <array>

namespace checkwatches::adapters {
namespace {

constexpr std::array<std::string_view, 3> pages{
    "view.php", "bug_view_page.php", "bug_view_advanced_page.php"};

bool is_rest(capabilities const& can)
{
    return can.protocol == mantis::by_rest || can.protocol == mantis::by_rewritten_rest;
}

class mantis_adapter final : public adapter {
public:
    std::string_view kind() const noexcept override { return "mantis"; }

    kind_features features() const noexcept override
    {
        return {
            .addresses = "https://HOST/view.php?id=N",
            .batch = 200,
            .importance = true,
            .login = "API token, or name and password"};
    }

    std::optional<bug_ref> recognise(web_url const& url) const override
    {
        auto const slash = url.path.rfind('/') + 1;
        auto const id = url.parameter("id");
        bool const is_page = std::ranges::find(pages, std::string_view{url.path}.substr(slash))
                             != pages.end();
        if (!is_page || !id || id->empty())
            return std::nullopt;
        bug_ref out{.base = url, .remote_id = normalise(*id).value_or(*id)};
        out.base.path = url.path.substr(0, slash);
        out.base.query.clear();
        return out;
    }

    std::optional<std::string> normalise(std::string_view remote_id) const override
    {
        return wire::numeric_id(remote_id);
    }

    web_url bug_url(web_url const& base, std::string_view remote_id) const override
    {
        return join(base, "view.php?id=" + percent_encode(percent_decode(remote_id)));
    }

    awaitable<result<capabilities>> probe(remote& at) const override { return mantis::probe(at); }

    awaitable<findings>
    look(remote& at, capabilities const& can, std::span<std::string const> ids) const override
    {
        auto book = open_ledger(*this, ids, "an issue of Mantis has a number");
        if (!book.open().empty())
            co_await ask(at, can, book);
        co_return std::move(book).close();
    }

    std::vector<question> conditional_questions(
        remote const& at, capabilities const& can, std::span<std::string const> ids) const override
    {
        std::vector<question> out;
        if (!is_rest(can))
            return out;
        auto const place = mantis::rest_place_of(at, can);
        for (auto const& id : ids)
            if (normalise(id))
                out.push_back({.url = mantis::issue_request(place, id).url.text(), .ids = {id}});
        return out;
    }

    verdict interpret(raw_words const& words) const override { return mantis::interpret(words); }

private:
    static awaitable<void> ask(remote& at, capabilities const& can, ledger& book)
    {
        if (is_rest(can)) {
            auto const place = mantis::rest_place_of(at, can);
            co_await mantis::look_by_rest(at, place, book, false);
        }
        else if (can.protocol == mantis::by_export || can.protocol == mantis::by_pages)
            co_await ask_pages(at, can, book);
        else {
            auto const place = mantis::soap_place_of(at, can);
            bool const batch = can.protocol == mantis::by_soap;
            co_await mantis::look_by_soap(at, place, book, batch);
        }
    }

    static awaitable<void> ask_pages(remote& at, capabilities const& can, ledger& book)
    {
        constexpr std::size_t few = 10; // not worth an export of everything
        bool exported = can.protocol == mantis::by_export && book.open().size() > few;
        if (exported) {
            auto why = co_await mantis::look_by_export(at, book);
            // Some sites fail at an export of so much: then there are the pages.
            bool const of_the_export = why && why->kind == error_kind::protocol_error;
            if (why && !of_the_export) {
                book.trouble(std::move(*why));
                co_return;
            }
            exported = !why;
        }
        co_await mantis::look_by_pages(at, book, exported);
    }
};

} // namespace

std::unique_ptr<adapter const> make_mantis()
{
    return std::make_unique<mantis_adapter>();
}

} // namespace checkwatches::adapters
