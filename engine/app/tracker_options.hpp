#pragma once

#include "engine/core/error.hpp"
#include "storage/records.hpp"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace checkwatches::app {

struct tracker_add_options {
    std::string kind{};
    std::string url{};
    std::optional<std::string> api{};
    std::string name{};
    bool probe = true;
};

struct tracker_list_options {
    bool json = false;
};

struct tracker_kinds_options {
    bool json = false;
};

struct tracker_try_options {
    std::string file{}; // of a description
    std::string url{};
    std::optional<std::string> api{};
    bool json = false;
};

struct tracker_show_options {
    std::string tracker{}; // name
    bool json = false;
};

// What is done to a tracker, by the running instance where there is one.
struct tracker_probe_options {
    std::string tracker{};
    bool json = false;
};
struct tracker_login_options {
    std::string tracker{};
    bool json = false;
};
struct tracker_pause_options {
    std::string tracker{};
    std::string note{};
};
struct tracker_resume_options {
    std::string tracker{};
};
struct tracker_reset_options {
    std::string tracker{};
};

// One setting that a command changes: lanes=3, or lanes= for the configuration's again.
struct changed_setting {
    std::string key{};
    std::string value{};
};

struct tracker_set_options {
    std::string tracker{};
    std::vector<changed_setting> settings{};
};

// Reads "key=value". An error of kind usage: it is none.
result<changed_setting> parse_setting(std::string_view text);

// The settings with one of them changed. An error of kind usage: no such key (it lists them all), or a value
// that it cannot have (it says which it can).
result<storage::tracker_settings>
with_setting(storage::tracker_settings before, changed_setting const& change);

// Those that are set, by their keys, in a fixed order.
std::vector<std::pair<std::string, std::string>> settings_in_words(storage::tracker_settings const& settings);

} // namespace checkwatches::app
