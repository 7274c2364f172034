#include "adapters/described/records.hpp"

#include "adapters/forge/answer.hpp"
#include "adapters/wire/page.hpp"
#include "adapters/wire/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace checkwatches::adapters::described {
namespace {

constexpr std::size_t most_rows = 10'000;
constexpr std::size_t most_texts = 100;

std::string text_of(wire::json_element const& value)
{
    if (std::string_view text; value.get_string().get(text) == simdjson::SUCCESS)
        return wire::without_controls(text);
    if (bool flag = false; value.get_bool().get(flag) == simdjson::SUCCESS)
        return flag ? "true" : "false";
    if (std::int64_t number = 0; value.get_int64().get(number) == simdjson::SUCCESS)
        return fmt::format("{}", number);
    if (double number = 0; value.get_double().get(number) == simdjson::SUCCESS)
        return fmt::format("{}", number);
    return {};
}

// The cell that follows the one with one of these texts ("Hash:|UUID:").
wire::page_element beside(wire::page_element in, std::string_view labels)
{
    auto const is_label = [&](std::string const& text) {
        for (auto rest = labels; !text.empty();) {
            auto const end = rest.find('|');
            if (wire::same_word(text, rest.substr(0, end)))
                return true;
            if (end == std::string_view::npos)
                break;
            rest.remove_prefix(end + 1);
        }
        return false;
    };
    for (auto const cell : in.select("td,th,dt,dd,label,span,div"))
        if (is_label(cell.text()))
            return cell.next();
    return {};
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
        out.replaced_ = decoded.replaced;
        return out;
    }
    auto json = wire::json_document::parse(decoded.text);
    if (!json)
        return failed(json.error());
    auto const root = json->root();
    records out{std::move(*json)};
    out.replaced_ = decoded.replaced;
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
        if (!where.label.empty())
            return {beside(parts_[row], where.label).text()};
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
    auto const type = wire::media_type(from.header("Content-Type"));
    auto const is_one_of = [&](std::initializer_list<std::string_view> types) {
        return std::ranges::find(types, type) != types.end();
    };
    bool const fits = how == form::json ? type == "application/json" || type.ends_with("+json")
                      : how == form::csv
                          ? is_one_of({"text/csv", "text/plain", "application/csv", "text/x-csv"})
                          : is_one_of({"text/html", "application/xhtml+xml"});
    if (from.status == 200 && fits)
        return std::nullopt;
    return wire::explain(from);
}

} // namespace checkwatches::adapters::described
