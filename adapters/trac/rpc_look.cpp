#include "adapters/doubts.hpp"
#include "adapters/trac/ids.hpp"
#include "adapters/trac/rpc.hpp"
#include "adapters/trac/singles.hpp"
#include "adapters/trouble.hpp"
#include "adapters/wire/text.hpp"

#include <algorithm>
#include <deque>
#include <set>

namespace checkwatches::adapters::trac {
namespace {

namespace xmlrpc = wire::xmlrpc;

// A ticket record is some 2 KB, since its description comes too.
constexpr std::size_t tickets_per_call = 100;
constexpr std::size_t most_failed_multicalls = 6;

std::string text_of(xmlrpc::value const& in, std::string_view name)
{
    auto const* const member = in.member(name);
    return member == nullptr ? std::string{} : member->as_text();
}

std::string word_of(xmlrpc::value const& attributes, std::string_view name)
{
    auto const text = text_of(attributes, name);
    auto const word = wire::trimmed(text);
    return word == "--" ? std::string{} : std::string{word};
}

// The last change of a record [id, created, changed, attributes]; Trac's times are UTC.
std::optional<utc_time> changed_at(xmlrpc::array const& record)
{
    if (auto const changed = record[2].as_utc())
        return changed;
    auto const* const member = record[3].member("changetime");
    return member == nullptr ? std::nullopt : member->as_utc();
}

// Enters a ticket's record under its own id. False where it is none.
bool enter_record(ledger& book, xmlrpc::value const& from, std::size_t replaced)
{
    auto const* const record = from.items();
    if (record == nullptr || record->size() < 4 || (*record)[3].fields() == nullptr)
        return false;
    auto const number = (*record)[0].integer();
    auto const& attributes = (*record)[3];
    sighting seen{
        .words{
            .status = word_of(attributes, "status"),
            .resolution = word_of(attributes, "resolution"),
            .priority = word_of(attributes, "priority"),
            .severity = word_of(attributes, "severity"),
            .type = word_of(attributes, "type")},
        .title = text_of(attributes, "summary"),
        .modified = changed_at(*record),
        .replaced = replaced};
    if (!number || seen.words.status.empty())
        return false;
    book.sighted(std::to_string(*number), std::move(seen));
    return true;
}

// Enters the failed part of a multicall: a fault, or the attributes of the server's exception.
void enter_failure(ledger& book, std::string const& id, xmlrpc::value const& from)
{
    std::string text = text_of(from, "faultString");
    for (auto const* const name : {"_message", "message"})
        if (text.empty())
            text = text_of(from, name);
    auto const* const code = from.member("faultCode");
    auto const number = code == nullptr ? 0 : code->integer().value_or(0);
    book.absent(id, fault_outcome(number, text).value_or(outcome::unparsable), shortened(text));
}

// An array of one value (braces around an array would copy it instead).
xmlrpc::array only(xmlrpc::value v)
{
    xmlrpc::array out;
    out.push_back(std::move(v));
    return out;
}

xmlrpc::array ticket_params(std::string const& id)
{
    return only(std::int64_t{std::stoll(id)});
}

xmlrpc::array multicall_params(std::vector<std::string> const& ids)
{
    xmlrpc::array calls;
    for (auto const& id : ids) {
        xmlrpc::members one;
        one.emplace_back("methodName", "ticket.get");
        one.emplace_back("params", ticket_params(id));
        calls.emplace_back(std::move(one));
    }
    return only(std::move(calls));
}

bool may_be_one_tickets_fault(error_kind kind)
{
    return kind == error_kind::protocol_error || kind == error_kind::too_large;
}

// Ids alone come in the answer; anything else in it, and it says nothing.
void enter_changes(ledger& book, rpc_answer const& answer)
{
    auto const* const value = std::get_if<xmlrpc::value>(&answer.what);
    auto const* const items = value == nullptr ? nullptr : value->items();
    if (items == nullptr)
        return;
    std::set<std::string> changed;
    for (auto const& item : *items) {
        auto const number = item.integer();
        if (!number)
            return;
        changed.insert(std::to_string(*number));
    }
    auto unchanged = book.open();
    std::erase_if(unchanged, [&](std::string const& id) { return changed.contains(id); });
    book.unmodified(unchanged);
}

class rpc_look {
public:
    rpc_look(remote& at, rpc_place const& place, ledger& book) : at_{at}, place_{place}, book_{book} {}

    awaitable<void> run()
    {
        bool const filtered = co_await find_visible();
        if (!filtered)
            co_return;
        bool const read = co_await read_visible();
        if (read)
            co_await read_singly();
    }

private:
    // Each step is false where trouble ended the look.
    awaitable<bool> find_visible();
    awaitable<bool> read_visible();
    awaitable<void> read_singly();

    bool enter_query(rpc_answer const& answer);
    bool enter_multicall(std::vector<std::string> const& ids, rpc_answer const& answer);
    bool enter_single(std::string const& id, rpc_answer const& answer);
    bool trouble(error e)
    {
        book_.trouble(std::move(e));
        return false;
    }

    remote& at_;
    rpc_place const& place_;
    ledger& book_;
    std::deque<std::vector<std::string>> pending_;
};

awaitable<bool> rpc_look::find_visible()
{
    auto ids = book_.open();
    std::erase_if(ids, [](std::string const& id) { return !fits_batch(id); });
    constexpr std::size_t longest = 1'000'000;
    for (auto const& list : id_lists(ids, longest)) {
        auto const params = only("id=" + list + "&max=0");
        auto const answer = co_await call(at_, place_, "ticket.query", params);
        if (!answer)
            co_return trouble(answer.error());
        if (!enter_query(*answer))
            co_return false;
    }
    co_return true;
}

bool rpc_look::enter_query(rpc_answer const& answer)
{
    if (auto const* const why = std::get_if<xmlrpc::fault>(&answer.what))
        return trouble(fault_error(*why, answer.request));
    auto const* const items = std::get<xmlrpc::value>(answer.what).items();
    std::vector<std::string> visible;
    for (auto const& item : items == nullptr ? xmlrpc::array{} : *items)
        if (auto const number = item.integer(); number && book_.is_open(std::to_string(*number)))
            visible.push_back(std::to_string(*number));
    if (items == nullptr || (visible.empty() && !items->empty()))
        return trouble(
            {.kind = error_kind::protocol_error,
             .message = "ticket.query answered with something else than the tickets asked for",
             .request = answer.request});
    for (std::size_t at = 0; at < visible.size(); at += tickets_per_call) {
        auto const first = visible.begin() + static_cast<std::ptrdiff_t>(at);
        auto const count = std::min(tickets_per_call, visible.size() - at);
        pending_.emplace_back(first, first + static_cast<std::ptrdiff_t>(count));
    }
    return true;
}

awaitable<bool> rpc_look::read_visible()
{
    std::size_t failures = 0;
    while (!pending_.empty() && failures != most_failed_multicalls) {
        auto const ids = std::move(pending_.front());
        pending_.pop_front();
        if (ids.size() == 1)
            continue; // asked singly, where a fault says more
        auto const params = multicall_params(ids);
        auto const answer = co_await call(at_, place_, "system.multicall", params);
        if (answer) {
            if (!enter_multicall(ids, *answer))
                co_return false;
            continue;
        }
        if (!may_be_one_tickets_fault(answer.error().kind))
            co_return trouble(answer.error());
        ++failures;
        auto const middle = ids.begin() + static_cast<std::ptrdiff_t>(ids.size() / 2);
        pending_.emplace_back(ids.begin(), middle);
        pending_.emplace_back(middle, ids.end());
    }
    co_return true;
}

bool rpc_look::enter_multicall(std::vector<std::string> const& ids, rpc_answer const& answer)
{
    if (auto const* const why = std::get_if<xmlrpc::fault>(&answer.what))
        return trouble(fault_error(*why, answer.request));
    auto const* const parts = std::get<xmlrpc::value>(answer.what).items();
    if (parts == nullptr || parts->size() != ids.size())
        return trouble(
            {.kind = error_kind::protocol_error,
             .message = "system.multicall answered another number of calls than were made",
             .request = answer.request});
    for (std::size_t i = 0; i != ids.size(); ++i) {
        auto const& part = (*parts)[i];
        if (part.fields() != nullptr)
            enter_failure(book_, ids[i], part);
        else if (
            part.items() == nullptr || part.items()->empty()
            || !enter_record(book_, part.items()->front(), answer.replaced))
            book_.absent(ids[i], outcome::unparsable, "its record is not as ticket.get gives it");
    }
    return true;
}

awaitable<void> rpc_look::read_singly()
{
    std::size_t asked = 0;
    doubts crashes{book_, true};
    for (auto const& id : book_.open()) {
        if (asked++ == most_singles) {
            trouble(too_many_singles(most_singles, "tickets"));
            break;
        }
        auto const params = ticket_params(id);
        auto const answer = co_await call(at_, place_, "ticket.get", params);
        if (answer) {
            crashes.clear_up();
            if (!enter_single(id, *answer))
                co_return;
            continue;
        }
        auto const& why = answer.error();
        if (why.kind != error_kind::protocol_error) {
            trouble(why);
            co_return;
        }
        if (!crashes.hold(id, outcome::not_answered, why))
            co_return;
    }
    crashes.close();
}

bool rpc_look::enter_single(std::string const& id, rpc_answer const& answer)
{
    if (auto const* const record = std::get_if<xmlrpc::value>(&answer.what)) {
        if (!enter_record(book_, *record, answer.replaced))
            book_.absent(id, outcome::unparsable, "its record is not as ticket.get gives it");
        return true;
    }
    auto const& why = std::get<xmlrpc::fault>(answer.what);
    constexpr std::int64_t no_such_method = -32601;
    if (why.code == no_such_method)
        return trouble(fault_error(why, answer.request));
    book_.absent(id, fault_outcome(why.code, why.text).value_or(outcome::unparsable), shortened(why.text));
    return true;
}

} // namespace

awaitable<bool> pass_over_unchanged(remote& at, rpc_place const& place, ledger& book, utc_time since)
{
    auto const params = only(xmlrpc::to_date_time(since));
    auto const answer = co_await call(at, place, "ticket.getRecentChanges", params);
    if (!answer && answer.error().kind != error_kind::protocol_error) {
        book.trouble(answer.error());
        co_return false;
    }
    if (answer)
        enter_changes(book, *answer);
    co_return true;
}

awaitable<void> look_by_rpc(remote& at, rpc_place const& place, ledger& book)
{
    rpc_look look{at, place, book};
    co_await look.run();
}

} // namespace checkwatches::adapters::trac
