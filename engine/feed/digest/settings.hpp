#pragma once

#include "engine/feed/digest/maintenance.hpp"
#include "engine/feed/event.hpp"

#include <chrono>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace checkwatches::feed {

// By what a digest tells changes together.
enum class digest_key { label, owner, release };

constexpr std::string_view word(digest_key by) noexcept // "label", "owner", "release"
{
    switch (by) {
    case digest_key::label: return "label";
    case digest_key::owner: return "owner";
    case digest_key::release: break;
    }
    return "release";
}

struct digest_settings {
    std::string name{};
    std::vector<std::string> to{}; // addresses
    digest_key by = digest_key::label;
    std::map<std::string, std::vector<std::string>> releases{}; // their labels, by the release's name
    filter wanted{};
    std::chrono::seconds settle{
        std::chrono::hours{8}}; // how long what follows a first change is gathered, at most
    bool first = true;          // the first change is told at once
    std::chrono::seconds permanent_after{std::chrono::days{7}};
    std::vector<maintenance_window> maintenance{};
};

// How letters are written, whichever digest they are of.
struct letter_style {
    std::string store{};  // reader::store_id()
    std::string domain{}; // of the sender's address: the right side of Message-Id and List-Id
    std::string web{};    // where our pages are, without a slash at its end; empty: no links to them
};

} // namespace checkwatches::feed
