#include "adapters/savannah/page.hpp"

#include "adapters/trouble.hpp"
#include "adapters/wire/page.hpp"
#include "adapters/wire/page_tree.hpp"
#include "adapters/wire/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <vector>

namespace checkwatches::adapters::savannah {
namespace {

constexpr std::string_view error_title = "exiting with error";
// How Savane begins what it says of an item, in lower case.
constexpr std::array<std::pair<std::string_view, error_kind>, 4> refusals{{
    {"item not found", error_kind::not_found},
    {"no item found with that id", error_kind::not_found},
    {"this item is private", error_kind::forbidden},
    {"permission denied", error_kind::forbidden},
}};
constexpr std::string_view open_or_closed = "open/closed";

// The fields of an item, by label in lower case.
using field_map = std::map<std::string, std::string, std::less<>>;

bool is_html(reply const& answer)
{
    auto const type = wire::media_type(answer.header("Content-Type"));
    return type == "text/html" || type == "application/xhtml+xml";
}

// "Open/Closed: *" as "open/closed"; the star marks what must be filled in.
std::string as_label(std::string text)
{
    auto const end = text.find_last_not_of(" :*");
    text.resize(end == std::string::npos ? 0 : end + 1);
    return wire::lower(text);
}

// A row has one or two pairs of cells, label and value.
void add_row(field_map& out, wire::page_element row)
{
    for (auto cell = row.first_child(); cell && cell.next(); cell = cell.next().next()) {
        auto label = as_label(cell.text());
        if (!label.empty())
            out.emplace(std::move(label), cell.next().text());
    }
}

// Rows of the table itself: each is read once, however deep tables are nested.
field_map fields_of(wire::page_element table)
{
    field_map out;
    for (auto part = table.first_child(); part; part = part.next()) {
        if (part.name() == "tr")
            add_row(out, part);
        else if (part.name() == "tbody")
            for (auto row = part.first_child(); row; row = row.next())
                add_row(out, row);
    }
    return out;
}

// The one that counts is among the first: a page made to be slow has many, one in the other.
std::vector<wire::page_element> first_ones(wire::page_tree const& page, std::string_view selector)
{
    constexpr std::size_t most = 16;
    auto out = page.select(selector);
    if (out.size() > most)
        out.resize(most);
    return out;
}

field_map fields_on(wire::page_tree const& page)
{
    for (auto const table : first_ones(page, "form table")) {
        auto fields = fields_of(table);
        if (fields.contains(open_or_closed))
            return fields;
    }
    return {};
}

std::string value(field_map const& in, std::string_view label)
{
    auto const found = in.find(label);
    return found == in.end() ? std::string{} : found->second;
}

// What stands behind "bug #7:" in the heading that links to ?7; nothing where there is none.
std::optional<std::string> summary_on(wire::page_tree const& page, std::string_view word, std::string_view id)
{
    auto const name = fmt::format("{} #{}", word, id);
    auto const target = fmt::format("?{}", id);
    for (auto const heading : first_ones(page, "h1, h2")) {
        auto const links = heading.select("a");
        bool const is_item = !links.empty() && links.front().text() == name
                             && links.front().attribute("href").ends_with(target);
        auto const text = heading.text();
        if (!is_item || !text.starts_with(name))
            continue;
        auto const rest = std::string_view{text}.substr(name.size());
        auto const begin = std::min(rest.find_first_not_of(": "), rest.size());
        return std::string{rest.substr(begin)};
    }
    return std::nullopt;
}

// What Savane's page for errors says, in lower case; nothing where it is none.
std::optional<std::string> own_error(wire::page_tree const& page)
{
    auto const titles = page.select("title");
    if (titles.empty() || wire::lower(titles.front().text()).find(error_title) == std::string::npos)
        return std::nullopt;
    constexpr std::string_view mark = "error:";
    for (auto const element : first_ones(page, "div.feedbackerror, h1")) {
        auto text = wire::lower(element.text());
        if (text.starts_with(mark)) // the box that old versions have
            return std::string{wire::trimmed(std::string_view{text}.substr(mark.size()))};
        if (text == "error" && element.next().name() == "p")
            return wire::lower(element.next().text());
    }
    return std::nullopt;
}

error as_error(error_kind kind, std::string message, reply const& from)
{
    return error{.kind = kind, .message = std::move(message), .request = from.request};
}

error refusal(std::string_view said, reply const& from)
{
    auto const found = std::ranges::find_if(
        refusals, [&](auto const& entry) { return said.starts_with(entry.first); });
    auto const kind = found == refusals.end() ? error_kind::unparsable : found->second;
    return as_error(kind, "it says \"" + shortened(said) + "\"", from);
}

wire::decoded_text text_of(reply const& answer)
{
    return wire::decode_text(answer.body, answer.header("Content-Type"));
}

} // namespace

result<sighting> read_item(reply const& answer, std::string_view word, std::string_view id)
{
    if (!is_html(answer))
        return wire::explain(answer);
    auto const decoded = text_of(answer);
    auto const page = wire::page_tree::parse(decoded.text);
    if (answer.status == 200 && !page)
        return as_error(error_kind::unparsable, page.error().message, answer);
    auto const summary = answer.status == 200 ? summary_on(*page, word, id) : std::nullopt;
    if (!summary) {
        auto const said = page ? own_error(*page) : std::nullopt;
        auto why = wire::explain(answer);
        bool const is_trouble = why.kind == error_kind::rate_limited || why.kind == error_kind::maintenance;
        return said && !is_trouble ? refusal(*said, answer) : std::move(why);
    }
    auto const fields = fields_on(*page);
    sighting out{
        .words{
            .status = value(fields, open_or_closed),
            .resolution = value(fields, "status"),
            .priority = value(fields, "priority"),
            .severity = value(fields, "severity")},
        .title = *summary,
        .replaced = decoded.replaced};
    if (out.words.status.empty())
        return as_error(
            error_kind::unparsable, "the page of the item does not say whether it is open", answer);
    return out;
}

bool is_own_error(reply const& answer)
{
    if (!is_html(answer))
        return false;
    auto const page = wire::page_tree::parse(text_of(answer).text);
    return page && own_error(*page);
}

} // namespace checkwatches::adapters::savannah
