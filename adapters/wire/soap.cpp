#include "adapters/wire/soap.hpp"

#include "adapters/wire/base64.hpp"
#include "adapters/wire/text.hpp"

#include <fmt/format.h>
#include <pugixml.hpp>

#include <algorithm>
#include <charconv>

namespace checkwatches::wire::soap {
namespace {

constexpr int deepest = 32;

error unparsable(std::string message)
{
    return error{.kind = error_kind::unparsable, .message = std::move(message)};
}

std::string_view local(std::string_view name)
{
    auto const colon = name.find(':');
    return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

bool is_element(pugi::xml_node node)
{
    return node.type() == pugi::node_element;
}

pugi::xml_node first_element(pugi::xml_node in)
{
    return in.find_child(is_element);
}

pugi::xml_node child_of(pugi::xml_node in, std::string_view name)
{
    return in.find_child([&](pugi::xml_node c) { return is_element(c) && local(c.name()) == name; });
}

// All text right in the element: comments and CDATA sections divide it. `may_have_controls`: the document is
// not clean, or has references to characters, which can be any.
std::string text_of(pugi::xml_node node, bool may_have_controls)
{
    std::string_view first;
    std::string all; // of several pieces, which are rare
    for (auto piece = node.first_child(); piece; piece = piece.next_sibling()) {
        if (piece.type() != pugi::node_pcdata && piece.type() != pugi::node_cdata)
            continue;
        std::string_view const text = piece.value();
        if (first.empty()) {
            first = text;
            continue;
        }
        if (all.empty())
            all = first;
        all += text;
    }
    auto const text = all.empty() ? first : std::string_view{all};
    return may_have_controls ? without_controls(text) : std::string{text};
}

// What an element says of itself.
struct marks {
    std::optional<std::string_view> nil{};
    std::optional<std::string_view> type{};
};

marks marks_of(pugi::xml_node node)
{
    marks out;
    for (auto a = node.first_attribute(); a; a = a.next_attribute()) {
        auto const name = local(a.name());
        if (name == "nil" && !out.nil)
            out.nil = a.value();
        else if (name == "type" && !out.type)
            out.type = a.value();
    }
    return out;
}

// How many nodes there are from this one on in its element.
std::size_t count_from(pugi::xml_node node)
{
    std::size_t out = 0;
    for (; node; node = node.next_sibling())
        ++out;
    return out;
}

// The namespace that the element's prefix stands for.
std::string space_of(pugi::xml_node node)
{
    std::string_view const name = node.name();
    auto const colon = name.find(':');
    auto const declared = colon == std::string_view::npos ? std::string{"xmlns"}
                                                          : "xmlns:" + std::string{name.substr(0, colon)};
    for (auto at = node; at; at = at.parent())
        if (auto const a = at.attribute(declared.c_str()))
            return a.value();
    return {};
}

// Copies elements; the first thing that is too much ends the copying.
class reader {
public:
    reader(std::size_t most_values, bool may_have_controls)
        : left_{most_values},
          may_have_controls_{may_have_controls}
    {}

    // False: there is trouble.
    bool read(pugi::xml_node node, int depth, value& out)
    {
        if (left_ == 0)
            return fail("the message has too many elements");
        if (depth > deepest)
            return fail(fmt::format("values are nested deeper than {} levels", deepest));
        --left_;
        out.name = local(node.name());
        auto const said = marks_of(node);
        out.nil = said.nil == "true" || said.nil == "1";
        for (auto inner = node.first_child(); inner; inner = inner.next_sibling()) {
            if (!is_element(inner))
                continue;
            if (out.children.empty())
                out.children.reserve(std::min(count_from(inner), left_));
            if (!read(inner, depth + 1, out.children.emplace_back()))
                return false;
        }
        if (out.children.empty())
            read_text(node, said.type.value_or(std::string_view{}), out);
        return true;
    }

    std::optional<error> const& trouble() const noexcept { return trouble_; }

private:
    void read_text(pugi::xml_node node, std::string_view qualified, value& out) const
    {
        out.text = text_of(node, may_have_controls_);
        auto const type = local(qualified);
        if (type != "base64Binary" && type != "base64")
            return;
        auto const bytes = decode_base64(out.text);
        out.unreadable = !bytes;
        auto decoded = decode_text(bytes.value_or(std::string{}), {});
        out.text = std::move(decoded.text);
        out.replaced = decoded.replaced;
    }

    bool fail(std::string message)
    {
        trouble_ = unparsable(std::move(message));
        return false;
    }

    std::size_t left_;
    bool may_have_controls_;
    std::optional<error> trouble_;
};

fault read_fault(pugi::xml_node node)
{
    auto const text = [](pugi::xml_node of) { return text_of(of, true); };
    fault out{.code = text(child_of(node, "faultcode")), .text = text(child_of(node, "faultstring"))};
    if (out.code.empty())
        out.code = text(child_of(child_of(node, "Code"), "Value"));
    if (out.text.empty())
        out.text = text(child_of(child_of(node, "Reason"), "Text"));
    return out;
}

std::string escaped(std::string_view text)
{
    std::string out;
    for (char const c : without_controls(text)) {
        switch (c) {
        case '&': out += "&amp;"; break;
        case '<': out += "&lt;"; break;
        case '>': out += "&gt;"; break;
        case '"': out += "&quot;"; break;
        default: out += c;
        }
    }
    return out;
}

std::string element(std::string_view name, argument const& what)
{
    return fmt::format("<{0} xsi:type=\"xsd:{1}\">{2}</{0}>", name, escaped(what.type), escaped(what.text));
}

std::string envelope(std::string_view space, std::string_view method, std::string_view arguments)
{
    constexpr std::string_view shape =
        R"(<?xml version="1.0" encoding="UTF-8"?>)"
        R"(<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/")"
        R"( xmlns:soapenc="http://schemas.xmlsoap.org/soap/encoding/")"
        R"( xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance")"
        R"( xmlns:xsd="http://www.w3.org/2001/XMLSchema")"
        R"( soap:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/">)"
        R"(<soap:Body><call:{0} xmlns:call="{1}">{2}</call:{0}></soap:Body></soap:Envelope>)";
    return fmt::format(shape, method, escaped(space), arguments);
}

} // namespace

value const* value::child(std::string_view wanted) const noexcept
{
    auto const found = std::ranges::find(children, wanted, &value::name);
    return found == children.end() ? nullptr : &*found;
}

std::optional<std::int64_t> value::integer() const noexcept
{
    auto const digits = trimmed(text);
    std::int64_t out = 0;
    auto const read = std::from_chars(digits.data(), digits.data() + digits.size(), out);
    if (digits.empty() || read.ec != std::errc{} || read.ptr != digits.data() + digits.size())
        return std::nullopt;
    return out;
}

std::string encode_call(std::string_view space, std::string_view method, argument const& only)
{
    return envelope(space, method, element("arg", only));
}

std::string
encode_list_call(std::string_view space, std::string_view method, std::vector<argument> const& items)
{
    auto list = fmt::format(
        R"(<arg xsi:type="soapenc:Array" soapenc:arrayType="xsd:anyType[{}]">)", items.size());
    for (auto const& item : items)
        list += element("item", item);
    return envelope(space, method, list + "</arg>");
}

result<answer> decode_answer(std::string_view text, std::size_t most_values)
{
    pugi::xml_document document;
    // A string of blanks is kept. pugixml expands no DTD and no entities but the five at all.
    constexpr unsigned mode = pugi::parse_minimal | pugi::parse_escapes | pugi::parse_cdata | pugi::parse_eol
                              | pugi::parse_ws_pcdata_single;
    auto const parsed = document.load_buffer(text.data(), text.size(), mode, pugi::encoding_utf8);
    if (!parsed)
        return unparsable(
            fmt::format("the XML cannot be read: {} at byte {}", parsed.description(), parsed.offset));
    auto const body = child_of(child_of(document, "Envelope"), "Body");
    auto const first = first_element(body);
    if (!first)
        return unparsable("the XML is no SOAP message");
    if (local(first.name()) == "Fault")
        return answer{read_fault(first)};

    response out{.name = std::string{local(first.name())}, .space = space_of(first)};
    out.result.nil = true;
    if (auto const inner = first_element(first)) {
        bool const may_have_controls = text.find("&#") != std::string_view::npos || !is_clean(text);
        reader in{most_values, may_have_controls};
        if (!in.read(inner, 0, out.result))
            return *in.trouble();
    }
    return answer{std::move(out)};
}

} // namespace checkwatches::wire::soap
