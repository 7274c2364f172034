// Phabricator and Phorge (we.phorge.it): the tasks of Maniphest.
//
// Asked through Conduit: POST {base}/api/maniphest.search with constraints[ids][], 100 tasks a request.
// Quirks, and what follows from them:
// - Nothing of Conduit is for anonymous visitors: without an API token a tracker is told from others, and
// that
//   is all.
// - Errors are 200 with an error_code.
// - A limit above 100 is an error; pages are followed by a cursor.
// - Missing and invisible tasks are passed over in silence: the page of the task tells an anonymous visitor
//   which (404, or a form for logging in).
// - The original of a duplicate stands in no field, but in the task's history, as a PHID: two requests more
//   for all duplicates of a look.
// - Statuses and priorities are the installation's own.
// - An installation fills its host: an address is /T123.

#include "adapters/phorge.hpp"

#include "adapters/ledger.hpp"
#include "adapters/phorge/conduit.hpp"
#include "adapters/phorge/tasks.hpp"
#include "adapters/phorge/words.hpp"
#include "adapters/trouble.hpp"
#include "adapters/wire/text.hpp"

#include <algorithm>
#include <array>

namespace checkwatches::adapters {
namespace {

constexpr std::string_view by_conduit = "conduit";
constexpr std::string_view by_token = "token";

// "123" of "T123".
std::string number_of(std::string_view monogram)
{
    bool const marked = monogram.size() > 1 && (monogram.front() == 'T' || monogram.front() == 't');
    bool const digits = wire::is_number(monogram.substr(1, 1));
    return wire::normal_number(marked && digits ? monogram.substr(1) : monogram);
}

// The task that a path names; empty where it names none.
std::string task_in(std::string_view path)
{
    constexpr std::array<std::string_view, 3> long_forms{
        "/maniphest/task/edit/", "/maniphest/task/view/", "/maniphest/task/"};
    while (path.size() > 1 && path.ends_with('/'))
        path.remove_suffix(1);
    for (auto const form : long_forms)
        if (path.starts_with(form) && wire::is_number(path.substr(form.size())))
            return wire::normal_number(path.substr(form.size()));
    bool const short_form = path.starts_with("/T") && wire::is_number(path.substr(2));
    return short_form ? wire::normal_number(path.substr(2)) : std::string{};
}

class phorge_adapter final : public adapter {
public:
    std::string_view kind() const noexcept override { return "phorge"; }

    kind_features features() const noexcept override
    {
        return {
            .addresses = "https://HOST/TN",
            .batch = phorge::most_tasks,
            .changed_since = true,
            .importance = true,
            .login = "API token"};
    }

    std::optional<bug_ref> recognise(web_url const& url) const override
    {
        auto id = task_in(url.path);
        if (id.empty())
            return std::nullopt;
        bug_ref out{.base = url, .remote_id = std::move(id)};
        out.base.path = "/";
        out.base.query.clear();
        return out;
    }

    std::optional<std::string> normalise(std::string_view remote_id) const override
    {
        auto id = number_of(wire::trimmed(remote_id));
        if (id.empty())
            return std::nullopt;
        return id;
    }

    web_url bug_url(web_url const& base, std::string_view remote_id) const override
    {
        return join(base, "T" + percent_encode(percent_decode(remote_id)));
    }

    awaitable<result<capabilities>> probe(remote& at) const override
    {
        phorge::fields const nothing;
        auto const who = co_await phorge::call(at, "user.whoami", nothing);
        if (!who)
            co_return not_phorge(at, who.error());
        wire::json_object user;
        std::string name;
        if (who->result.get_object().get(user) == simdjson::SUCCESS)
            name = wire::text_member(user, "userName");
        if (name.empty())
            co_return error{
                .kind = error_kind::protocol_error,
                .message = "user.whoami names nobody",
                .request = who->request};
        // Maniphest may not be installed.
        phorge::fields const one{{"limit", "1"}};
        auto const tasks = co_await phorge::call(at, "maniphest.search", one);
        if (!tasks)
            co_return tasks.error();
        constexpr double passed_over = 0.05;
        co_return capabilities{
            .protocol = std::string{by_conduit},
            .batch = phorge::most_tasks,
            .changed_since = true,
            .each = passed_over,
            .importance = true,
            .login = std::string{by_token},
            .identity = shortened(name)};
    }

    awaitable<findings> look(remote& at, capabilities const&, std::span<std::string const> ids) const override
    {
        auto book = open_book(ids);
        co_await read_open(at, book);
        co_return std::move(book).close();
    }

    awaitable<findings> look_changed(
        remote& at, capabilities const&, std::span<std::string const> ids, utc_time since) const override
    {
        constexpr auto overlap = std::chrono::minutes{1};
        auto book = open_book(ids);
        bool go_on = !book.open().empty();
        if (go_on)
            go_on = co_await phorge::look_by_search(at, book, since - overlap);
        if (go_on)
            co_await read_open(at, book);
        co_return std::move(book).close();
    }

    verdict interpret(raw_words const& words) const override { return phorge::interpret(words); }

private:
    ledger open_book(std::span<std::string const> ids) const
    {
        return open_ledger(*this, ids, "a task of Maniphest has a number");
    }

    static awaitable<void> read_open(remote& at, ledger& book)
    {
        bool go_on = !book.open().empty();
        if (go_on)
            go_on = co_await phorge::look_by_search(at, book);
        if (go_on)
            co_await phorge::ask_for_pages(at, book);
    }

    static error not_phorge(remote const& at, error why)
    {
        if (why.kind == error_kind::auth_failed && why.message.starts_with("ERR-")) {
            if (!at.has_credential())
                why.message = "Conduit answers to nobody without an API token";
            return why;
        }
        bool const of_another = why.kind == error_kind::protocol_error || why.kind == error_kind::auth_failed
                                || why.kind == error_kind::unsupported;
        if (of_another && why.message.find("answered 5") == std::string::npos)
            return no_such_kind("Phorge", "its API " + why.message, why.request);
        return why;
    }
};

} // namespace

std::unique_ptr<adapter const> make_phorge()
{
    return std::make_unique<phorge_adapter>();
}

} // namespace checkwatches::adapters
