#pragma once

#include "adapters/ledger.hpp"
#include "adapters/wire/blocks.hpp"

namespace checkwatches::adapters::rt {

// Who asks: the words of capabilities::login.
inline constexpr std::string_view as_guest = "guest";       // user and password "guest", where a site has it
inline constexpr std::string_view by_password = "password"; // REST 1.0: in the form; REST 2.0: HTTP Basic
inline constexpr std::string_view by_token = "token";       // Authorization: token …

// The address of the APIs: the given one, or the tracker's.
web_url const& api_root(remote const& at);

// What stands behind the status line of an answer of REST 1.0, whose own status is always 200.
struct rest1_answer {
    unsigned status{};     // 200, 400, 401, … of the line "RT/5.0.3 200 Ok"
    std::string reason{};  // "Ok"
    std::string version{}; // "5.0.3"
    std::string text{};    // decoded
    std::size_t replaced = 0;
    std::string request{}; // for errors
};

// Reads the status line. An error by explain() where it is no answer of REST 1.0.
result<rest1_answer> read_rest1(reply const& answer);

// What the status line means where it is not 200: auth_failed, or protocol_error with the tracker's words.
error rest1_error(rest1_answer const& in);

// A form posted below REST/1.0/. `login`: one of the words above; empty: with nothing but the session's
// cookie.
request rest1_post(remote const& at, std::string_view path, std::string_view form, std::string_view login);

// Posts the form and reads the answer. First with the session's cookie alone, since RT spends a fifth of a
// second on each password or token, and with the login where the session has none or has ended.
awaitable<result<rest1_answer>> ask_rest1(remote& at, std::string path, std::string form, std::string login);

// The form that asks for these tickets; ids as normalise() gives them, in ascending order.
std::string show_form(std::span<std::string const> ids);

// Looks at the open tickets of the book. False where trouble ended it.
awaitable<bool> look_by_show(remote& at, std::string const& login, ledger& book);

// Reads the open tickets of the book that changed after `since` by a search. Of the others those are
// unmodified that a second search finds by their numbers: a ticket that was merged into another is in no
// search, whatever changes about it. What is left stays open. False where trouble ended it.
awaitable<bool> read_changes_by_search(remote& at, std::string const& login, ledger& book, utc_time since);

// The history of a ticket: what was reported, answered and commented, oldest first.
awaitable<result<std::vector<comment>>>
read_history(remote& at, std::string const& login, std::string const& id);

// The query for these tickets: "id = 1 OR id = 2"; and for those of them that changed after `since`:
// "(id = 1 OR id = 2) AND LastUpdated > …"
std::string ids_query(std::span<std::string const> ids);
std::string changes_query(std::span<std::string const> ids, utc_time since);

} // namespace checkwatches::adapters::rt
