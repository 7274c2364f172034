#include "engine/intake/lists/watch_list.hpp"

#include "engine/core/url.hpp"
#include "engine/intake/lists/list_parts.hpp"
#include "engine/intake/recognise.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>

namespace checkwatches::intake {
namespace {

namespace json = boost::json;

// How many bytes from the front are UTF-8, up to the first that is not.
std::size_t valid_up_to(std::string_view text)
{
    if (simdjson::validate_utf8(text.data(), text.size()))
        return text.size();
    // Line by line: a line feed is never a part of another character.
    std::size_t begin = 0;
    for (;;) {
        auto const end = std::min(text.find('\n', begin), text.size());
        auto const line = text.substr(begin, end - begin);
        if (!simdjson::validate_utf8(line.data(), line.size()))
            break;
        begin = end + 1;
    }
    auto line = text.substr(begin, std::min(text.find('\n', begin), text.size()) - begin);
    std::size_t good = 0;
    while (good < line.size()) {
        std::size_t length = 1;
        while (length <= 4 && good + length <= line.size()
               && !simdjson::validate_utf8(line.data() + good, length))
            ++length;
        if (length > 4 || good + length > line.size())
            break;
        good += length;
    }
    return begin + good;
}

bool begins_as_json(std::string_view text)
{
    auto const start = text.find_first_not_of(" \t\r\n");
    return start != std::string_view::npos && (text[start] == '[' || text[start] == '{');
}

json::object json_of(storage::list_entry const& entry)
{
    json::object out;
    auto const put = [&](char const* key, std::string const& text) {
        if (!text.empty())
            out[key] = text;
    };
    put("url", entry.url);
    put("tracker", entry.tracker);
    put("bug", entry.bug);
    put("label", entry.label);
    put("owner", entry.owner);
    if (entry.is != storage::relation::same)
        out["relation"] = word(entry.is);
    put("note", entry.note);
    return out;
}

} // namespace

list_format format_of(std::string_view file_name)
{
    if (file_name.ends_with(".json"))
        return list_format::json;
    return file_name.ends_with(".toml") ? list_format::toml : list_format::lines;
}

list_reading read_list(std::string_view text, list_format format)
{
    list_reading out;
    if (text.size() > longest_list) {
        out.broken = {.reason = fmt::format("the list is larger than {} MiB", longest_list >> 20U)};
        return out;
    }
    if (text.starts_with("\xEF\xBB\xBF"))
        text.remove_prefix(3);
    if (auto const good = valid_up_to(text); good != text.size()) {
        out.broken = parts::places{text}.at(good, "this byte is no UTF-8");
        return out;
    }
    if (format == list_format::toml)
        return parts::read_toml_list(text);
    if (format == list_format::json || begins_as_json(text))
        return parts::read_json_list(text);
    return parts::read_lines(text);
}

std::int64_t check_addresses(list_reading& in, adapters::registry const& kinds)
{
    std::int64_t bad = 0;
    for (auto& entry : in.entries) {
        if (entry.state != storage::entry_state::bad && !entry.url.empty()) {
            auto const url = parse_link(entry.url);
            if (!url || !candidates(kinds, *url, {})) {
                entry.state = storage::entry_state::bad;
                entry.reason = "the address has the shape of no known tracker's bug; `checkwatches tracker "
                               "kinds` lists the shapes";
            }
        }
        bad += entry.state == storage::entry_state::bad ? 1 : 0;
    }
    return bad;
}

std::string write_list(std::vector<storage::list_entry> const& entries)
{
    std::string out = "[";
    for (auto const& entry : entries) {
        out += out.size() == 1 ? "\n  " : ",\n  ";
        out += json::serialize(json_of(entry));
    }
    return out + "\n]\n";
}

} // namespace checkwatches::intake
