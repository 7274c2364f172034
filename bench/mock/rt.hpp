#pragma once

#include "bench/mock/site.hpp"

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace checkwatches::mock {

// A mock Request Tracker: REST 1.0 and REST 2.0. A duplicate is a ticket that was merged into its original,
// which answers in its place. Flavours: "5.0.3" (both), "4.0" (REST 1.0, no tokens), "3.4" (the same, and no
// custom fields by name), "rest2" (REST 2.0 only). Options: rest1, rest2, tokens, custom_fields, guest (0:
// there is no user of that name), session (how many requests a session lasts; 0: for ever), version.
bool set_rt_flavour(tracker_options& options, std::string_view flavour);

struct rt_ground {
    site_ground site;
    std::string version;
    bool rest1;
    bool rest2;
    bool tokens;
    bool custom_fields;
    bool guest;
    std::int64_t session_length;
    std::uint64_t sessions = 0;
    std::map<std::string, std::pair<bool, std::int64_t>, std::less<>>
        known{}; // session: a member; requests left

    explicit rt_ground(site_ground ground);

    // The ticket that answers for this one.
    bug const& effective(bug const& b) const;
    // A search, whose query holds "id = 1 OR id = 2" and may go on "AND LastUpdated > '…'"; nothing where it
    // is none. `member`: also what is hidden.
    std::optional<std::vector<bug const*>> search(std::string_view query, bool member) const;
};

// Who asks.
enum class rt_visitor { nobody, guest, member };

answer rt_rest1(rt_ground& at, request const& rq, std::string_view path);
answer rt_rest2(rt_ground& at, request const& rq, std::string_view path);

// By a token in Authorization.
bool has_token(rt_ground const& at, request const& rq);

} // namespace checkwatches::mock
