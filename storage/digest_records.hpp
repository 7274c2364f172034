#pragma once

#include "storage/records.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace checkwatches::storage {

// What a digest knows (engine/feed/digest). A topic is what it tells of together: a label, an owner or a
// release; or a tracker, where that as a whole is in trouble.

// A bug as a letter names it.
struct named_bug {
    bug_id bug{};
    std::string tracker{}; // name
    std::string remote_id{};
    std::string title{};
    std::string url{};
};

// What one field of a bug did since its topic was opened, or since that was told.
struct digest_item {
    named_bug what{};
    std::string field{};
    std::string before{};
    std::string after{};
    std::int64_t change = 0; // the last that it is made of
    utc_time at{};           // … when that was
    bool told = false;
};

// A topic whose first change has come, and that is not settled.
struct digest_topic {
    std::string name{}; // "label curl"
    utc_time opened_at{};
    utc_time until{};          // it is settled then, whoever has not answered
    std::int64_t awaited = 0;  // bugs that were still to answer when it was opened
    std::int64_t unlisted = 0; // changes beyond what is kept of it
    std::vector<digest_item> items{};
};

// A bug that cannot be read for some time now.
struct digest_trouble {
    named_bug what{};
    std::string topic{};
    utc_time began{};
    outcome how{};
    std::string error{};
    bool told = false;         // that it began
    bool is_permanent = false; // it has lasted so long that this was told, or was to be
};

// The letters of a topic, as mail clients thread them: Message-Ids without angle brackets.
struct digest_thread {
    std::string topic{};
    std::string first{};
    std::string last{};
};

// A letter that is on its way: what it says is settled, to whom and how it goes is the configuration's.
struct digest_letter {
    std::int64_t number{}; // of its digest's, from 1
    std::string topic{};
    std::string kind{}; // "first", "settled", "errors"
    utc_time at{};
    std::string message_id{};
    std::vector<std::string> references{}; // oldest first
    std::string subject{};
    std::string text{};
    std::string html{};
    std::int64_t tries = 0;
    std::string trouble{};  // why the last of them failed
    bool is_parked = false; // refused too often; not tried again but by command
};

// A time in which a digest is silent by command.
struct digest_mute {
    utc_time from{};
    utc_time until{};
    std::string actor{};
};

struct digest_state {
    std::string name{};
    utc_time created_at{};
    std::int64_t last_change = 0; // the last that was taken in
    std::int64_t last_letter = 0; // its number
    std::vector<digest_topic> topics{};
    std::vector<digest_trouble> troubles{};
    std::vector<digest_thread> threads{};
};

// What one step of a digest changes.
struct digest_step {
    std::string name{};
    utc_time created_at{};
    std::int64_t last_change = 0;
    std::int64_t last_letter = 0;
    std::vector<digest_topic> opened{};     // in place of what there was of them
    std::vector<std::string> closed{};      // topics
    std::vector<digest_trouble> troubled{}; // in place of what there was of them
    std::vector<bug_id> untroubled{};
    std::vector<digest_thread> threads{}; // …
    std::vector<digest_letter> letters{}; // new ones
};

// A label's bug that somebody has seen to (store::put_away), with the last change that this is true of.
struct acknowledgement {
    std::string label{};
    bug_id bug{};
    std::int64_t change = 0;
    std::int64_t newest = 0; // change of the bug that there is; acts are none
};

} // namespace checkwatches::storage
