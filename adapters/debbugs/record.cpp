#include "adapters/debbugs/record.hpp"

#include "adapters/wire/html.hpp"
#include "adapters/wire/text.hpp"

#include <array>

namespace checkwatches::adapters::debbugs {
namespace {

namespace soap = wire::soap;

constexpr std::size_t longest_title = 2000;

// The words of a text that are separated by white space.
std::vector<std::string> words_of(std::string_view text)
{
    constexpr std::string_view blanks = " \t\r\n";
    std::vector<std::string> out;
    for (;;) {
        text.remove_prefix(std::min(text.find_first_not_of(blanks), text.size()));
        if (text.empty())
            return out;
        auto const word = text.substr(0, text.find_first_of(blanks));
        out.emplace_back(word);
        text.remove_prefix(word.size());
    }
}

// A lower number that the bug is merged with, the lowest of them; else nothing.
std::string original_of(std::string const& id, std::string_view mergedwith)
{
    auto lowest = id;
    for (auto const& word : words_of(mergedwith)) {
        auto const other = wire::normal_number(word);
        bool const lower = other.size() < lowest.size() || (other.size() == lowest.size() && other < lowest);
        if (!other.empty() && lower)
            lowest = other;
    }
    return lowest == id ? std::string{} : lowest;
}

// A field's text; of a list its items, separated by blanks.
std::string text_of(soap::value const& bug, std::string_view name, std::size_t& replaced)
{
    auto const* const field = bug.child(name);
    if (field == nullptr)
        return {};
    replaced += field->replaced;
    std::string out{wire::trimmed(field->text)};
    for (auto const& item : field->children) {
        replaced += item.replaced;
        out += (out.empty() ? "" : " ") + item.text;
    }
    return out;
}

std::optional<utc_time> time_of(soap::value const& bug, std::string_view name)
{
    constexpr std::int64_t year_10000 = 253'402'300'800;
    auto const* const field = bug.child(name);
    auto const seconds = field == nullptr ? std::nullopt : field->integer();
    if (!seconds || *seconds <= 0 || *seconds >= year_10000)
        return std::nullopt;
    return utc_time{std::chrono::seconds{*seconds}};
}

// Why a record cannot be used, for people; empty where it can.
std::string_view flaw_of(soap::value const& bug, std::string const& id)
{
    for (auto const* const name : {"done", "forwarded", "tags", "severity"}) {
        auto const* const field = bug.child(name);
        if (field == nullptr)
            return "its record lacks a field";
        if (field->unreadable)
            return "a field of its record is no base64";
    }
    auto const* const number = bug.child("bug_num");
    if (number != nullptr && wire::normal_number(number->text) != id)
        return "its record is another bug's";
    return {};
}

bug_fields fields_of(soap::value const& bug, std::size_t replaced)
{
    bug_fields out{.replaced = replaced};
    out.done = text_of(bug, "done", out.replaced);
    out.forwarded = text_of(bug, "forwarded", out.replaced);
    out.severity = text_of(bug, "severity", out.replaced);
    out.tags = text_of(bug, "tags", out.replaced);
    out.subject = text_of(bug, "subject", out.replaced);
    out.mergedwith = text_of(bug, "mergedwith", out.replaced);
    out.modified = time_of(bug, "last_modified");
    return out;
}

error no_map(std::string message)
{
    return error{.kind = error_kind::protocol_error, .message = std::move(message)};
}

} // namespace

sighting to_sighting(std::string const& id, bug_fields const& bug)
{
    auto const state = bug.done.empty() ? (bug.forwarded.empty() ? "open" : "forwarded") : "done";
    return sighting{
        .words{
            .status = state,
            .severity = bug.severity.empty() ? "normal" : bug.severity,
            .labels = words_of(bug.tags)},
        .title = wire::one_line(bug.subject, longest_title),
        .duplicate_of = original_of(id, bug.mergedwith),
        .modified = bug.modified,
        .replaced = bug.replaced};
}

std::optional<error> enter_statuses(wire::soap::value const& map, std::size_t replaced, ledger& book)
{
    // Without bugs it is an empty map, an empty element of no type, or nil.
    if (map.children.empty() && !wire::trimmed(map.text).empty())
        return no_map("get_status answered a text");
    for (auto const& item : map.children) {
        bool const pair = item.name == "item" && item.children.size() == 2;
        if (!pair || wire::normal_number(item.children.front().text).empty())
            return no_map("get_status answered something else than a map of bugs");
    }
    bool asked_for = false;
    for (auto const& item : map.children) {
        auto const id = wire::normal_number(item.children.front().text);
        auto const& bug = item.children.back();
        asked_for = asked_for || book.is_open(id);
        if (auto const flaw = flaw_of(bug, id); !flaw.empty())
            book.absent(id, outcome::unparsable, std::string{flaw});
        else
            book.sighted(id, to_sighting(id, fields_of(bug, replaced)));
    }
    if (!asked_for && !map.children.empty())
        return no_map("get_status answered with bugs that were not asked for");
    return std::nullopt;
}

} // namespace checkwatches::adapters::debbugs
