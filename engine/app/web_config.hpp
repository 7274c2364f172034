#pragma once

#include "engine/core/error.hpp"
#include "engine/core/toml_section.hpp"
#include "engine/serve/web/web_settings.hpp"

#include <string>
#include <vector>

namespace checkwatches::app {

// Reads [web]; what is wrong is noted there.
void read_web(section& in, serve::web_settings& into);

// The settings with other places to listen at, each "ADDR:PORT" ("127.0.0.1:8060", "[::1]:8060"), or only
// "none". Errors of kind configuration: a place is none, or others could read who should not.
result<serve::web_settings> with_listen(serve::web_settings settings, std::vector<std::string> const& places);

// The settings of a configuration that is read while we listen there, as before. The same errors.
result<serve::web_settings>
still_listening(serve::web_settings settings, std::vector<boost::asio::ip::tcp::endpoint> const& places);

} // namespace checkwatches::app
