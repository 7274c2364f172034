#pragma once

#include "engine/core/error.hpp"

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace checkwatches::wire {

// An element of a page_tree, or none. Lives as long as its tree.
class page_element {
public:
    page_element() = default;
    explicit page_element(void const* node) : node_{node} {}

    explicit operator bool() const noexcept { return node_ != nullptr; }
    bool operator==(page_element const&) const = default;

    // "td"; empty where this is none.
    std::string_view name() const noexcept;
    // Empty where it has no such attribute.
    std::string attribute(std::string_view name) const;
    // What a reader sees of it, in one line: runs of white space (no-break ones too) are one blank. Scripts
    // and styles are left out; at most 64 KiB.
    std::string text() const;

    page_element parent() const noexcept;
    page_element first_child() const noexcept;
    page_element next() const noexcept; // sibling

    // The elements below it that a CSS selector means, in the order of the page: names, .class, #id, [name]
    // and [name=value], one behind the other, joined by blanks (descendants) and > (children), and lists of
    // those with commas. Nothing where the selector is not of this form.
    std::vector<page_element> select(std::string_view selector) const;

private:
    void const* node_ = nullptr;
};

// A page of HTML as a tree, mended as browsers do where it is not well-formed (libxml2). Nothing is fetched.
class page_tree {
public:
    // Reads decoded text. An error of kind unparsable where it holds no element at all or is nested deeper
    // than 200 levels, of kind too_large beyond 4 MiB.
    static result<page_tree> parse(std::string_view text);

    page_element root() const noexcept;
    std::vector<page_element> select(std::string_view selector) const { return root().select(selector); }

private:
    struct closer {
        void operator()(void* document) const noexcept;
    };
    explicit page_tree(void* document) : document_{document} {}

    std::unique_ptr<void, closer> document_;
};

} // namespace checkwatches::wire
