#include "adapters/wire/xmlrpc.hpp"

#include "adapters/wire/html.hpp"
#include "adapters/wire/text.hpp"
#include "adapters/wire/xmlrpc_terse.hpp"

#include <fmt/format.h>
#include <pugixml.hpp>

#include <charconv>
#include <cmath>
#include <iterator>

namespace checkwatches::wire::xmlrpc {
namespace {

error unparsable(std::string message)
{
    return error{.kind = error_kind::unparsable, .message = std::move(message)};
}

std::optional<std::int64_t> to_integer(std::string_view text)
{
    if (text.starts_with('+') && is_number(text.substr(1)))
        text.remove_prefix(1);
    std::int64_t value = 0;
    auto const read = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || read.ec != std::errc{} || read.ptr != text.data() + text.size())
        return std::nullopt;
    return value;
}

std::string escaped(std::string_view text)
{
    std::string out;
    out.reserve(text.size());
    for (char const c : text) {
        bool const unspeakable = static_cast<unsigned char>(c) < 0x20 && c != '\t' && c != '\n' && c != '\r';
        if (unspeakable)
            continue;
        switch (c) {
        case '&': out += "&amp;"; break;
        case '<': out += "&lt;"; break;
        case '>': out += "&gt;"; break;
        case '\r': out += "&#13;"; break; // a plain one would be read as a line feed
        default: out += c;
        }
    }
    return out;
}

void encode(std::string& out, value const& v);

struct encoder {
    std::string& out;

    void operator()(std::monostate) const { out += "<nil/>"; }
    void operator()(bool b) const { out += b ? "<boolean>1</boolean>" : "<boolean>0</boolean>"; }
    void operator()(std::int64_t i) const { out += fmt::format("<int>{}</int>", i); }
    void operator()(double d) const { out += fmt::format("<double>{}</double>", d); }
    void operator()(std::string const& s) const { out += "<string>" + escaped(s) + "</string>"; }
    void operator()(date_time const& t) const
    {
        out += "<dateTime.iso8601>" + escaped(t.text) + "</dateTime.iso8601>";
    }
    void operator()(array const& a) const
    {
        out += "<array><data>";
        for (auto const& item : a)
            encode(out, item);
        out += "</data></array>";
    }
    void operator()(members const& m) const
    {
        out += "<struct>";
        for (auto const& [name, item] : m) {
            out += "<member><name>" + escaped(name) + "</name>";
            encode(out, item);
            out += "</member>";
        }
        out += "</struct>";
    }
};

void encode(std::string& out, value const& v)
{
    out += "<value>";
    std::visit(encoder{out}, v.get());
    out += "</value>";
}

// Reads <value> elements; the first thing that is wrong is kept and ends the reading.
class decoder {
public:
    // `escapes`: there are references to characters in the document, which can be any.
    explicit decoder(bool escapes) : escapes_{escapes} {}

    value read(pugi::xml_node node, int depth)
    {
        if (depth > deepest)
            return fail(fmt::format("values are nested deeper than {} levels", deepest));
        pugi::xml_node const typed = first_element(node);
        if (!typed)
            return text_of(node); // untyped text is a string
        std::string_view const type = typed.name();
        if (type == "array")
            return read_array(typed, depth);
        if (type == "struct")
            return read_struct(typed, depth);
        return read_scalar(type, text_of(typed));
    }

    std::optional<error> const& trouble() const noexcept { return trouble_; }

private:
    static pugi::xml_node first_element(pugi::xml_node node)
    {
        return node.find_child([](pugi::xml_node child) { return child.type() == pugi::node_element; });
    }

    static std::size_t count(pugi::xml_node node)
    {
        return static_cast<std::size_t>(std::distance(node.begin(), node.end()));
    }

    // All text right in the element: comments and CDATA sections divide it.
    std::string text_of(pugi::xml_node node) const
    {
        std::string out;
        for (pugi::xml_node const piece : node)
            if (piece.type() == pugi::node_pcdata || piece.type() == pugi::node_cdata)
                out += piece.value();
        return escapes_ ? without_controls(out) : out;
    }

    value read_scalar(std::string_view type, std::string whole)
    {
        if (type == "string" || type == "base64")
            return whole;
        auto const text = trimmed(whole);
        if (type == "int" || type == "i4" || type == "i8") {
            auto const number = to_integer(text);
            return number ? value{*number}
                          : fail(fmt::format("\"{}\" is not a whole number", one_line(text, 40)));
        }
        if (type == "boolean") {
            if (text != "0" && text != "1")
                return fail("a boolean is neither 0 nor 1");
            return text == "1";
        }
        if (type == "double")
            return read_double(text);
        if (type == "dateTime.iso8601")
            return date_time{std::string{text}};
        if (type == "nil" || type == "ex:nil")
            return {};
        return fail(fmt::format("\"{}\" is no XML-RPC type", one_line(type, 40)));
    }

    value read_double(std::string_view text)
    {
        if (text.starts_with('+'))
            text.remove_prefix(1);
        double number = 0;
        auto const read = std::from_chars(text.data(), text.data() + text.size(), number);
        bool const whole = read.ec == std::errc{} && read.ptr == text.data() + text.size();
        if (!whole || !std::isfinite(number))
            return fail("a double is not a number");
        return value{value::variant{number}};
    }

    value read_array(pugi::xml_node node, int depth)
    {
        array out;
        pugi::xml_node const data = node.child("data");
        out.reserve(count(data));
        for (pugi::xml_node const item : data.children("value")) {
            out.push_back(read(item, depth + 1));
            if (trouble_)
                break;
        }
        return out;
    }

    value read_struct(pugi::xml_node node, int depth)
    {
        members out;
        out.reserve(count(node));
        for (pugi::xml_node const member : node.children("member")) {
            if (!member.child("value"))
                return fail("a struct has a member without a value");
            out.emplace_back(text_of(member.child("name")), read(member.child("value"), depth + 1));
            if (trouble_)
                break;
        }
        return out;
    }

    value fail(std::string message)
    {
        if (!trouble_)
            trouble_ = unparsable(std::move(message));
        return {};
    }

    bool escapes_;
    std::optional<error> trouble_;
};

fault to_fault(value const& v)
{
    fault out;
    if (auto const* const code = v.member("faultCode")) {
        out.code = code->integer().value_or(0);
        if (!code->integer())
            out.word = code->as_text();
    }
    auto const* const text = v.member("faultString");
    out.text = text != nullptr ? text->as_text() : v.as_text();
    return out;
}

} // namespace

std::optional<std::int64_t> value::integer() const noexcept
{
    if (auto const* const i = std::get_if<std::int64_t>(&v_))
        return *i;
    if (auto const* const s = text())
        return to_integer(*s);
    return std::nullopt;
}

std::string value::as_text() const
{
    if (auto const* const s = text())
        return *s;
    if (auto const* const i = std::get_if<std::int64_t>(&v_))
        return std::to_string(*i);
    if (auto const* const t = std::get_if<date_time>(&v_))
        return t->text;
    return {};
}

std::optional<utc_time> value::as_utc() const noexcept
{
    auto const* const t = std::get_if<date_time>(&v_);
    return t == nullptr ? std::nullopt : parse_time(t->text, naive_time::is_utc);
}

value const* value::member(std::string_view name) const noexcept
{
    auto const* const all = fields();
    if (all == nullptr)
        return nullptr;
    for (auto const& [key, item] : *all)
        if (key == name)
            return &item;
    return nullptr;
}

date_time to_date_time(utc_time t)
{
    auto text = format_time(t);
    std::erase(text, '-');
    text.pop_back(); // the Z
    return date_time{.text = std::move(text)};
}

std::string encode_call(std::string_view method, array const& params)
{
    std::string out = "<?xml version=\"1.0\"?><methodCall><methodName>" + escaped(method)
                      + "</methodName><params>";
    for (auto const& param : params) {
        out += "<param>";
        encode(out, param);
        out += "</param>";
    }
    out += "</params></methodCall>";
    return out;
}

result<answer> decode_answer(std::string_view text)
{
    if (auto plain = read_terse(text))
        return answer{std::move(*plain)};
    pugi::xml_document document;
    // A string of blanks is kept. pugixml expands no DTD and no entities but the five at all.
    constexpr unsigned mode = pugi::parse_minimal | pugi::parse_escapes | pugi::parse_cdata | pugi::parse_eol
                              | pugi::parse_ws_pcdata_single;
    auto const parsed = document.load_buffer(text.data(), text.size(), mode, pugi::encoding_utf8);
    if (!parsed)
        return unparsable(
            fmt::format("the XML cannot be read: {} at byte {}", parsed.description(), parsed.offset));
    pugi::xml_node const response = document.child("methodResponse");
    if (!response)
        return unparsable("the XML is no XML-RPC response");

    decoder in{text.find("&#") != std::string_view::npos};
    if (pugi::xml_node const failed = response.child("fault")) {
        if (!failed.child("value"))
            return unparsable("the XML-RPC fault carries no value");
        value const what = in.read(failed.child("value"), 0);
        if (auto const& trouble = in.trouble())
            return *trouble;
        return answer{to_fault(what)};
    }
    pugi::xml_node const only = response.child("params").child("param").child("value");
    if (!only)
        return unparsable("the XML-RPC response carries no value");
    value v = in.read(only, 0);
    if (auto const& trouble = in.trouble())
        return *trouble;
    return answer{std::move(v)};
}

} // namespace checkwatches::wire::xmlrpc
