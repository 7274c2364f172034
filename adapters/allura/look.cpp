#include "adapters/allura/look.hpp"

#include "adapters/allura/place.hpp"
#include "adapters/allura/tickets.hpp"
#include "adapters/allura/words.hpp"
#include "adapters/doubts.hpp"
#include "adapters/forge/path.hpp"
#include "adapters/trouble.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

namespace checkwatches::adapters::allura {
namespace {

// How many requests one look may spend on tickets one by one; what is beyond stays due.
constexpr std::size_t most_singles = 20;

// Solr's number is one of 32 bits: a greater one fails the search as a whole.
bool fits_search(std::string const& id)
{
    constexpr std::size_t most_digits = 10;
    return id.size() <= most_digits && std::stoll(id) <= std::numeric_limits<std::int32_t>::max();
}

std::vector<std::string> open_for_search(ledger const& book)
{
    auto ids = book.open();
    std::erase_if(ids, [](std::string const& id) { return !fits_search(id); });
    return ids;
}

std::string search_query(std::span<std::string const> ids, std::optional<utc_time> since)
{
    auto q = fmt::format("ticket_num:({})", fmt::join(ids, " OR "));
    if (since)
        q += fmt::format(" AND mod_date:[{} TO *]", format_time(*since));
    return "search?"
           + form_encode(
               {{"q", q},
                {"limit", std::to_string(largest_search)},
                {"page", "0"},
                {"sort", "ticket_num_i asc"}});
}

class looker {
public:
    looker(remote& at, ledger& book) : at_{at}, book_{book}, doubts_{book, false} {}

    // False where trouble ended the look.
    awaitable<bool> search(std::optional<utc_time> since);
    awaitable<void> look_singly();

private:
    awaitable<bool> search_some(std::span<std::string const> ids, std::optional<utc_time> since);
    // Enters what came for one ticket; false where that is the tracker's trouble.
    bool enter_single(std::string const& id, request const& asked, reply const& answer);
    void enter(ticket one);
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
    ledger& book_;
    doubts doubts_;
};

awaitable<bool> looker::search(std::optional<utc_time> since)
{
    auto const ids = open_for_search(book_);
    for (std::size_t begin = 0; begin < ids.size(); begin += largest_search) {
        auto const some = std::span{ids}.subspan(begin, std::min(largest_search, ids.size() - begin));
        bool const go_on = co_await search_some(some, since);
        if (!go_on)
            co_return false;
    }
    co_return true;
}

awaitable<bool> looker::search_some(std::span<std::string const> ids, std::optional<utc_time> since)
{
    auto const rq = ask(at_, search_query(ids, since));
    auto const answer = co_await at_.ask(rq);
    if (!answer)
        co_return trouble(answer.error());
    auto found = read_search(*answer);
    if (!found)
        co_return trouble(found.error());
    bool const elsewhere = forge::is_elsewhere(rq.url, answer->url);
    auto const tool = forge::at_path(answer->url, answer->url.path.substr(0, answer->url.path.rfind('/')));
    auto const strangers = book_.strangers();
    for (auto& one : found->tickets) {
        auto const now = elsewhere ? recognise(page(tool, one.id)) : std::nullopt;
        if (now)
            book_.absent(one.id, outcome::moved, page(now->base, now->remote_id).text());
        else if (!elsewhere)
            enter(std::move(one));
    }
    doubts_.clear_up();
    // What a complete answer leaves out has not changed; one with strangers was to another question.
    if (since && found->complete && !elsewhere && book_.strangers() == strangers)
        for (auto const& id : ids)
            if (book_.is_open(id))
                book_.absent(id, outcome::unmodified);
    co_return true;
}

void looker::enter(ticket one)
{
    auto& words = one.seen.words;
    if (words.status.empty())
        return book_.absent(one.id, outcome::unparsable, "its record has no status");
    if (is_for_wishes(at_.base()))
        words.type = feature_request;
    book_.sighted(one.id, std::move(one.seen));
}

awaitable<void> looker::look_singly()
{
    std::size_t asked = 0;
    for (auto const& id : book_.open()) {
        if (asked++ == most_singles) {
            book_.trouble(too_many_singles(most_singles, "tickets"));
            break;
        }
        auto const rq = ask(at_, id + "/");
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
    // A ticket that moved leads to a page, and has another number there.
    auto const now = forge::is_elsewhere(asked.url, answer.url) ? recognise(answer.url) : std::nullopt;
    if (now && answer.status == 200)
        return absent(id, outcome::moved, page(now->base, now->remote_id).text());
    auto one = read_ticket(answer);
    if (!one)
        return failed(id, answer, one.error());
    if (one->id != id)
        return doubts_.hold(
            id,
            outcome::not_answered,
            {.kind = error_kind::protocol_error,
             .message = "another ticket came in its place",
             .request = answer.request});
    enter(std::move(*one));
    doubts_.clear_up();
    return true;
}

bool looker::failed(std::string const& id, reply const& answer, error why)
{
    bool const own = is_own_refusal(answer);
    switch (why.kind) {
    case error_kind::not_found:
    case error_kind::gone:
        if (own)
            return absent(id, outcome::not_found, why.message);
        return doubts_.hold(id, outcome::not_answered, tracker_trouble(why));
    case error_kind::forbidden:
        if (own)
            return absent(id, outcome::forbidden, why.message);
        break;
    case error_kind::auth_failed: // to a visitor it says so of what is private
        if (own && !at_.has_credential())
            return absent(id, outcome::forbidden, why.message);
        break;
    case error_kind::unparsable: return doubts_.hold(id, outcome::unparsable, tracker_trouble(why));
    case error_kind::protocol_error:
        if (answer.status >= 500)
            return doubts_.hold(id, outcome::not_answered, why);
        break;
    default: break;
    }
    return trouble(std::move(why));
}

} // namespace

awaitable<void> look(remote& at, ledger& book)
{
    looker l{at, book};
    bool const go_on = co_await l.search(std::nullopt);
    if (go_on)
        co_await l.look_singly();
}

awaitable<bool> read_changes(remote& at, ledger& book, utc_time since)
{
    looker l{at, book};
    co_return co_await l.search(since);
}

} // namespace checkwatches::adapters::allura
