#pragma once

#include "engine/intake/adopt/adopted.hpp"

#include <map>
#include <string>
#include <string_view>

namespace checkwatches::app {

// What became of an entry of somebody else's list.
enum class import_state {
    added,
    planned, // it would be added; with --dry-run
    there,   // it is here already
    waiting, // its tracker, or Launchpad, does not answer
    bad,
    left_out, // of no use here
};
std::string_view word(import_state s) noexcept;

struct import_row {
    import_state state{};
    std::string_view what{}; // "watch", "tracker"; empty: neither
    intake::spot at{};
    std::string name{}; // what it is called there
    std::string url{};
    std::string kind{};    // of its tracker
    std::string tracker{}; // name; empty where it is not registered
    std::string remote_id{};
    std::string label{};
    std::string reason{};
};

// Prints what becomes of each entry, as text or JSON, and counts. What is bad or waits goes to standard
// error where people read.
class import_report {
public:
    explicit import_report(bool as_json) : json_{as_json} {}

    void print(import_row const& row);
    void print(intake::leftover const& rest);
    // The last line: how many there were of each.
    void finish() const;

    // Something was bad, or waits.
    bool any_failed() const;
    std::size_t count(import_state s) const;

private:
    void print_text(import_row const& row) const;

    bool json_;
    std::map<import_state, std::size_t> counts_;
};

// "FILE:3:7: ", "lp:7: " or both: where an entry stands, and what it is called.
std::string place_of(intake::spot const& at, std::string const& name);

} // namespace checkwatches::app
