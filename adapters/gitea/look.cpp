#include "adapters/gitea/look.hpp"

#include "adapters/doubts.hpp"
#include "adapters/forge/path.hpp"
#include "adapters/gitea/issues.hpp"
#include "adapters/gitea/place.hpp"
#include "adapters/trouble.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace checkwatches::adapters::gitea {
namespace {

// How many requests one look may spend on issues one by one; what is beyond stays due.
constexpr std::size_t most_singles = 100;
// For fewer the list is not worth its first page.
constexpr std::size_t fewest_for_list = 4;

constexpr std::string_view unseen = "Gitea does not tell what is private from what is missing: ";

using numbers = std::set<std::uint64_t, std::greater<>>;

numbers open_numbers(ledger const& book)
{
    numbers out;
    for (auto const& id : book.open())
        out.insert(std::stoull(id));
    return out;
}

std::string list_query(std::size_t limit, std::size_t page, std::optional<utc_time> since)
{
    auto out = fmt::format("issues?state=all&limit={}&page={}", limit, page);
    if (since)
        out += "&since=" + percent_encode(format_time(*since));
    return out;
}

class looker {
public:
    looker(remote& at, place where, capabilities const& can, ledger& book)
        : at_{at},
          where_{std::move(where)},
          limit_{can.page == 0 ? usual_page : can.page},
          book_{book},
          doubts_{book, false}
    {}

    // Each is false where trouble ended the look.
    awaitable<bool> read_lists();
    awaitable<bool> read_changes(utc_time since);
    awaitable<void> look_singly();

private:
    // Reads one page of the list into page_, and enters its rows.
    awaitable<bool> read_page(std::size_t page, std::optional<utc_time> since);
    bool enter_page(request const& asked, reply const& answer);
    void enter(issue const& one, bool elsewhere, web_url const& from);
    bool enter_single(std::string const& id, request const& asked, reply const& answer);
    bool failed(std::string const& id, reply const& answer, error why);
    // Where the next page is that holds several of the issues wanted; 0: nowhere.
    std::size_t next_page(numbers& wanted, std::size_t page) const;
    // There is more behind page_, of so many rows.
    bool is_last() const;

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

    remote& at_;
    place where_;
    std::size_t limit_;
    ledger& book_;
    doubts doubts_;
    issue_page page_;
    bool elsewhere_ = false; // the repository has another name now
};

awaitable<bool> looker::read_page(std::size_t page, std::optional<utc_time> since)
{
    auto const rq = where_.ask_repository(at_, list_query(limit_, page, since));
    auto const answer = co_await at_.ask(rq);
    if (!answer)
        co_return trouble(answer.error());
    co_return enter_page(rq, *answer);
}

bool looker::enter_page(request const& asked, reply const& answer)
{
    auto page = gitea::read_page(answer);
    if (!page) {
        auto heard = hear(answer, page.error());
        if (heard.why.kind != error_kind::not_found || !heard.by_gitea)
            return trouble(tracker_trouble(std::move(heard.why)));
        for (auto const& id : book_.open())
            absent(id, outcome::not_found, std::string{unseen} + "the repository " + heard.why.message);
        page_ = {};
        return true;
    }
    page_ = std::move(*page);
    elsewhere_ = forge::is_elsewhere(asked.url, answer.url);
    for (auto const& one : page_.issues)
        enter(one, elsewhere_, answer.url);
    doubts_.clear_up();
    return true;
}

void looker::enter(issue const& one, bool elsewhere, web_url const& from)
{
    auto const id = std::to_string(one.number);
    if (elsewhere)
        book_.absent(id, outcome::moved, parse_url(one.address) ? one.address : from.text());
    else if (one.seen.words.status.empty())
        book_.absent(id, outcome::unparsable, "its record has no state");
    else
        book_.sighted(id, sighting{one.seen});
}

bool looker::is_last() const
{
    auto const rows = page_.issues.size();
    return rows == 0 || (!page_.has_next && rows < limit_ && page_.total.value_or(0) <= rows);
}

// The list is sorted by creation, the latest first, and so by number. Numbers that were deleted only put an
// issue on an earlier page than is thought here: then it is asked singly.
std::size_t looker::next_page(numbers& wanted, std::size_t page) const
{
    auto const rows = page_.issues.size();
    auto const lowest = std::ranges::min(page_.issues, {}, &issue::number).number;
    wanted.erase(wanted.begin(), wanted.lower_bound(lowest)); // were on this page, or are not there
    wanted.erase(lowest);
    while (!wanted.empty()) {
        auto const pages = (lowest - 1 - *wanted.begin()) / rows;
        auto const end = lowest - pages * rows; // of what that page holds
        auto const begin = end > rows ? end - rows : 1;
        std::size_t held = 0;
        for (auto at = wanted.begin(); at != wanted.end() && *at >= begin; ++at)
            ++held;
        if (held > 1)
            return page + 1 + static_cast<std::size_t>(pages);
        wanted.erase(wanted.begin());
    }
    return 0;
}

awaitable<bool> looker::read_lists()
{
    auto wanted = open_numbers(book_);
    if (wanted.size() < fewest_for_list)
        co_return true;
    auto const most_pages = wanted.size();
    std::size_t page = 1;
    for (std::size_t read = 0; page != 0 && read != most_pages; ++read) {
        bool const go_on = co_await read_page(page, std::nullopt);
        if (!go_on)
            co_return false;
        bool const done = is_last();
        page = done ? 0 : next_page(wanted, page);
    }
    co_return true;
}

awaitable<bool> looker::read_changes(utc_time since)
{
    auto const worth = std::max<std::size_t>(open_numbers(book_).size(), 2); // pages
    std::set<std::uint64_t> seen;
    std::optional<std::uint64_t> first_total;
    std::size_t first_rows = 0;
    bool complete = false;
    for (std::size_t page = 1; !complete; ++page) {
        bool const go_on = co_await read_page(page, since);
        if (!go_on)
            co_return false;
        auto const before = seen.size();
        for (auto const& one : page_.issues)
            seen.insert(one.number);
        auto const rows = page_.issues.size();
        if (page == 1) {
            first_total = page_.total;
            first_rows = rows;
        }
        // Without a count the end is a page that is shorter than the one before; the first may be cut to a
        // limit that is not told.
        complete = page_.total ? seen.size() >= *page_.total : rows < first_rows || rows == 0;
        // An issue that is deleted meanwhile moves one behind it to a page that was read.
        bool const holds_still = page_.total.value_or(0) >= first_total.value_or(0);
        bool const stands = seen.size() == before;
        auto const pages = page_.total.value_or(0) / std::max<std::size_t>(rows, 1);
        bool const too_dear = page == worth || pages > worth;
        if (!holds_still || elsewhere_)
            co_return true;
        if (!complete && (stands || too_dear))
            co_return true;
    }
    auto const rest = book_.open();
    book_.unmodified(rest);
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
        auto const rq = where_.ask_repository(at_, "issues/" + id);
        auto const answer = co_await at_.ask(rq);
        if (!answer) {
            book_.trouble(answer.error());
            break;
        }
        if (!enter_single(id, rq, *answer))
            co_return;
    }
    doubts_.close();
}

bool looker::enter_single(std::string const& id, request const& asked, reply const& answer)
{
    auto const one = read_issue(answer);
    if (!one)
        return failed(id, answer, one.error());
    enter(*one, forge::is_elsewhere(asked.url, answer.url), answer.url);
    if (book_.is_open(id))
        book_.absent(id, outcome::not_answered, "another issue came in its place");
    doubts_.clear_up();
    return true;
}

bool looker::failed(std::string const& id, reply const& answer, error why)
{
    auto heard = hear(answer, std::move(why));
    switch (heard.why.kind) {
    case error_kind::not_found: {
        auto const detail = std::string{unseen} + heard.why.message;
        if (heard.by_gitea)
            return absent(id, outcome::not_found, detail);
        return doubts_.hold(id, outcome::not_found, tracker_trouble(std::move(heard.why)));
    }
    case error_kind::gone: return absent(id, outcome::gone, heard.why.message);
    case error_kind::unparsable: return doubts_.hold(id, outcome::unparsable, tracker_trouble(heard.why));
    case error_kind::protocol_error:
        if (answer.status >= 500)
            return doubts_.hold(id, outcome::not_answered, heard.why);
        break;
    default: break;
    }
    return trouble(tracker_trouble(std::move(heard.why)));
}

// A tracker whose address names no repository has no issues that could be asked for.
error no_repository()
{
    return error{
        .kind = error_kind::unsupported,
        .message = "the address of a Gitea tracker is that of a repository: https://HOST/OWNER/REPO"};
}

} // namespace

awaitable<void> look(remote& at, capabilities const& can, ledger& book)
{
    auto where = place_of(at);
    if (!where) {
        book.trouble(no_repository());
        co_return;
    }
    looker l{at, std::move(*where), can, book};
    bool const go_on = co_await l.read_lists();
    if (go_on)
        co_await l.look_singly();
}

awaitable<bool> read_changes(remote& at, capabilities const& can, ledger& book, utc_time since)
{
    auto where = place_of(at);
    if (!where)
        co_return true; // look() says so
    looker l{at, std::move(*where), can, book};
    co_return co_await l.read_changes(since);
}

} // namespace checkwatches::adapters::gitea
