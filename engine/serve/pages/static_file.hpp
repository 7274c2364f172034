#pragma once

#include "engine/serve/http/message.hpp"

#include <optional>
#include <string_view>

namespace checkwatches::serve::view {

// The file of /static/ with this name ("style-1a2b.css"): for ever where the name has the hash of its text,
// else until it is asked for again. 304 where the client has it. Nothing where there is no such file.
std::optional<http_answer> static_file(std::string_view name, http_request const& rq);

} // namespace checkwatches::serve::view
