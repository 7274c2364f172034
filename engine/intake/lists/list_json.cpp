#include "engine/core/ascii.hpp"
#include "engine/intake/lists/list_parts.hpp"

#include <boost/json/basic_parser_impl.hpp>

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <utility>

namespace checkwatches::intake::parts {
namespace {

namespace json = boost::json;
namespace lazy = simdjson::ondemand;

// Takes nothing of a document: who only wants to know whether it is one, and where not.
struct nobody {
    static constexpr std::size_t max_object_size = static_cast<std::size_t>(-1);
    static constexpr std::size_t max_array_size = static_cast<std::size_t>(-1);
    static constexpr std::size_t max_key_size = static_cast<std::size_t>(-1);
    static constexpr std::size_t max_string_size = static_cast<std::size_t>(-1);

    using code = json::error_code;
    using text = json::string_view;
    bool on_document_begin(code&) { return true; }
    bool on_document_end(code&) { return true; }
    bool on_object_begin(code&) { return true; }
    bool on_object_end(std::size_t, code&) { return true; }
    bool on_array_begin(code&) { return true; }
    bool on_array_end(std::size_t, code&) { return true; }
    bool on_key_part(text, std::size_t, code&) { return true; }
    bool on_key(text, std::size_t, code&) { return true; }
    bool on_string_part(text, std::size_t, code&) { return true; }
    bool on_string(text, std::size_t, code&) { return true; }
    bool on_number_part(text, code&) { return true; }
    bool on_int64(std::int64_t, text, code&) { return true; }
    bool on_uint64(std::uint64_t, text, code&) { return true; }
    bool on_double(double, text, code&) { return true; }
    bool on_bool(bool, code&) { return true; }
    bool on_null(code&) { return true; }
    bool on_comment_part(text, code&) { return true; }
    bool on_comment(text, code&) { return true; }
};

// simdjson is fast and tells of an entry where it stands, but of what is no JSON only that it is none.
std::optional<list_fault> fault_of_syntax(std::string_view text)
{
    json::basic_parser<nobody> parser{json::parse_options{}};
    json::error_code why;
    auto const read = parser.write_some(false, text.data(), text.size(), why);
    if (!why && read == text.size())
        return std::nullopt;
    auto const what = why ? why.message() : std::string{"something follows the document"};
    return places{text}.at(read, "no JSON: " + what);
}

constexpr auto shape = "a list of objects is expected, or an object with such a list as \"watches\"";

class json_reader {
public:
    explicit json_reader(std::string_view text) : padded_{text}, where_{std::string_view{padded_}} {}

    list_reading read();

private:
    list_fault place_of(lazy::value& value, std::string reason = {});
    list_fault wrong_shape() const;
    void read_root(lazy::document& document);
    void read_whole(lazy::object whole);
    void read_entries(lazy::array list);
    void read_entry(lazy::value value);
    void read_field(lazy::value value, std::string_view key, entry_maker& into);
    std::string read_key(std::string_view key, lazy::value& value);

    simdjson::padded_string padded_;
    places where_;
    list_reading out_;
    list_defaults defaults_;
    std::vector<entry_maker> makers_;
};

list_fault json_reader::place_of(lazy::value& value, std::string reason)
{
    auto const offset = value.raw_json_token().data() - padded_.data();
    return where_.at(static_cast<std::size_t>(offset), std::move(reason));
}

list_fault json_reader::wrong_shape() const
{
    std::string_view const text{padded_};
    return places{text}.at(std::min(text.find_first_not_of(" \t\r\n"), text.size()), shape);
}

list_reading json_reader::read()
{
    lazy::parser parser;
    lazy::document document;
    if (parser.iterate(padded_).get(document) == simdjson::SUCCESS)
        read_root(document);
    else
        out_.broken = wrong_shape();
    if (out_.broken)
        return {.broken = std::move(out_.broken)};
    finish_entries(out_, std::move(makers_), defaults_);
    return std::move(out_);
}

void json_reader::read_root(lazy::document& document)
{
    lazy::json_type type{};
    lazy::array list;
    lazy::object whole;
    if (document.type().get(type) != simdjson::SUCCESS)
        out_.broken = wrong_shape();
    else if (type == lazy::json_type::array && document.get_array().get(list) == simdjson::SUCCESS)
        read_entries(list);
    else if (type == lazy::json_type::object && document.get_object().get(whole) == simdjson::SUCCESS)
        read_whole(whole);
    else
        out_.broken = wrong_shape();
}

void json_reader::read_whole(lazy::object whole)
{
    bool any = false;
    for (auto field : whole) {
        std::string_view key;
        lazy::value value;
        if (field.unescaped_key().get(key) != simdjson::SUCCESS
            || field.value().get(value) != simdjson::SUCCESS) {
            out_.broken = where_.at(0, "it cannot be read");
            return;
        }
        if (key == "watches") {
            auto const at = place_of(value, any ? "\"watches\" is there twice" : shape);
            lazy::array list;
            if (any || value.get_array().get(list) != simdjson::SUCCESS) {
                out_.broken = at;
                return;
            }
            any = true;
            read_entries(list);
        }
        else {
            auto at = place_of(value);
            at.reason = read_key(key, value);
            if (!at.reason.empty())
                out_.broken = std::move(at);
        }
        if (out_.broken)
            return;
    }
    if (!any)
        out_.broken = wrong_shape();
}

// Reads what is of the whole list; what is wrong with it, or nothing.
std::string json_reader::read_key(std::string_view key, lazy::value& value)
{
    if (key == "frozen" || key == "enabled") {
        bool flag = false;
        if (value.get_bool().get(flag) != simdjson::SUCCESS)
            return fmt::format("\"{}\" must be true or false", key);
        (key == "frozen" ? out_.frozen : out_.enabled) = flag;
        return {};
    }
    auto const is_text = key == "label" || key == "owner" || key == "relation";
    if (!is_text)
        return "unknown key; a list has label, owner, relation, frozen, enabled and watches";
    std::string const name{key}; // reading the value may write over what it points to
    std::string_view text;
    if (value.get_string().get(text) != simdjson::SUCCESS)
        return fmt::format("\"{}\" must be a text", name);
    auto& place = name == "label"   ? defaults_.label
                  : name == "owner" ? defaults_.owner
                                    : defaults_.relation;
    place = text;
    return fault_of_default(name, place);
}

void json_reader::read_entries(lazy::array list)
{
    for (auto item : list) {
        lazy::value value;
        if (item.get(value) != simdjson::SUCCESS) {
            out_.broken = where_.at(0, "it cannot be read");
            return;
        }
        if (makers_.size() == most_entries) {
            out_.broken = place_of(value, "there are too many entries");
            return;
        }
        read_entry(value);
    }
}

void json_reader::read_entry(lazy::value value)
{
    auto& one = makers_.emplace_back(place_of(value));
    lazy::object members;
    if (value.get_object().get(members) != simdjson::SUCCESS)
        return one.wrong("an entry is an object such as {\"url\": \"https://…\", \"label\": \"…\"}");
    for (auto field : members) {
        std::string_view key;
        lazy::value of_key;
        if (field.unescaped_key().get(key) != simdjson::SUCCESS
            || field.value().get(of_key) != simdjson::SUCCESS)
            return one.wrong("a key cannot be read");
        read_field(of_key, std::string{key}, one);
    }
}

void json_reader::read_field(lazy::value value, std::string_view key, entry_maker& into)
{
    lazy::json_type type{};
    std::string_view text;
    if (value.type().get(type) != simdjson::SUCCESS)
        into.take(key, std::nullopt);
    else if (type == lazy::json_type::string && value.get_string().get(text) == simdjson::SUCCESS)
        into.take(key, std::string{text});
    else if (type == lazy::json_type::number && into.wants_number(key))
        into.take(key, std::string{trimmed(value.raw_json_token())});
    else if (type != lazy::json_type::null)
        into.take(key, std::nullopt);
}

} // namespace

list_reading read_json_list(std::string_view text)
{
    if (auto fault = fault_of_syntax(text))
        return {.broken = std::move(fault)};
    return json_reader{text}.read();
}

} // namespace checkwatches::intake::parts
