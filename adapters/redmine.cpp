// Redmine (redmine.org) and its forks with the same API: ChiliProject, Easy Redmine, Planio.
//
// GET {base}/issues.json?issue_id=1,2,3&status_id=*&include=relations&sort=id&limit=100. Quirks, and what
// follows from them:
// - Without status_id=* only open issues come; without a limit 25, and never more than 100: more ids than
//   that are not asked at once, and an answer that is cut off is read on by its offset.
// - Missing and hidden issues are left out in silence: what is missing is asked singly, where 404 and 403
// (401
//   without a login) tell them apart. Their bodies are empty.
// - An old server ignores `issue_id` and lists the whole tracker: a probe finds that out, and its issues are
//   asked one by one.
// - A number beyond 32 bits fails the whole list: such an id is asked singly.
// - A wrong API key is silently nobody: the probe proves it at users/current.json, which answers nobody but a
//   known user, and a 401 for an issue in spite of a login is the login's end.
// - With the REST API switched off everything is 403 with an empty body (401 or 404 from other versions).
// - closed_on stays when an issue is opened again: it is not read. status.is_closed is there from 5.0 on.
// - Names of statuses and priorities are a site's own, in its language (redmine/words.hpp tells those that
//   are known).
// - Answers have a weak ETag, which saves bytes and not the server's work.

#include "adapters/redmine.hpp"

#include "adapters/ledger.hpp"
#include "adapters/redmine/ask.hpp"
#include "adapters/redmine/issues.hpp"
#include "adapters/redmine/look.hpp"
#include "adapters/redmine/probe.hpp"
#include "adapters/redmine/words.hpp"
#include "adapters/wire/page.hpp"
#include "adapters/wire/text.hpp"

namespace checkwatches::adapters {
namespace {

class redmine_adapter final : public adapter {
public:
    std::string_view kind() const noexcept override { return "redmine"; }

    kind_features features() const noexcept override
    {
        return {
            .addresses = "https://HOST/issues/N",
            .batch = 100,
            .changed_since = true,
            .importance = true,
            .comments = true,
            .login = "API key, or name and password"};
    }

    // "/issues/N", at most one folder above it: two are an owner and a repository, which is a forge.
    std::optional<bug_ref> recognise(web_url const& url) const override
    {
        constexpr std::string_view mark = "/issues/";
        auto path = std::string_view{url.path};
        if (path.ends_with('/'))
            path.remove_suffix(1);
        auto const at = path.find(mark);
        if (at == std::string_view::npos || url.host == "github.com" || url.host == "www.github.com")
            return std::nullopt;
        auto const folder = path.substr(0, at);
        auto const id = path.substr(at + mark.size());
        if (folder.find('/', 1) != std::string_view::npos || id.find('/') != std::string_view::npos
            || !wire::is_number(id.substr(0, 1)))
            return std::nullopt;
        bug_ref out{.base = url, .remote_id = normalise(id).value_or(std::string{id})};
        out.base.path = std::string{folder} + "/";
        out.base.query.clear();
        return out;
    }

    std::optional<std::string> normalise(std::string_view remote_id) const override
    {
        return wire::numeric_id(remote_id);
    }

    web_url bug_url(web_url const& base, std::string_view remote_id) const override
    {
        return join(base, "issues/" + percent_encode(percent_decode(remote_id)));
    }

    awaitable<result<capabilities>> probe(remote& at) const override { return redmine::probe(at); }

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

    std::vector<question> conditional_questions(
        remote const& at, capabilities const& can, std::span<std::string const> ids) const override
    {
        std::vector<std::string> normal;
        for (auto const& id : ids)
            if (normalise(id) == id)
                normal.push_back(id);
        std::vector<question> out;
        if (can.protocol == redmine::singly) {
            for (auto& id : normal) {
                auto const rq = redmine::issue_request(at, can.login, id);
                out.push_back({.url = rq.url.text(), .ids = {std::move(id)}});
            }
            return out;
        }
        auto fit = redmine::fit_for_list(std::move(normal));
        auto const rq = redmine::whole_list_request(at, can.login, fit);
        if (!fit.empty() && rq.conditional)
            out.push_back({.url = rq.url.text(), .ids = std::move(fit)});
        return out;
    }

    awaitable<result<std::vector<comment>>> read_comments(
        remote& at,
        capabilities const& can,
        std::string const& remote_id,
        std::optional<utc_time> since) const override
    {
        auto const id = normalise(remote_id);
        if (!id)
            co_return error{.kind = error_kind::invalid_id, .message = "an issue of Redmine has a number"};
        auto const answer = co_await at.ask(
            redmine::get(at, "issues/" + *id + ".json?include=journals", can.login));
        if (!answer)
            co_return answer.error();
        auto notes = redmine::read_notes(*answer);
        if (!notes) {
            auto why = notes.error();
            if (why.kind == error_kind::auth_failed && can.login.empty())
                why.kind = error_kind::forbidden;
            co_return why;
        }
        if (since)
            std::erase_if(*notes, [&](comment const& one) { return one.at && *one.at < *since; });
        co_return std::move(*notes);
    }

    verdict interpret(raw_words const& words) const override { return redmine::interpret(words); }

private:
    awaitable<findings> look_since(
        remote& at,
        capabilities const& can,
        std::span<std::string const> ids,
        std::optional<utc_time> since) const
    {
        auto book = open_ledger(*this, ids, "an issue of Redmine has a number");
        bool const alone = can.protocol == redmine::singly;
        constexpr auto overlap = std::chrono::minutes{1};
        bool go_on = true;
        if (since && !alone)
            go_on = co_await redmine::read_changes(at, can.login, book, *since - overlap);
        if (go_on && !alone && !book.open().empty())
            go_on = co_await redmine::look_by_list(at, can.login, book);
        if (go_on)
            co_await redmine::look_singly(at, can.login, book, alone);
        co_return std::move(book).close();
    }
};

} // namespace

std::unique_ptr<adapter const> make_redmine()
{
    return std::make_unique<redmine_adapter>();
}

} // namespace checkwatches::adapters
