#pragma once

#include "engine/core/error.hpp"
#include "engine/serve/http/message.hpp"
#include "engine/serve/web/web_parts.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace checkwatches::serve {

// What programs are told in place of an answer.

// That it failed, and why: an error of ours as a problem of HTTP.
http_answer problem_of(error const& e);
// 503 where too many questions wait for the database; nothing where there is room.
std::optional<http_answer> too_busy(web_parts const& with);

// A tag for what an answer says: the same text, the same tag.
std::string tag_of(std::string_view text);

} // namespace checkwatches::serve
