// Gitea, and Forgejo, which speaks the same (Codeberg is one).
//
// GET {root}/api/v1/repos/OWNER/REPO/issues/N, and …/issues?state=all&since=… for many. Quirks, and what
// follows:
// - There is no way to name several issues in one request. A look reads pages of the list where one page
//   holds several of the issues wanted (by their numbers: the list is sorted by creation), and asks for the
//   others singly.
// - The list shows open issues only unless state=all says otherwise, and pull requests with them.
// - `limit` is cut to the server's own without a word (50, or what settings/api tells), while Link may still
//   speak of the limit asked for: X-Total-Count and the rows that came tell how far the list goes.
// - The list is sorted by creation: a row that comes in moves all others, and one that goes too. Numbers that
//   were read are counted against X-Total-Count before anything is called unmodified.
// - What we may not see is 404, a whole repository or (for Gitea knows no private issues) nothing less.
// - A repository that was renamed or transferred answers with a redirect: its issues moved, and the record
//   that came tells where to.
// - A 404 without Gitea's own JSON comes from something in front of it, and is no issue's.
// - Closing has no reason: labels tell (gitea/words.hpp). There is no field for the original of a duplicate.

#include "adapters/gitea.hpp"

#include "adapters/gitea/look.hpp"
#include "adapters/gitea/place.hpp"
#include "adapters/gitea/probe.hpp"
#include "adapters/gitea/words.hpp"
#include "adapters/ledger.hpp"
#include "adapters/wire/text.hpp"

namespace checkwatches::adapters {
namespace {

class gitea_adapter final : public adapter {
public:
    std::string_view kind() const noexcept override { return "gitea"; }

    kind_features features() const noexcept override
    {
        return {
            .addresses = "https://HOST/OWNER/REPO/issues/N",
            .batch = gitea::usual_page,
            .changed_since = true,
            .importance = true,
            .login = "token"};
    }

    std::optional<bug_ref> recognise(web_url const& url) const override { return gitea::recognise(url); }

    std::optional<std::string> normalise(std::string_view remote_id) const override
    {
        return wire::numeric_id(remote_id);
    }

    web_url bug_url(web_url const& base, std::string_view remote_id) const override
    {
        return join(base, "issues/" + percent_encode(percent_decode(remote_id)));
    }

    awaitable<result<capabilities>> probe(remote& at) const override { return gitea::probe(at); }

    awaitable<findings>
    look(remote& at, capabilities const& can, std::span<std::string const> ids) const override
    {
        auto book = open_book(ids);
        if (!book.open().empty())
            co_await gitea::look(at, can, book);
        co_return std::move(book).close();
    }

    awaitable<findings> look_changed(
        remote& at, capabilities const& can, std::span<std::string const> ids, utc_time since) const override
    {
        constexpr auto overlap = std::chrono::minutes{1};
        auto book = open_book(ids);
        bool go_on = !book.open().empty();
        if (go_on)
            go_on = co_await gitea::read_changes(at, can, book, since - overlap);
        if (go_on && !book.open().empty())
            co_await gitea::look(at, can, book);
        co_return std::move(book).close();
    }

    verdict interpret(raw_words const& words) const override { return gitea::interpret(words); }

private:
    ledger open_book(std::span<std::string const> ids) const
    {
        return open_ledger(*this, ids, "an issue of Gitea has a number");
    }
};

} // namespace

std::unique_ptr<adapter const> make_gitea()
{
    return std::make_unique<gitea_adapter>();
}

} // namespace checkwatches::adapters
