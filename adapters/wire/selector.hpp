#pragma once

#include "adapters/wire/page_tree.hpp"

#include <optional>
#include <span>
#include <utility>

namespace checkwatches::wire {

// A CSS selector as page_tree::select() knows it.
class selector {
public:
    // Nothing where the text is not of that form.
    static std::optional<selector> parse(std::string_view text);

    bool means(page_element element) const;

private:
    // One element: "td.bug-status[headers=x]". An empty name is any.
    struct compound {
        std::string name{};
        std::vector<std::string> classes{};
        std::vector<std::pair<std::string, std::optional<std::string>>> attributes{};
        bool of_parent = false; // it is joined to the one before by >

        bool means(page_element element) const;
    };
    using chain = std::vector<compound>; // outermost first

    static std::optional<chain> parse_chain(std::string_view text);
    static std::optional<compound> parse_compound(std::string_view& text);
    static bool means(std::span<compound const> parts, page_element element);

    std::vector<chain> chains_;
};

} // namespace checkwatches::wire
