#include "adapters/redmine/look.hpp"

#include "adapters/doubts.hpp"
#include "adapters/redmine/ask.hpp"
#include "adapters/redmine/issues.hpp"
#include "adapters/trouble.hpp"
#include "adapters/wire/text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace checkwatches::adapters::redmine {
namespace {

constexpr unsigned not_modified = 304;

void enter(ledger& book, issue one)
{
    if (one.seen.words.status.empty())
        book.absent(one.id, outcome::unparsable, "the issue has no status");
    else
        book.sighted(one.id, std::move(one.seen));
}

// Enters the answers to single requests.
class single_answers {
public:
    single_answers(ledger& book, bool alone, bool logged_in)
        : book_{book},
          doubts_{book, !alone},
          alone_{alone},
          logged_in_{logged_in}
    {}

    // False where it is of no use to go on.
    bool enter_answer(std::string const& id, reply const& answer)
    {
        if (answer.status == not_modified)
            return absent(id, outcome::unmodified, {});
        auto one = read_issue(answer);
        if (!one)
            return failed(id, one.error(), answer);
        if (one->id != id)
            return absent(id, outcome::not_answered, "another issue came in its place");
        enter(book_, std::move(*one));
        doubts_.clear_up();
        return true;
    }

    // No more answers come.
    void close() { doubts_.close(); }

private:
    bool absent(std::string const& id, outcome what, std::string detail)
    {
        book_.absent(id, what, std::move(detail));
        doubts_.clear_up();
        return true;
    }
    // A list was answered: then it is the issue that is hidden, and not the whole tracker.
    bool hidden(std::string const& id, error const& why)
    {
        if (alone_)
            return doubts_.hold(id, outcome::forbidden, tracker_trouble(why));
        return absent(id, outcome::forbidden, why.message);
    }
    // Redmine's refusals have no words, and are JSON by their type alone; a page comes from something in
    // front of it.
    bool missing(std::string const& id, outcome what, error const& why, reply const& answer)
    {
        if (wire::media_type(answer.header("Content-Type")) == "application/json")
            return absent(id, what, why.message);
        return doubts_.hold(id, what, tracker_trouble(why));
    }
    bool failed(std::string const& id, error const& why, reply const& answer)
    {
        switch (why.kind) {
        case error_kind::not_found: return missing(id, outcome::not_found, why, answer);
        case error_kind::gone: return missing(id, outcome::gone, why, answer);
        case error_kind::unparsable: return absent(id, outcome::unparsable, why.message);
        case error_kind::forbidden: return hidden(id, why);
        case error_kind::auth_failed:
            if (!logged_in_)
                return hidden(id, why);
            break; // the login is good no more; a list without one leaves hidden issues out in silence
        case error_kind::protocol_error:
            if (answer.status >= 500)
                return doubts_.hold(id, outcome::not_answered, why);
            break;
        default: break;
        }
        book_.trouble(tracker_trouble(why));
        return false;
    }

    ledger& book_;
    doubts doubts_;
    bool alone_;
    bool logged_in_;
};

} // namespace

std::vector<std::string> fit_for_list(std::vector<std::string> ids)
{
    std::erase_if(ids, [](std::string const& id) {
        return wire::normal_number(id) != id || std::stoll(id) > greatest_id;
    });
    return ids;
}

request whole_list_request(remote const& at, std::string_view login, std::vector<std::string> const& ids)
{
    auto rq = list_request(at, login, fmt::format("{}", fmt::join(ids, ",")));
    rq.conditional = ids.size() <= most_conditional;
    return rq;
}

request issue_request(remote const& at, std::string_view login, std::string_view id)
{
    auto rq = get(at, fmt::format("issues/{}.json?include=relations", id), login);
    rq.conditional = true;
    return rq;
}

awaitable<bool> look_by_list(remote& at, std::string_view login, ledger& book)
{
    auto const ids = fit_for_list(book.open());
    auto const strangers = book.strangers();
    std::size_t rows = 0;
    // Each part but the last holds an issue that was asked, unless the server does not know the question.
    for (std::size_t part = 0; part < ids.size() && book.strangers() == strangers; ++part) {
        auto rq = whole_list_request(at, login, ids);
        if (rows != 0)
            rq.url.query += fmt::format("&offset={}", rows);
        rq.conditional = rq.conditional && rows == 0;
        auto const answer = co_await at.ask(std::move(rq));
        if (!answer) {
            book.trouble(answer.error());
            co_return false;
        }
        if (answer->status == not_modified) {
            book.unmodified(ids);
            co_return true;
        }
        auto page = read_page(*answer);
        if (!page) {
            book.trouble(tracker_trouble(page.error()));
            co_return false;
        }
        for (auto& one : page->issues)
            enter(book, std::move(one));
        rows += page->issues.size();
        if (page->issues.empty() || static_cast<std::int64_t>(rows) >= page->total)
            break;
    }
    co_return true;
}

awaitable<bool> read_changes(remote& at, std::string_view login, ledger& book, utc_time since)
{
    auto const ids = fit_for_list(book.open());
    if (ids.empty())
        co_return true;
    auto rq = list_request(at, login, fmt::format("{}", fmt::join(ids, ",")), since);
    auto const answer = co_await at.ask(std::move(rq));
    if (!answer) {
        book.trouble(answer.error());
        co_return false;
    }
    auto page = read_page(*answer);
    if (!page) {
        // Another question may be answered.
        auto why = tracker_trouble(page.error());
        bool const of_question = why.kind == error_kind::protocol_error && answer->status < 500;
        if (!of_question)
            book.trouble(std::move(why));
        co_return of_question;
    }
    auto const strangers = book.strangers();
    for (auto& one : page->issues)
        enter(book, std::move(one));
    bool const whole = static_cast<std::int64_t>(page->issues.size()) == page->total;
    if (whole && book.strangers() == strangers)
        book.unmodified(fit_for_list(book.open()));
    co_return true;
}

awaitable<void> look_singly(remote& at, std::string_view login, ledger& book, bool alone)
{
    single_answers answers{book, alone, !login.empty()};
    std::size_t asked = 0;
    for (auto const& id : book.open()) {
        if (asked++ == most_singles) {
            book.trouble(too_many_singles(most_singles, "issues"));
            break;
        }
        auto const answer = co_await at.ask(issue_request(at, login, id));
        if (!answer) {
            book.trouble(answer.error());
            break;
        }
        if (!answers.enter_answer(id, *answer))
            co_return;
    }
    answers.close();
}

} // namespace checkwatches::adapters::redmine
