#pragma once

#include "engine/app/feed_config.hpp"
#include "engine/core/toml_section.hpp"

#include <vector>

namespace checkwatches::app {

// Read one [[amqp]] and one [[messages_file]]; what is wrong is noted there.
void read_amqp(section& in, std::vector<amqp_config>& into);
void read_messages_file(section& in, std::vector<messages_file_config>& into);

} // namespace checkwatches::app
