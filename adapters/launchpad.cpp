// Launchpad's web service (lazr.restful), read anonymously: signing requests with OAuth is not done, so a
// credential changes nothing and no identity is claimed.
//
// GET {api}/{task} and GET {api}/bugs/{n}; many tasks of one target by searchTasks. Quirks, and what follows:
// - A search leaves out what is resolved and what is a duplicate unless it is told otherwise: it is.
// - Pages are followed along next_collection_link, which carries a memo; a page holds 300 at most, a greater
//   one is refused with 400.
// - A private bug is 404 like a missing one.
// - A request that takes too long is 503 with Retry-After: 900, which is maintenance here.
// - For a bug without a task on the target asked for, it redirects to another task of the bug.

#include "adapters/launchpad.hpp"

#include "adapters/launchpad/entries.hpp"
#include "adapters/launchpad/look.hpp"
#include "adapters/launchpad/messages.hpp"
#include "adapters/launchpad/names.hpp"
#include "adapters/ledger.hpp"
#include "adapters/trouble.hpp"
#include "adapters/wire/text.hpp"

#include <algorithm>
#include <iterator>

namespace checkwatches::adapters {
namespace {

// "Incomplete (with response)" is how a search names a half of Incomplete.
std::string plain_title(std::string_view title)
{
    auto const text = wire::trimmed(title);
    constexpr std::string_view incomplete = "Incomplete (";
    return std::string{text.starts_with(incomplete) ? std::string_view{"Incomplete"} : text};
}

class launchpad_adapter final : public adapter {
public:
    std::string_view kind() const noexcept override { return "launchpad"; }

    kind_features features() const noexcept override
    {
        return {
            .addresses = "https://bugs.launchpad.net/PROJECT/+bug/N",
            .batch = 300,
            .changed_since = true,
            .importance = true,
            .comments = true};
    }

    std::optional<bug_ref> recognise(web_url const& url) const override { return launchpad::recognise(url); }

    std::optional<std::string> normalise(std::string_view remote_id) const override
    {
        return launchpad::normal_id(remote_id);
    }

    web_url bug_url(web_url const& base, std::string_view remote_id) const override
    {
        return launchpad::web_page(base, remote_id);
    }

    awaitable<result<capabilities>> probe(remote& at) const override
    {
        auto const root = launchpad::api_root(at);
        request rq{.url = join(root, "")};
        auto const answer = co_await at.ask(std::move(rq));
        if (!answer)
            co_return answer.error();
        if (auto wrong = launchpad::read_service_root(*answer))
            co_return refusal(std::move(*wrong), answer->status);
        // At two requests a bug and one a second, a look takes some three minutes.
        constexpr std::size_t bugs = 100;
        auto const version = root.path.substr(root.path.rfind('/') + 1);
        constexpr std::size_t rows_of_a_page = 300;
        constexpr double task_and_bug = 2;
        co_return capabilities{
            .protocol = "rest",
            .version = version,
            .batch = bugs,
            .changed_since = true,
            .page = rows_of_a_page,
            .each = task_and_bug,
            .importance = true,
            .comments = true};
    }

    awaitable<findings> look(remote& at, capabilities const&, std::span<std::string const> ids) const override
    {
        auto book = open_book(ids);
        co_await launchpad::look(at, book);
        co_return std::move(book).close();
    }

    // For bugs that are watched by number alone there is no search: they are read.
    awaitable<findings> look_changed(
        remote& at, capabilities const&, std::span<std::string const> ids, utc_time since) const override
    {
        // The search means later than, not at; and its answer may come from a replica that lags behind.
        constexpr auto overlap = std::chrono::minutes{5};
        auto book = open_book(ids);
        bool const go_on = co_await launchpad::pass_over_unchanged(at, book, since - overlap);
        if (go_on)
            co_await launchpad::look(at, book);
        co_return std::move(book).close();
    }

    std::vector<question> conditional_questions(
        remote const& at, capabilities const&, std::span<std::string const> ids) const override
    {
        std::vector<std::string> normal;
        std::ranges::copy_if(ids, std::back_inserter(normal), [&](std::string const& id) {
            return normalise(id).has_value();
        });
        return launchpad::questions(at, normal);
    }

    awaitable<result<std::vector<comment>>> read_comments(
        remote& at,
        capabilities const&,
        std::string const& remote_id,
        std::optional<utc_time> since) const override
    {
        co_return co_await launchpad::read_messages(at, remote_id, since);
    }

    verdict interpret(raw_words const& words) const override
    {
        verdict out;
        auto const state = plain_title(words.status);
        auto const weight = plain_title(words.priority);
        out.state = parse_status(state);
        out.weight = parse_importance(weight);
        if (!out.state && !state.empty())
            out.unmapped.push_back({.field = "status", .word = remote_status(words)});
        if (!out.weight && !weight.empty())
            out.unmapped.push_back({.field = "importance", .word = remote_importance(words)});
        return out;
    }

private:
    ledger open_book(std::span<std::string const> ids) const
    {
        return open_ledger(*this, ids, "neither a bug's number nor the path of a task");
    }

    // What an answer that is no service root says about the tracker.
    static error refusal(error why, unsigned http_status)
    {
        if (!is_strange(why.kind, http_status))
            return tracker_trouble(std::move(why));
        return no_such_kind("Launchpad", "its API " + why.message, why.request);
    }
};

} // namespace

std::unique_ptr<adapter const> make_launchpad()
{
    return std::make_unique<launchpad_adapter>();
}

} // namespace checkwatches::adapters
