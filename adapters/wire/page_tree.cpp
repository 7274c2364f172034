#include "adapters/wire/page_tree.hpp"

#include "adapters/wire/selector.hpp"
#include "adapters/wire/text.hpp"

#include <libxml/HTMLparser.h>
#include <libxml/tree.h>

namespace checkwatches::wire {
namespace {

constexpr std::size_t largest = std::size_t{4} * 1024 * 1024;
constexpr std::size_t deepest = 200; // libxml2 itself leaves out what is below 256
constexpr std::size_t longest_text = std::size_t{64} * 1024;
constexpr std::string_view no_break_space = "\xc2\xa0";

std::string_view view(xmlChar const* text) noexcept
{
    return text == nullptr ? std::string_view{} : std::string_view{reinterpret_cast<char const*>(text)};
}

xmlNode const* node_of(void const* p) noexcept
{
    return static_cast<xmlNode const*>(p);
}

// The next node of the walk through everything below `top`, in the order of the page; null at the end.
xmlNode const* following(xmlNode const* at, xmlNode const* top, bool into) noexcept
{
    if (into && at->type == XML_ELEMENT_NODE && at->children != nullptr)
        return at->children;
    while (at != top && at->next == nullptr)
        at = at->parent;
    return at == top ? nullptr : at->next;
}

xmlNode const* element_from(xmlNode const* at) noexcept
{
    while (at != nullptr && at->type != XML_ELEMENT_NODE)
        at = at->next;
    return at;
}

bool is_unseen(xmlNode const* at) noexcept
{
    auto const name = view(at->name);
    return at->type == XML_ELEMENT_NODE && (name == "script" || name == "style");
}

void append_in_line(std::string& out, std::string_view text)
{
    while (!text.empty() && out.size() < longest_text) {
        bool const wide = text.starts_with(no_break_space);
        char const c = text.front();
        if (wide || c == ' ' || c == '\n' || c == '\r' || c == '\t') {
            if (!out.empty() && !out.ends_with(' '))
                out += ' ';
        }
        else
            out += c;
        text.remove_prefix(wide ? no_break_space.size() : 1);
    }
}

bool is_too_deep(xmlNode const* top)
{
    std::size_t depth = 0;
    for (auto const* at = top; at != nullptr;) {
        if (at->type == XML_ELEMENT_NODE && at->children != nullptr) {
            if (++depth > deepest)
                return true;
            at = at->children;
            continue;
        }
        while (at != top && at->next == nullptr) {
            at = at->parent;
            --depth;
        }
        at = at == top ? nullptr : at->next;
    }
    return false;
}

} // namespace

std::string_view page_element::name() const noexcept
{
    return node_ == nullptr ? std::string_view{} : view(node_of(node_)->name);
}

std::string page_element::attribute(std::string_view name) const
{
    if (node_ == nullptr)
        return {};
    std::string out;
    for (auto const* one = node_of(node_)->properties; one != nullptr; one = one->next) {
        if (!same_word(view(one->name), name))
            continue;
        for (auto const* part = one->children; part != nullptr && out.size() < longest_text;
             part = part->next)
            out += view(part->content);
        break;
    }
    return out;
}

std::string page_element::text() const
{
    std::string out;
    auto const* const top = node_of(node_);
    for (auto const* at = top; at != nullptr && out.size() < longest_text;) {
        if (at->type == XML_TEXT_NODE || at->type == XML_CDATA_SECTION_NODE)
            append_in_line(out, view(at->content));
        else if (view(at->name) == "br")
            append_in_line(out, " ");
        at = following(at, top, !is_unseen(at));
    }
    return std::string{trimmed(out)};
}

page_element page_element::parent() const noexcept
{
    auto const* const above = node_ == nullptr ? nullptr : node_of(node_)->parent;
    return page_element{above != nullptr && above->type == XML_ELEMENT_NODE ? above : nullptr};
}

page_element page_element::first_child() const noexcept
{
    return page_element{node_ == nullptr ? nullptr : element_from(node_of(node_)->children)};
}

page_element page_element::next() const noexcept
{
    return page_element{node_ == nullptr ? nullptr : element_from(node_of(node_)->next)};
}

std::vector<page_element> page_element::select(std::string_view selector_text) const
{
    std::vector<page_element> out;
    auto const wanted = selector::parse(selector_text);
    auto const* const top = node_of(node_);
    if (!wanted || top == nullptr)
        return out;
    for (auto const* at = following(top, top, true); at != nullptr; at = following(at, top, true))
        if (at->type == XML_ELEMENT_NODE && wanted->means(page_element{at}))
            out.emplace_back(at);
    return out;
}

void page_tree::closer::operator()(void* document) const noexcept
{
    xmlFreeDoc(static_cast<xmlDoc*>(document));
}

result<page_tree> page_tree::parse(std::string_view text)
{
    if (text.size() > largest)
        return error{.kind = error_kind::too_large, .message = "the page is longer than 4 MiB"};
    constexpr int options = HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING | HTML_PARSE_NONET
                            | HTML_PARSE_COMPACT;
    page_tree out{htmlReadMemory(text.data(), static_cast<int>(text.size()), nullptr, "UTF-8", options)};
    if (!out.root())
        return error{.kind = error_kind::unparsable, .message = "the page holds no element"};
    if (is_too_deep(xmlDocGetRootElement(static_cast<xmlDoc*>(out.document_.get()))))
        return error{.kind = error_kind::unparsable, .message = "the page is nested too deeply"};
    return out;
}

page_element page_tree::root() const noexcept
{
    auto* const document = static_cast<xmlDoc*>(document_.get());
    return page_element{document == nullptr ? nullptr : xmlDocGetRootElement(document)};
}

} // namespace checkwatches::wire
