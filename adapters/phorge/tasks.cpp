#include "adapters/phorge/tasks.hpp"

#include "adapters/doubts.hpp"
#include "adapters/phorge/conduit.hpp"
#include "adapters/trouble.hpp"
#include "adapters/wire/html.hpp"
#include "adapters/wire/page.hpp"
#include "adapters/wire/text.hpp"

#include <fmt/format.h>

#include <map>

namespace checkwatches::adapters::phorge {
namespace {

constexpr std::string_view duplicate = "duplicate";

struct task {
    std::string id{};
    std::string phid{};
    sighting seen{};
};

std::optional<task> read_task(wire::json_element from, std::size_t replaced)
{
    wire::json_object row;
    if (from.get_object().get(row) != simdjson::SUCCESS)
        return std::nullopt;
    task out{.id = wire::normal_number(wire::text_member(row, "id")), .phid = wire::text_member(row, "phid")};
    if (out.id.empty())
        return std::nullopt;
    out.seen.replaced = replaced;
    auto const in = wire::object_member(row, "fields");
    if (!in)
        return out;
    auto const state = wire::object_member(*in, "status");
    auto const priority = wire::object_member(*in, "priority");
    auto& words = out.seen.words;
    words.status = state ? wire::text_member(*state, "value") : std::string{};
    words.priority = priority ? wire::text_member(*priority, "name") : std::string{};
    auto const subtype = wire::text_member(*in, "subtype");
    if (subtype != "default")
        words.type = subtype;
    out.seen.title = wire::text_member(*in, "name");
    if (auto const seconds = wire::integer_member(*in, "dateModified"); seconds && *seconds > 0)
        out.seen.modified = utc_time{std::chrono::seconds{std::min(*seconds, std::int64_t{253'402'300'799})}};
    return out;
}

// A page of a search.
struct task_page {
    std::vector<task> tasks{};
    std::size_t unreadable = 0; // rows that are no tasks
    std::string after{};        // the cursor of the next one; empty at the end
};

result<task_page> read_page(conduit_answer const& answer)
{
    wire::json_object root;
    std::optional<wire::json_array> rows;
    if (answer.result.get_object().get(root) == simdjson::SUCCESS)
        rows = wire::array_member(root, "data");
    if (!rows)
        return error{
            .kind = error_kind::protocol_error,
            .message = "the search answered without tasks",
            .request = answer.request};
    task_page out;
    for (auto const row : *rows) {
        if (auto one = read_task(row, answer.replaced))
            out.tasks.push_back(std::move(*one));
        else
            ++out.unreadable;
    }
    if (auto const cursor = wire::object_member(root, "cursor"))
        out.after = wire::text_member(*cursor, "after");
    return out;
}

// constraints[NAME][0]=…&constraints[NAME][1]=…
void add_list(fields& params, std::string_view name, std::vector<std::string> const& values)
{
    for (std::size_t i = 0; i != values.size(); ++i)
        params.emplace_back(fmt::format("constraints[{}][{}]", name, i), values[i]);
}

// All pages of a search as one.
awaitable<result<task_page>> search(remote& at, fields params)
{
    params.emplace_back("limit", std::to_string(most_tasks));
    params.emplace_back("order", "oldest");
    task_page out;
    // As many as were asked for fit one page; a server that holds less on one is followed for a while.
    constexpr int most_pages = 10;
    for (int page = 0; page != most_pages; ++page) {
        auto asked = params;
        if (!out.after.empty())
            asked.emplace_back("after", out.after);
        auto const answer = co_await call(at, "maniphest.search", asked);
        if (!answer)
            co_return answer.error();
        auto part = read_page(*answer);
        if (!part)
            co_return part.error();
        std::ranges::move(part->tasks, std::back_inserter(out.tasks));
        out.unreadable += part->unreadable;
        out.after = part->after;
        if (out.after.empty())
            co_return out;
    }
    co_return error{.kind = error_kind::protocol_error, .message = "the search has too many pages"};
}

// The PHIDs of the tasks into which these were merged, by id. They stand in no field, but in the history
// ("mergedinto").
std::map<std::string, std::string> read_merges(conduit_answer const& answer)
{
    std::map<std::string, std::string> out;
    wire::json_object root;
    if (answer.result.get_object().get(root) != simdjson::SUCCESS)
        return out;
    for (auto const [id, value] : root) {
        wire::json_array history;
        if (value.get_array().get(history) != simdjson::SUCCESS)
            continue;
        for (auto const entry : history) {
            wire::json_object change;
            if (entry.get_object().get(change) == simdjson::SUCCESS
                && wire::text_member(change, "transactionType") == "mergedinto")
                out.insert_or_assign(std::string{id}, wire::text_member(change, "newValue"));
        }
    }
    return out;
}

// The request was not carried out, and may be for all that we know of the tracker.
bool is_refusal(error_kind kind)
{
    return kind == error_kind::unsupported || kind == error_kind::protocol_error;
}

// Finds the originals of those that are duplicates: two requests for all of them. Where the tracker does not
// tell, they stay empty. What prevented an answer is an error.
awaitable<std::optional<error>> find_originals(remote& at, std::vector<task>& tasks)
{
    fields params;
    for (auto const& one : tasks)
        if (one.seen.words.status == duplicate)
            params.emplace_back(fmt::format("ids[{}]", params.size()), one.id);
    if (params.empty())
        co_return std::nullopt;
    auto const history = co_await call(at, "maniphest.gettasktransactions", params);
    if (!history && is_refusal(history.error().kind))
        co_return std::nullopt;
    if (!history)
        co_return history.error();
    auto const merges = read_merges(*history);
    if (merges.empty())
        co_return std::nullopt;
    std::vector<std::string> phids;
    phids.reserve(merges.size());
    for (auto const& [id, phid] : merges)
        phids.push_back(phid);
    fields wanted;
    add_list(wanted, "phids", phids);
    auto const originals = co_await search(at, wanted);
    if (!originals && is_refusal(originals.error().kind))
        co_return std::nullopt;
    if (!originals)
        co_return originals.error();
    for (auto& one : tasks) {
        auto const merge = merges.find(one.id);
        if (merge == merges.end() || one.seen.words.status != duplicate)
            continue;
        auto const original = std::ranges::find(originals->tasks, merge->second, &task::phid);
        if (original != originals->tasks.end())
            one.seen.duplicate_of = original->id;
    }
    co_return std::nullopt;
}

constexpr std::size_t most_singles = 60;

// Enters what the page of a task tells; false where it is of no use to go on.
bool enter_page(ledger& book, doubts& held, std::string const& id, reply const& answer)
{
    auto why = wire::explain(answer);
    auto const top = wire::read_top(answer.body, answer.header("Content-Type"));
    bool const denied = wire::lower(top.title + top.heading).find("access denied") != std::string::npos;
    switch (why.kind) {
    case error_kind::not_found: book.absent(id, outcome::not_found, why.message); break;
    case error_kind::gone: book.absent(id, outcome::gone, why.message); break;
    case error_kind::forbidden:
    case error_kind::auth_failed: book.absent(id, outcome::forbidden, why.message); break;
    case error_kind::protocol_error:
        if (answer.status >= 500)
            return held.hold(id, outcome::not_answered, why);
        if (denied)
            book.absent(id, outcome::forbidden, why.message);
        else
            book.absent(id, outcome::not_answered, "the search passes it over, and there is a page");
        break;
    default: book.trouble(std::move(why)); return false;
    }
    held.clear_up();
    return true;
}

} // namespace

awaitable<bool> look_by_search(remote& at, ledger& book, std::optional<utc_time> since)
{
    fields params;
    add_list(params, "ids", book.open());
    if (since) {
        auto const seconds = std::chrono::floor<std::chrono::seconds>(since->time_since_epoch()).count();
        // 0 is refused.
        params.emplace_back(
            "constraints[modifiedStart]", std::to_string(std::max(seconds, decltype(seconds){1})));
    }
    auto found = co_await search(at, params);
    if (!found) {
        book.trouble(tracker_trouble(found.error()));
        co_return false;
    }
    auto& tasks = found->tasks;
    auto const strangers = std::erase_if(tasks, [&](task const& one) { return !book.is_open(one.id); });
    if (auto why = co_await find_originals(at, tasks)) {
        book.trouble(tracker_trouble(std::move(*why)));
        co_return false;
    }
    for (auto& one : tasks) {
        if (one.seen.words.status.empty())
            book.absent(one.id, outcome::unparsable, "its record has no status");
        else
            book.sighted(one.id, std::move(one.seen));
    }
    bool const is_obeyed = strangers == 0 && found->unreadable == 0;
    if (since && is_obeyed)
        book.unmodified(book.open());
    co_return true;
}

awaitable<void> ask_for_pages(remote& at, ledger& book)
{
    doubts held{book, true};
    std::size_t asked = 0;
    for (auto const& id : book.open()) {
        if (asked++ == most_singles) {
            book.trouble(too_many_singles(most_singles, "tasks"));
            break;
        }
        request rq{.url = join(at.base(), "T" + id)};
        auto const answer = co_await at.ask(std::move(rq));
        if (!answer) {
            book.trouble(answer.error());
            break;
        }
        if (!enter_page(book, held, id, *answer))
            co_return;
    }
    held.close();
}

} // namespace checkwatches::adapters::phorge
