#pragma once

#include "adapters/adapter.hpp"

namespace checkwatches::adapters::github {

// The words of capabilities::protocol.
inline constexpr std::string_view by_rest = "rest";
// GraphQL of today, and of an Enterprise Server that knows no duplicates.
inline constexpr std::string_view by_graphql = "graphql";
inline constexpr std::string_view by_old_graphql = "graphql-old";
// The word of capabilities::login: a token in the header Authorization.
inline constexpr std::string_view by_token = "token";

// How many issues a page of a list holds, and one question by GraphQL asks for.
inline constexpr std::size_t rows_of_page = 100;

// A project, where its API is, and how it is asked.
struct place {
    web_url root{};    // of the REST API
    web_url graphql{}; // address of GraphQL
    std::string owner{};
    std::string name{};
    bool signed_in = false;

    // "repos/OWNER/NAME", below the root.
    std::string project() const { return "repos/" + owner + "/" + name; }
};

// Nothing where the tracker's address names no project. The API is the one given; otherwise
// https://api.github.com, api.{host} of *.ghe.com, and /api/v3 on any other host.
std::optional<place> place_of(remote const& at, bool signed_in);

// The same for a tracker that was probed.
std::optional<place> place_of(remote const& at, capabilities const& can);

bool asks_graphql(capabilities const& can) noexcept;

// A GET of an address, and of a path below the root; with the token where one is used. A redirect is the
// answer.
request get(place const& where, web_url url);
request get(place const& where, std::string_view relative);
// A question by GraphQL: the whole JSON.
request post(place const& where, std::string body);

// One issue's address.
std::string issue_path(place const& where, std::string_view id);

// The one spelling of an id; nothing where it is none. GraphQL refuses a whole question for one number of
// more than 31 bits.
std::optional<std::string> normal_id(std::string_view id);

// The issue or pull request that a web address names. On github.com for sure; on any other host whatever has
// the shape, but hosts that are surely another kind's.
std::optional<bug_ref> recognise(web_url const& url);

} // namespace checkwatches::adapters::github
