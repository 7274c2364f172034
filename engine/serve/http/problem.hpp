#pragma once

#include "engine/serve/http/message.hpp"

#include <string>
#include <string_view>

namespace checkwatches::serve {

// "Not Found"; "Error" for a status that has no phrase of its own here.
std::string_view reason_phrase(unsigned status) noexcept;

// An answer that says what is wrong (RFC 9457): application/problem+json with type "about:blank", the status
// and its phrase, and `detail`: a sentence for people, without what must not be shown.
http_answer problem(unsigned status, std::string_view detail);

} // namespace checkwatches::serve
