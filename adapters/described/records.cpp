#include "adapters/described/records.hpp"

#include "adapters/forge/answer.hpp"
#include "adapters/wire/page.hpp"
#include "adapters/wire/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace checkwatches::adapters::described {
namespace {

constexpr std::size_t most_rows = 1'000; // the most ids of a batch
constexpr std::size_t most_texts = 100;
constexpr std::size_t most_cells = 5'000; // that are looked at for labels, of one answer
constexpr std::size_t longest_label = 100;

std::string text_of(wire::json_element const& value)
{
    if (std::string_view text; value.get_string().get(text) == simdjson::SUCCESS)
        return std::string{text};
    if (bool flag = false; value.get_bool().get(flag) == simdjson::SUCCESS)
        return flag ? "true" : "false";
    if (std::int64_t number = 0; value.get_int64().get(number) == simdjson::SUCCESS)
        return fmt::format("{}", number);
    if (double number = 0; value.get_double().get(number) == simdjson::SUCCESS)
        return fmt::format("{}", number);
    return {};
}

// Cells by what the ones before them say.
std::map<std::string, wire::page_element> cells_of(wire::page_element in, std::size_t& budget)
{
    std::map<std::string, wire::page_element> out;
    for (auto const cell : in.select("td,th,dt,label,span")) {
        if (budget == 0)
            break;
        --budget;
        auto const next = cell.next();
        auto text = next ? wire::lower(cell.text()) : std::string{};
        if (!text.empty() && text.size() <= longest_label)
            out.emplace(std::move(text), next);
    }
    return out;
}

std::string cut(std::string text, field const& by)
{
    if (!by.after.empty()) {
        auto const at = text.find(by.after);
        if (at == std::string::npos)
            return {};
        text.erase(0, at + by.after.size());
    }
    if (!by.before.empty())
        text.resize(std::min(text.size(), text.find(by.before)));
    return std::string{wire::trimmed(text)};
}

} // namespace

result<records> records::read(form how, std::string const& rows, reply const& from)
{
    auto const decoded = wire::decode_text(from.body, from.header("Content-Type"));
    auto const failed = [&](error why) {
        why.request = from.request;
        return why;
    };
    if (how == form::csv) {
        auto table = wire::csv_table::parse(decoded.text);
        if (!table)
            return failed(table.error());
        records out{std::move(*table)};
        out.replaced_ = decoded.replaced;
        return out;
    }
    if (how == form::html) {
        auto page = wire::page_tree::parse(decoded.text);
        if (!page)
            return failed(page.error());
        auto parts = rows.empty() ? std::vector{page->root()} : page->select(rows);
        records out{std::move(*page)};
        out.parts_ = std::move(parts);
        out.parts_.resize(std::min(out.parts_.size(), most_rows));
        auto budget = most_cells;
        for (auto const part : out.parts_)
            out.cells_.push_back(cells_of(part, budget));
        out.replaced_ = decoded.replaced;
        return out;
    }
    auto json = forge::decode(from);
    if (!json)
        return json.error();
    auto const root = json->root();
    records out{std::move(json->json)};
    out.replaced_ = json->replaced;
    if (rows.empty()) {
        out.elements_.push_back(root);
        return out;
    }
    wire::json_array list;
    if (root.at_pointer(rows).get_array().get(list) != simdjson::SUCCESS)
        return forge::unreadable(fmt::format("the JSON has no list at {}", rows), from);
    for (auto const one : list) {
        if (out.elements_.size() == most_rows)
            break;
        out.elements_.push_back(one);
    }
    return out;
}

std::size_t records::size() const noexcept
{
    if (auto const* const table = std::get_if<wire::csv_table>(&in_))
        return table->rows();
    return std::max(elements_.size(), parts_.size());
}

std::vector<std::string> records::raw(std::size_t row, field const& where) const
{
    std::vector<std::string> out;
    if (row >= size() || where.empty())
        return out;
    if (auto const* const table = std::get_if<wire::csv_table>(&in_)) {
        if (auto const column = table->column(where.at))
            out.emplace_back(table->cell(row, column));
        return out;
    }
    if (!parts_.empty()) {
        if (!where.label.empty()) {
            for (std::string_view rest = where.label; !rest.empty();) {
                auto const label = rest.substr(0, rest.find('|'));
                auto const at = cells_[row].find(wire::lower(label));
                if (at != cells_[row].end())
                    return {at->second.text()};
                rest.remove_prefix(std::min(rest.size(), label.size() + 1));
            }
            return out;
        }
        for (auto const one : parts_[row].select(where.at)) {
            if (out.size() == most_texts)
                break;
            out.push_back(where.attribute.empty() ? one.text() : one.attribute(where.attribute));
        }
        return out;
    }
    wire::json_element value;
    if (elements_[row].at_pointer(where.at).get(value) != simdjson::SUCCESS)
        return out;
    wire::json_array list;
    if (value.get_array().get(list) != simdjson::SUCCESS)
        return {text_of(value)};
    for (auto const one : list) {
        if (out.size() == most_texts)
            break;
        out.push_back(text_of(one));
    }
    return out;
}

std::string records::text(std::size_t row, field const& where) const
{
    auto all = raw(row, where);
    return all.empty() ? std::string{} : cut(std::move(all.front()), where);
}

std::vector<std::string> records::texts(std::size_t row, field const& where) const
{
    std::vector<std::string> out;
    for (auto& one : raw(row, where))
        if (auto text = cut(std::move(one), where); !text.empty())
            out.push_back(std::move(text));
    return out;
}

bool holds(condition const& what, reply const& from, records const* in)
{
    if (what.http && *what.http != from.status)
        return false;
    if (what.where.empty())
        return true;
    auto const value = in == nullptr ? std::string{} : in->text(0, what.where);
    return (!what.is || wire::same_word(value, *what.is))
           && (!what.contains || value.find(*what.contains) != std::string::npos) && in != nullptr;
}

std::optional<error> expect(form how, reply const& from)
{
    if (how == form::csv)
        return wire::expect(from, {"text/csv", "text/plain", "application/csv", "text/x-csv"});
    if (how == form::html)
        return wire::expect(from, {"text/html", "application/xhtml+xml"});
    if (from.status == 200 && wire::media_type(from.header("Content-Type")).ends_with("+json"))
        return std::nullopt; // application/hal+json and its like
    return wire::expect(from, {"application/json"});
}

} // namespace checkwatches::adapters::described
