#include "adapters/rt/rest1.hpp"
#include "adapters/trouble.hpp"
#include "adapters/wire/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

namespace checkwatches::adapters::rt {
namespace {

constexpr unsigned ok = 200;
constexpr unsigned bad_request = 400;
constexpr std::size_t most_singles = 60; // that one look asks one by one
// rt.cpan.org keeps the severity in a field of its own.
constexpr std::string_view fields = "&format=l&fields=id,Subject,Status,Priority,CF.%7BSeverity%7D";
constexpr std::string_view all_fields = "&format=l";

// The number in "ticket/42"; empty where there is none.
std::string number_in(std::string_view name)
{
    constexpr std::string_view kind = "ticket/";
    return name.starts_with(kind) ? wire::normal_number(name.substr(kind.size())) : std::string{};
}

std::string ticket_number(wire::field_block const& block)
{
    auto const* const id = block.field("id");
    return id == nullptr ? std::string{} : number_in(*id);
}

// What RT says in the place of a ticket: "# Ticket 42 does not exist."
struct refusal {
    std::string id{};
    outcome why{};
    std::string words{};
};

std::optional<refusal> read_refusal(wire::field_block const& block)
{
    struct sentence {
        std::string_view before;
        std::string_view behind;
        outcome why;
    };
    constexpr std::array sentences{
        sentence{"# Ticket ", " does not exist.", outcome::not_found},
        sentence{"# You are not allowed to display ticket ", ".", outcome::forbidden}};
    for (auto const& line : block.others)
        for (auto const& s : sentences) {
            auto const text = wire::trimmed(line);
            if (text.size() <= s.before.size() + s.behind.size() || !text.starts_with(s.before)
                || !text.ends_with(s.behind))
                continue;
            auto const id = text.substr(s.before.size(), text.size() - s.before.size() - s.behind.size());
            return refusal{.id = wire::normal_number(id), .why = s.why, .words = shortened(text.substr(2))};
        }
    return std::nullopt;
}

std::string value_of(wire::field_block const& block, std::string_view name)
{
    auto const* const value = block.field(name);
    return value == nullptr ? std::string{} : *value;
}

// Enters the answer for one ticket; `of`: the one that was asked for.
void enter(ledger& book, std::string const& of, wire::field_block const& block, std::size_t replaced)
{
    if (auto const no = read_refusal(block))
        return book.absent(of, no->why, no->words);
    auto const number = ticket_number(block);
    sighting seen{
        .words{
            .status = value_of(block, "Status"),
            .priority = value_of(block, "Priority"),
            .severity = value_of(block, "CF.{Severity}")},
        .title = value_of(block, "Subject"),
        .duplicate_of = number == of ? std::string{} : number,
        .replaced = replaced};
    if (number.empty() || seen.words.status.empty())
        return book.absent(
            of,
            outcome::unparsable,
            block.others.empty() ? "its record has no id or no status" : shortened(block.others.front()));
    book.sighted(of, std::move(seen));
}

// Whether the answers stand in the order of the ids. RT names each ticket in its answer, but gives the
// ticket into which it was merged for a merged one: such a name in the place of another is a merged ticket
// only where no answer carries the name that was asked for.
bool in_order(std::vector<wire::field_block> const& blocks, std::span<std::string const> ids)
{
    if (blocks.size() != ids.size())
        return false;
    std::vector<std::string> names;
    for (auto const& block : blocks) {
        auto const no = read_refusal(block);
        names.push_back(no ? no->id : ticket_number(block));
    }
    for (std::size_t i = 0; i != ids.size(); ++i)
        if (names[i] != ids[i]
            && (read_refusal(blocks[i]) || std::ranges::find(names, ids[i]) != names.end()))
            return false;
    return true;
}

void enter_all(
    ledger& book,
    std::vector<wire::field_block> const& blocks,
    std::span<std::string const> ids,
    std::size_t replaced)
{
    if (in_order(blocks, ids)) {
        for (std::size_t i = 0; i != ids.size(); ++i)
            enter(book, ids[i], blocks[i], replaced);
        return;
    }
    for (auto const& block : blocks) {
        auto const no = read_refusal(block);
        auto const id = no ? no->id : ticket_number(block);
        if (!id.empty())
            enter(book, id, block, replaced);
    }
}

// RT answers in this order, however it was asked.
std::vector<std::string> ascending(std::vector<std::string> ids)
{
    std::ranges::sort(ids, [](std::string const& a, std::string const& b) {
        return a.size() != b.size() ? a.size() < b.size() : a < b;
    });
    return ids;
}

std::string id_list(std::span<std::string const> ids)
{
    return fmt::format("id=ticket/{}", fmt::join(ids, ","));
}

// Asks for these tickets; an RT before 3.8 refuses names like that of the severity, and then gives all
// fields.
awaitable<result<rest1_answer>> show(remote& at, std::string const& login, std::span<std::string const> ids)
{
    auto answer = co_await ask_rest1(at, "show", show_form(ids), login);
    if (!answer || answer->status != bad_request)
        co_return answer;
    auto form = id_list(ids);
    form += all_fields;
    co_return co_await ask_rest1(at, "show", form, login);
}

// Enters the answer to a question for these tickets.
awaitable<std::optional<error>>
ask_for(remote& at, std::string const& login, std::span<std::string const> ids, ledger& book)
{
    auto const answer = co_await show(at, login, ids);
    if (!answer)
        co_return tracker_trouble(answer.error());
    if (answer->status != ok)
        co_return rest1_error(*answer);
    auto const blocks = wire::read_blocks(answer->text, "--");
    if (!blocks)
        co_return tracker_trouble(blocks.error());
    enter_all(book, *blocks, ids, answer->replaced);
    co_return std::nullopt;
}

// Asks a search. One that RT refuses to carry out (400) is an answer.
awaitable<result<rest1_answer>>
search(remote& at, std::string const& login, std::string query, std::string_view format)
{
    auto form = "query=" + percent_encode(query);
    form += format;
    auto answer = co_await ask_rest1(at, "search/ticket", form, login);
    if (!answer)
        co_return tracker_trouble(answer.error());
    if (answer->status != ok && answer->status != bad_request)
        co_return rest1_error(*answer);
    co_return std::move(answer);
}

// Enters what a search for changes found. True where that was all that it was asked for.
bool enter_changes(rest1_answer const& answer, ledger& book)
{
    auto const blocks = wire::read_blocks(answer.text, "--");
    bool const none = wire::trimmed(answer.text).starts_with("No matching results");
    if (answer.status != ok || !blocks || (blocks->empty() && !none))
        return false;
    for (auto const& block : *blocks) {
        auto const id = ticket_number(block);
        if (id.empty() && !none)
            return false;
        if (!id.empty())
            enter(book, id, block, answer.replaced);
    }
    return book.strangers() == 0;
}

// Those of these ids that stand in lines of their own: "ticket/42".
std::vector<std::string> named_in(rest1_answer const& answer, std::vector<std::string> ids)
{
    std::set<std::string, std::less<>> named;
    std::string_view text = answer.text;
    while (answer.status == ok && !text.empty()) {
        auto const line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(line.size() + 1, text.size()));
        named.insert(number_in(wire::trimmed(line)));
    }
    std::erase_if(ids, [&](std::string const& id) { return !named.contains(id); });
    return ids;
}

} // namespace

std::string show_form(std::span<std::string const> ids)
{
    return id_list(ids) + std::string{fields};
}

awaitable<bool> look_by_show(remote& at, std::string const& login, ledger& book)
{
    auto const all = ascending(book.open());
    auto wrong = co_await ask_for(at, login, all, book);
    if (!wrong && all.size() == 1)
        co_return true;
    auto const rest = wrong ? std::vector<std::string>{} : ascending(book.open());
    for (std::size_t i = 0; i != rest.size() && !wrong; ++i) {
        std::span const one{&rest[i], 1};
        if (i == most_singles)
            wrong = too_many_singles(most_singles, "tickets");
        else
            wrong = co_await ask_for(at, login, one, book);
    }
    if (!wrong)
        co_return true;
    book.trouble(std::move(*wrong));
    co_return false;
}

awaitable<bool> read_changes_by_search(remote& at, std::string const& login, ledger& book, utc_time since)
{
    auto const ids = ascending(book.open());
    auto const answer = co_await search(at, login, changes_query(ids, since), fields);
    if (!answer) {
        book.trouble(answer.error());
        co_return false;
    }
    bool const covered = enter_changes(*answer, book);
    auto const rest = ascending(book.open());
    if (!covered || rest.empty())
        co_return true;
    auto const seen = co_await search(at, login, ids_query(rest), "&format=i");
    if (!seen) {
        book.trouble(seen.error());
        co_return false;
    }
    book.unmodified(named_in(*seen, rest));
    co_return true;
}

} // namespace checkwatches::adapters::rt
