#pragma once

#include "engine/app/digest_config.hpp"
#include "engine/app/feed_config.hpp"
#include "engine/app/service_log.hpp"
#include "engine/check/engine.hpp"
#include "engine/intake/duplicates.hpp"
#include "engine/intake/gerrit/source.hpp"
#include "engine/intake/lists/list_settings.hpp"
#include "engine/intake/scan/short_ids.hpp"
#include "engine/net/settings.hpp"
#include "engine/serve/web/web_settings.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace checkwatches::app {

// Everything that the configuration file can set.
struct config {
    net::settings network{};
    check::engine_settings engine{};
    log_settings log{};
    intake::duplicate_policy duplicates = intake::duplicate_policy::own;
    intake::list_settings lists{};
    std::string kinds{"/etc/checkwatches/kinds"};               // the folder of the descriptions of kinds
    intake::scan::short_ids shorts{};                           // what `scan` takes them for
    bool names_kinds = false;                                   // somebody says that it is there
    std::vector<intake::gerrit::source> gerrits{};              // whose comments are read
    std::chrono::seconds keep_rechecks{std::chrono::days{400}}; // what was said there
    serve::web_settings web{};
    feed_config feed{};
    digests_config digests{};
    std::optional<web_url> heartbeat{}; // called by `serve` after each minute of progress
};

// The names of all that are told of changes: programs and people.
std::vector<std::string> names_of_sinks(config const& conf);

// Reads a configuration from its text. An error of kind configuration names file, line and column, what is
// wrong and what is expected. Nothing that is not known is passed over.
result<config> read_config(std::string_view text, std::string const& file);

// Reads the file; without one $XDG_CONFIG_HOME/checkwatches/config.toml,
// $HOME/.config/checkwatches/config.toml or /etc/checkwatches/config.toml, whichever is there first, and the
// defaults where none is. Secrets are read from the files that the configuration names.
result<config> load_config(std::optional<std::string> const& file);

} // namespace checkwatches::app
