#pragma once

#include "engine/core/time.hpp"
#include "engine/intake/scan/short_ids.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace checkwatches::intake::scan {

// A link in the message of a commit.
struct commit_link {
    text_link what{};
    std::string commit{}; // in 40 hexadecimal digits
};

struct git_log_settings {
    std::optional<utc_time> since{}; // only commits of that time or later
    std::size_t most_commits = 200'000;
    bool of_debian = false; // see find_in_message()
};

// Adds the links in the messages of the commits that HEAD leads to, newest first; the first 64 KiB of each
// are looked at. What went wrong with the repository at `root`; empty where all of it was read. A repository
// without a commit has none.
std::string read_git_log(
    std::string const& root,
    git_log_settings const& settings,
    short_ids const& shorts,
    bug_addresses& bugs,
    std::vector<commit_link>& into);

} // namespace checkwatches::intake::scan
