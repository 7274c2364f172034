#include "engine/core/toml_text.hpp"
#include "engine/intake/lists/list_parts.hpp"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <utility>
#include <variant>

namespace checkwatches::intake::parts {
namespace {

list_fault fault_at(toml::source_position const& at, std::string reason)
{
    return {.line = at.line, .column = at.column, .reason = std::move(reason)};
}

std::optional<std::string> text_of(toml::node const& node, bool or_number)
{
    if (auto const text = node.value_exact<std::string>())
        return text;
    if (auto const number = node.value_exact<std::int64_t>(); number && or_number)
        return std::to_string(*number);
    return std::nullopt;
}

entry_maker read_entry(toml::node const& node)
{
    entry_maker out{fault_at(node.source().begin, {})};
    auto const* const table = node.as_table();
    if (table == nullptr) {
        out.wrong("a watch is a table: [[watch]], then a line for each key");
        return out;
    }
    for (auto const& [key, value] : *table)
        out.take(key.str(), text_of(value, out.wants_number(key.str())));
    return out;
}

// Reads what is of the whole list; what is wrong with it, or nothing.
std::string
read_key(std::string_view key, toml::node const& node, list_reading& into, list_defaults& defaults)
{
    if (key == "frozen" || key == "enabled") {
        auto const flag = node.value_exact<bool>();
        if (!flag)
            return fmt::format("\"{}\" must be true or false", key);
        (key == "frozen" ? into.frozen : into.enabled) = *flag;
        return {};
    }
    if (key != "label" && key != "owner" && key != "relation")
        return "unknown key; a list has label, owner, relation, frozen, enabled and [[watch]]";
    auto const text = node.value_exact<std::string>();
    if (!text)
        return fmt::format("\"{}\" must be a text in quotes", key);
    auto& place = key == "label" ? defaults.label : key == "owner" ? defaults.owner : defaults.relation;
    place = *text;
    return fault_of_default(key, place);
}

list_reading read_table(toml::table const& root)
{
    list_reading out;
    list_defaults defaults;
    std::vector<entry_maker> makers;
    for (auto const& [key, node] : root) {
        if (key.str() != "watch") {
            auto fault = read_key(key.str(), node, out, defaults);
            if (!fault.empty())
                return {.broken = fault_at(key.source().begin, std::move(fault))};
            continue;
        }
        auto const* const list = node.as_array();
        if (list == nullptr)
            return {.broken = fault_at(key.source().begin, "watches are a list of tables: [[watch]]")};
        if (list->size() > most_entries)
            return {.broken = fault_at(key.source().begin, "there are too many entries")};
        for (auto const& item : *list)
            makers.push_back(read_entry(item));
    }
    finish_entries(out, std::move(makers), defaults);
    return out;
}

} // namespace

list_reading read_toml_list(std::string_view text)
{
    auto const read = read_toml(text);
    if (auto const* const wrong = std::get_if<toml_fault>(&read))
        return {.broken = list_fault{wrong->at.line, wrong->at.column, wrong->what}};
    return read_table(std::get<toml::table>(read));
}

} // namespace checkwatches::intake::parts
