#include "adapters/github/look.hpp"

#include "adapters/doubts.hpp"
#include "adapters/github/graphql.hpp"
#include "adapters/github/records.hpp"
#include "adapters/trouble.hpp"
#include "adapters/wire/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace checkwatches::adapters::github {
namespace {

constexpr std::size_t most_requests = 300; // of one look
constexpr std::size_t most_hops = 3;       // a new name, a new project, and its new name
constexpr unsigned not_modified = 304;
constexpr unsigned legal_reasons = 451; // for which a project is blocked

using id_span = std::span<std::string const>;

bool is_redirect(unsigned status)
{
    return status == 301 || status == 302 || status == 307 || status == 308;
}

// "/repositories/1296269" of "/repositories/1296269/issues/7": each project has one, whatever its name is.
std::string project_path(web_url const& address)
{
    return wire::lower(address.path.substr(0, address.path.find("/issues/")));
}

std::size_t greatest(id_span ids)
{
    std::size_t most = 0;
    for (auto const& id : ids)
        most = std::max<std::size_t>(most, std::stoul(id)); // of 31 bits: normal_id()
    return most;
}

std::size_t pages_of(std::size_t rows)
{
    return (rows + rows_of_page - 1) / rows_of_page;
}

// By their creation, an issue with the number n is not behind place n. A page holds a hundred times as much
// as an answer for one issue: so it must be worth some.
bool is_list_worth(id_span ids)
{
    constexpr std::size_t worth = 4;
    return ids.size() >= worth && pages_of(greatest(ids)) <= ids.size() / worth;
}

std::string list_path(place const& where, std::optional<utc_time> since)
{
    // By creation: a page does not shift when an issue changes while the pages are read.
    auto path = where.project() + "/issues?state=all&sort=created&direction=asc&per_page=100";
    if (since)
        path += "&since=" + percent_encode(format_time(*since));
    return path;
}

class looker {
public:
    looker(remote& at, place where, capabilities const& can, ledger& book)
        : at_{at},
          where_{std::move(where)},
          can_{can},
          book_{book},
          doubts_{book, false}
    {}

    awaitable<void> run()
    {
        auto const ids = book_.open();
        bool go_on = true;
        if (asks_graphql(can_) && ids.size() > 1)
            go_on = co_await ask_graphql(ids);
        else if (!asks_graphql(can_) && is_list_worth(ids))
            go_on = co_await read_all(ids);
        for (auto const& id : ids) {
            if (!go_on)
                co_return;
            if (book_.is_open(id))
                go_on = co_await look_singly(id);
        }
        if (go_on)
            doubts_.close();
    }

    awaitable<bool> pass_over_unchanged(utc_time since)
    {
        auto const ids = book_.open();
        auto const otherwise = asks_graphql(can_) ? pages_of(ids.size()) + 1 : ids.size();
        auto const how = co_await read_pages(list_path(where_, since), std::max<std::size_t>(otherwise, 2));
        if (how == list_end::complete)
            book_.unmodified(book_.open());
        co_return how != list_end::trouble;
    }

private:
    enum class list_end { complete, unusable, trouble };

    // Each awaitable<bool> is false where trouble ended the look.
    awaitable<bool> ask_graphql(id_span ids);
    awaitable<bool> read_all(id_span ids);
    awaitable<list_end> read_pages(std::string path, std::size_t most_pages);
    awaitable<bool> look_singly(std::string const& id);
    awaitable<bool> ask_project();
    bool enter_single(std::string const& id, reply const& answer);
    bool enter_moved(std::string const& id, reply const& answer, web_url const& to);
    bool failed(std::string const& id, error const& why, unsigned http_status);

    // Follows redirects within the API, and notes in `to` where they led.
    awaitable<result<reply>> ask_issue(std::string const& id, std::optional<web_url>& to);
    awaitable<result<reply>> ask(request rq)
    {
        if (requests_ == most_requests)
            co_return error{
                .kind = error_kind::deferred,
                .message = fmt::format("{} requests did not settle all bugs of this look", most_requests)};
        ++requests_;
        co_return co_await at_.ask(std::move(rq));
    }

    // The place that a redirect or a link names; the error where it is outside of the API.
    result<web_url> within_api(reply const& from, std::string_view address) const
    {
        auto to = resolve(from.url, address);
        if (to && to->origin() == where_.root.origin())
            return to;
        return error{
            .kind = error_kind::protocol_error,
            .message = "the answer leads out of the API: " + shortened(address),
            .request = from.request};
    }

    bool trouble(error why)
    {
        book_.trouble(std::move(why));
        return false;
    }
    bool absent(std::string const& id, outcome what, std::string detail)
    {
        book_.absent(id, what, std::move(detail));
        doubts_.clear_up();
        return true;
    }
    void absent_all(outcome what, std::string const& detail)
    {
        for (auto const& id : book_.open())
            book_.absent(id, what, detail);
        doubts_.clear_up();
    }

    remote& at_;
    place where_;
    capabilities const& can_;
    ledger& book_;
    doubts doubts_;
    bool project_known_ = false; // it was asked for, or one of its issues was seen
    bool project_asked_ = false;
    std::string other_name_; // project_path() of where the project answers, where it has a new name
    std::size_t requests_ = 0;
};

awaitable<bool> looker::ask_graphql(id_span ids)
{
    for (; !ids.empty(); ids = ids.subspan(std::min(ids.size(), rows_of_page))) {
        auto const some = ids.first(std::min(ids.size(), rows_of_page));
        auto const answer = co_await ask(ask_issues(where_, some, can_.protocol == by_graphql));
        if (!answer)
            co_return trouble(answer.error());
        auto const got = read_issues(where_, *answer, book_);
        if (got.why)
            co_return trouble(*got.why);
        if (got.no_project)
            co_return co_await ask_project();
        project_known_ = true;
        doubts_.clear_up();
    }
    co_return true;
}

awaitable<bool> looker::read_all(id_span ids)
{
    auto const pages = pages_of(greatest(ids));
    auto const how = co_await read_pages(list_path(where_, std::nullopt), pages);
    co_return how != list_end::trouble;
}

awaitable<looker::list_end> looker::read_pages(std::string path, std::size_t most_pages)
{
    bool unreadable = false;
    auto next = join(where_.root, path);
    for (std::size_t page = 0; page != most_pages; ++page) {
        auto rq = get(where_, next);
        rq.on_redirect = request::redirects::follow; // a project with a new name
        auto const answer = co_await ask(std::move(rq));
        if (!answer) {
            trouble(answer.error());
            co_return list_end::trouble;
        }
        auto list = read_list(*answer);
        if (!list) {
            // 404 and 410 may be a missing project or one without issues: asking singly tells.
            bool const is_absence = list.error().kind == error_kind::not_found
                                    || list.error().kind == error_kind::gone;
            if (!is_absence)
                trouble(tracker_trouble(list.error()));
            co_return is_absence ? list_end::unusable : list_end::trouble;
        }
        unreadable = unreadable || list->unreadable;
        for (auto& row : list->rows) {
            project_known_ = true;
            book_.sighted(row.number, std::move(row.what));
        }
        if (list->next.empty() || book_.open().empty())
            co_return unreadable ? list_end::unusable : list_end::complete;
        auto const to = within_api(*answer, list->next);
        if (!to) {
            trouble(to.error());
            co_return list_end::trouble;
        }
        next = *to;
    }
    co_return list_end::unusable;
}

awaitable<result<reply>> looker::ask_issue(std::string const& id, std::optional<web_url>& to)
{
    auto rq = get(where_, issue_path(where_, id));
    rq.conditional = true;
    auto answer = co_await ask(std::move(rq));
    for (std::size_t hop = 0; answer && is_redirect(answer->status); ++hop) {
        auto const next = within_api(*answer, answer->header("Location"));
        if (!next)
            co_return next.error();
        if (hop == most_hops)
            co_return error{
                .kind = error_kind::protocol_error,
                .message = "redirected more than 3 times",
                .request = answer->request};
        to = *next;
        answer = co_await ask(get(where_, *next));
    }
    co_return answer;
}

awaitable<bool> looker::look_singly(std::string const& id)
{
    std::optional<web_url> to;
    auto const answer = co_await ask_issue(id, to);
    if (!answer)
        co_return trouble(answer.error());
    if (answer->status == not_modified) {
        project_known_ = true;
        co_return absent(id, outcome::unmodified, {});
    }
    bool const is_missing = answer->status == 404 && !project_known_ && book_.open().size() > 1;
    if ((to || is_missing) && !project_asked_) {
        bool const go_on = co_await ask_project();
        if (!go_on || !book_.is_open(id))
            co_return go_on;
    }
    if (to && project_path(*to) != other_name_)
        co_return enter_moved(id, *answer, *to);
    co_return enter_single(id, *answer);
}

bool looker::enter_single(std::string const& id, reply const& answer)
{
    auto const in = read_json(answer);
    if (!in)
        return failed(id, in.error(), answer.status);
    auto const root = in->object();
    auto one = root ? read_issue(*root) : std::nullopt;
    if (!one || one->number != id)
        return absent(id, outcome::unparsable, "the JSON is not this issue's");
    one->what.replaced = in->replaced;
    project_known_ = true;
    book_.sighted(id, std::move(one->what));
    doubts_.clear_up();
    return true;
}

bool looker::enter_moved(std::string const& id, reply const& answer, web_url const& to)
{
    auto const in = read_json(answer);
    auto const root = in ? in->object() : std::nullopt;
    auto const page = root ? wire::text_member(*root, "html_url") : std::string{};
    if (!in && in.error().kind == error_kind::rate_limited)
        return trouble(in.error());
    return absent(id, outcome::moved, page.empty() ? to.text() : page);
}

// Tells whether the project is there at all, and under this name.
awaitable<bool> looker::ask_project()
{
    project_asked_ = true;
    auto const answer = co_await ask(get(where_, where_.project()));
    if (!answer)
        co_return trouble(answer.error());
    if (is_redirect(answer->status)) {
        auto const to = within_api(*answer, answer->header("Location"));
        if (!to)
            co_return trouble(to.error());
        other_name_ = project_path(*to);
        project_known_ = true;
        co_return true;
    }
    auto const in = read_json(*answer);
    if (in) {
        project_known_ = true;
        co_return true;
    }
    auto const& why = in.error();
    if (why.kind == error_kind::not_found)
        absent_all(
            outcome::not_found,
            "the project is missing, or hidden: GitHub does not tell which (" + why.message + ")");
    else if (answer->status == legal_reasons)
        absent_all(outcome::forbidden, why.message);
    else
        co_return trouble(tracker_trouble(why));
    co_return true;
}

bool looker::failed(std::string const& id, error const& why, unsigned http_status)
{
    switch (why.kind) {
    case error_kind::not_found:
        return absent(
            id, outcome::not_found, "GitHub does not tell a hidden issue from a missing one: " + why.message);
    case error_kind::gone:
        // "This issue was deleted"; or "Issues are disabled for this repo", where they may come back.
        return absent(
            id,
            why.message.find("disabled") == std::string::npos ? outcome::gone : outcome::forbidden,
            why.message);
    case error_kind::unparsable: return absent(id, outcome::unparsable, why.message);
    case error_kind::forbidden:
        if (http_status == legal_reasons)
            return absent(id, outcome::forbidden, why.message);
        return doubts_.hold(id, outcome::forbidden, tracker_trouble(why));
    case error_kind::protocol_error:
        if (http_status >= 500)
            return doubts_.hold(id, outcome::not_answered, why);
        break;
    default: break;
    }
    return trouble(why);
}

} // namespace

awaitable<void> look(remote& at, place where, capabilities const& can, ledger& book)
{
    looker l{at, std::move(where), can, book};
    co_await l.run();
}

awaitable<bool>
pass_over_unchanged(remote& at, place where, capabilities const& can, ledger& book, utc_time since)
{
    looker l{at, std::move(where), can, book};
    co_return co_await l.pass_over_unchanged(since);
}

std::vector<question> questions(place const& where, capabilities const& can, std::span<std::string const> ids)
{
    bool const in_one = asks_graphql(can) ? ids.size() > 1 : is_list_worth(ids);
    std::vector<question> out;
    if (in_one)
        return out;
    for (auto const& id : ids)
        out.push_back({.url = join(where.root, issue_path(where, id)).text(), .ids{id}});
    return out;
}

} // namespace checkwatches::adapters::github
