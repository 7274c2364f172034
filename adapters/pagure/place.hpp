#pragma once

#include "adapters/adapter.hpp"

namespace checkwatches::adapters::pagure {

// The project and the number that an issue's address names.
std::optional<bug_ref> recognise(web_url const& url);

// Where a project is asked for.
struct place {
    web_url api{};         // its root, https://HOST/api/0
    std::string project{}; // "PROJECT", "NAMESPACE/PROJECT", "fork/USER/PROJECT": as in the address

    // A question to the API, with the token where there is one; `relative` may carry a query.
    request ask(remote const& at, std::string_view relative) const;
    // The same below the project: "issue/7"; the project itself where `relative` is empty.
    request ask_project(remote const& at, std::string_view relative) const;
    // The page that an address of the API is about.
    web_url page_of(web_url const& asked) const;
};

// Nothing where the tracker's address names no project.
std::optional<place> place_of(remote const& at);

} // namespace checkwatches::adapters::pagure
