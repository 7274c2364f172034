#include "adapters/pagure/look.hpp"

#include "adapters/doubts.hpp"
#include "adapters/forge/path.hpp"
#include "adapters/pagure/issues.hpp"
#include "adapters/pagure/place.hpp"
#include "adapters/trouble.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace checkwatches::adapters::pagure {
namespace {

// How many requests one look may spend on issues one by one; what is beyond stays due.
constexpr std::size_t most_singles = 100;
// A row of the list carries all comments, a single issue none: a page must save that many requests.
constexpr std::size_t worth_of_page = 8;

std::string list_query(std::size_t rows, std::size_t page, std::optional<utc_time> since)
{
    auto out = fmt::format("issues?status=all&order=asc&per_page={}&page={}", rows, page);
    if (since)
        out += fmt::format(
            "&since={}", std::chrono::floor<std::chrono::seconds>(since->time_since_epoch()).count());
    return out;
}

class looker {
public:
    looker(remote& at, place where, ledger& book)
        : at_{at},
          where_{std::move(where)},
          book_{book},
          doubts_{book, false}
    {}

    // Each is false where trouble ended the look.
    awaitable<bool> read_list();
    awaitable<bool> read_changes(utc_time since);
    awaitable<void> look_singly();

private:
    // Reads one page of the list into page_, and enters its rows.
    awaitable<bool> read_page(std::size_t rows, std::size_t page, std::optional<utc_time> since);
    // Enters the issue, with the name of its priority.
    awaitable<bool> enter(issue one, bool elsewhere, web_url const& from);
    awaitable<bool> read_priorities();
    bool refused(reply const& answer, error why);
    bool failed(std::string const& id, reply const& answer, error why);

    bool trouble(error why)
    {
        book_.trouble(tracker_trouble(std::move(why)));
        return false;
    }
    bool absent(std::string const& id, outcome what, std::string detail)
    {
        book_.absent(id, what, std::move(detail));
        doubts_.clear_up();
        return true;
    }

    remote& at_;
    place where_;
    ledger& book_;
    doubts doubts_;
    issue_page page_;
    bool elsewhere_ = false;                   // the project has another name now
    std::optional<priority_names> priorities_; // once one was needed
};

awaitable<bool> looker::read_page(std::size_t rows, std::size_t page, std::optional<utc_time> since)
{
    auto const rq = where_.ask_project(at_, list_query(rows, page, since));
    auto const answer = co_await at_.ask(rq);
    if (!answer)
        co_return trouble(answer.error());
    auto read = pagure::read_page(*answer);
    if (!read)
        co_return refused(*answer, read.error());
    page_ = std::move(*read);
    elsewhere_ = forge::is_elsewhere(rq.url, answer->url);
    for (auto const& one : page_.issues) {
        if (!book_.is_open(one.id))
            continue;
        auto const project = forge::at_path(
            answer->url, answer->url.path.substr(0, answer->url.path.rfind('/')));
        auto const single = join(project, "issue/" + one.id);
        bool const go_on = co_await enter(one, elsewhere_, single);
        if (!go_on)
            co_return false;
    }
    doubts_.clear_up();
    co_return true;
}

// A list that was refused: without the project there are no issues.
bool looker::refused(reply const& answer, error why)
{
    auto heard = hear(answer, std::move(why));
    if (heard.code != "ENOPROJECT")
        return trouble(std::move(heard.why));
    for (auto const& id : book_.open())
        absent(id, outcome::not_found, "the project is missing or private: " + heard.why.message);
    page_ = {};
    return true;
}

awaitable<bool> looker::enter(issue one, bool elsewhere, web_url const& from)
{
    if (elsewhere) {
        auto const page = parse_url(one.address) ? one.address : where_.page_of(from).text();
        co_return absent(one.id, outcome::moved, page);
    }
    if (one.seen.words.status.empty())
        co_return absent(one.id, outcome::unparsable, "its record has no status");
    auto& priority = one.seen.words.priority;
    if (!priority.empty()) {
        bool const go_on = co_await read_priorities();
        if (!go_on)
            co_return false;
        auto const name = priorities_->find(priority);
        if (name != priorities_->end())
            priority = name->second;
    }
    book_.sighted(one.id, std::move(one.seen));
    doubts_.clear_up();
    co_return true;
}

awaitable<bool> looker::read_priorities()
{
    if (priorities_)
        co_return true;
    auto const answer = co_await at_.ask(where_.ask_project(at_, ""));
    if (!answer)
        co_return trouble(answer.error());
    auto const names = read_project(*answer);
    if (!names) {
        auto heard = hear(*answer, names.error());
        co_return trouble(std::move(heard.why));
    }
    priorities_ = *names;
    co_return true;
}

awaitable<bool> looker::read_list()
{
    auto const wanted = book_.open().size();
    if (wanted < worth_of_page)
        co_return true;
    // A page of one row tells how many there are.
    bool go_on = co_await read_page(1, 1, std::nullopt);
    auto const pages = (page_.pages.value_or(0) + largest_page - 1) / largest_page;
    if (pages * worth_of_page > wanted)
        co_return go_on;
    for (std::size_t page = 1; go_on && page <= pages; ++page)
        go_on = co_await read_page(largest_page, page, std::nullopt);
    co_return go_on;
}

awaitable<bool> looker::read_changes(utc_time since)
{
    auto const worth = std::max<std::size_t>(book_.open().size(), 2);
    for (std::size_t page = 1; page <= worth; ++page) {
        bool const go_on = co_await read_page(largest_page, page, since);
        if (!go_on)
            co_return false;
        if (elsewhere_ || page_.pages.value_or(0) > worth) // each of them moved, changed or not
            co_return true;
        if (!page_.has_next) {
            auto const rest = book_.open();
            book_.unmodified(rest);
            co_return true;
        }
    }
    co_return true;
}

awaitable<void> looker::look_singly()
{
    std::size_t asked = 0;
    for (auto const& id : book_.open()) {
        if (asked++ == most_singles) {
            book_.trouble(too_many_singles(most_singles, "issues"));
            break;
        }
        auto const rq = where_.ask_project(at_, "issue/" + id + "?comments=0");
        auto const answer = co_await at_.ask(rq);
        if (!answer) {
            book_.trouble(answer.error());
            break;
        }
        auto one = read_issue(*answer);
        bool go_on = true;
        if (!one)
            go_on = failed(id, *answer, one.error());
        else if (one->id != id)
            go_on = absent(id, outcome::not_answered, "another issue came in its place");
        else {
            bool const elsewhere = forge::is_elsewhere(rq.url, answer->url);
            go_on = co_await enter(std::move(*one), elsewhere, answer->url);
        }
        if (!go_on)
            co_return;
    }
    doubts_.close();
}

bool looker::failed(std::string const& id, reply const& answer, error why)
{
    auto heard = hear(answer, std::move(why));
    bool const own = !heard.code.empty();
    switch (heard.why.kind) {
    case error_kind::not_found:
        if (own)
            return absent(id, outcome::not_found, heard.why.message);
        return doubts_.hold(id, outcome::not_found, tracker_trouble(heard.why));
    case error_kind::forbidden:
        if (own)
            return absent(id, outcome::forbidden, heard.why.message);
        break;
    case error_kind::gone: return absent(id, outcome::gone, heard.why.message);
    case error_kind::unparsable: return doubts_.hold(id, outcome::unparsable, tracker_trouble(heard.why));
    case error_kind::protocol_error:
        if (own || answer.status >= 500)
            return doubts_.hold(id, outcome::not_answered, heard.why);
        break;
    default: break;
    }
    return trouble(std::move(heard.why));
}

error no_project()
{
    return error{
        .kind = error_kind::unsupported,
        .message = "the address of a Pagure tracker is that of a project: https://HOST/PROJECT"};
}

} // namespace

awaitable<void> look(remote& at, ledger& book)
{
    auto where = place_of(at);
    if (!where) {
        book.trouble(no_project());
        co_return;
    }
    looker l{at, std::move(*where), book};
    bool const go_on = co_await l.read_list();
    if (go_on)
        co_await l.look_singly();
}

awaitable<bool> read_changes(remote& at, ledger& book, utc_time since)
{
    auto where = place_of(at);
    if (!where)
        co_return true; // look() says so
    looker l{at, std::move(*where), book};
    co_return co_await l.read_changes(since);
}

} // namespace checkwatches::adapters::pagure
