#pragma once

#include <chrono>
#include <optional>
#include <string>

namespace checkwatches::app {

// Whose lists can be taken over.
enum class import_format { launchpad, bts_link, bugwarrior, csv };

struct import_options {
    import_format from{};
    std::string what{}; // a project or distribution of Launchpad, or a file; "-": standard input
    std::optional<std::string> api{}; // of Launchpad
    std::string forwarded{};          // bts-link: a file of "BUG URL"
    std::string usertags{};           // bts-link: a file of what it knows of them
    std::string bugs{};               // bugwarrior: a file (CSV) of bugs
    std::string label{};              // where the list says none
    std::string owner{};              // … and here
    bool by_package = false;          // Launchpad: labels are packages rather than bugs
    bool dry_run = false;
    bool shadow = false;
    std::chrono::seconds fresh_for{std::chrono::days{7}}; // a check of theirs that is older is stale
    bool json = false;
};

} // namespace checkwatches::app
