#pragma once

#include "adapters/adapter.hpp"

namespace checkwatches::adapters::gitea {

// The tracker's address is that of a repository, https://HOST/OWNER/REPO.
std::optional<bug_ref> recognise(web_url const& url);

// Where a repository is asked for.
struct place {
    web_url api{};            // its root, https://HOST/api/v1
    std::string repository{}; // "OWNER/REPO", as in the address

    // A question to the API, with the credential where there is one; `relative` may carry a query.
    request ask(remote const& at, std::string_view relative) const;
    // The same below the repository: "issues/7".
    request ask_repository(remote const& at, std::string_view relative) const;
};

// Nothing where the tracker's address names no repository.
std::optional<place> place_of(remote const& at);

// As capabilities::login has them.
inline constexpr std::string_view by_token = "token";
inline constexpr std::string_view by_basic = "basic"; // a credential with a user name

} // namespace checkwatches::adapters::gitea
