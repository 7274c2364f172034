#pragma once

#include "engine/core/time.hpp"
#include "engine/serve/http/message.hpp"

#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace checkwatches::serve {

// What the form of an answer depends on, beside the answer.
struct asked_how {
    bool is_head = false;
    bool is_http_11 = false;
    bool keep_alive = false; // the connection goes on, unless the answer ends it
    bool gzip = false;       // the client takes it
    std::string if_none_match{};
};

// An answer as it goes over the wire.
struct http_reply {
    std::string head{};
    std::string body{};
    std::shared_ptr<std::string const> shared_body{}; // in place of `body`
    std::function<awaitable<void>(http_stream& to)> stream{};
    bool keep_alive = false;

    std::string_view content() const noexcept { return shared_body ? *shared_body : body; }
};

// Adds to the answer what every answer carries: Date, length and connection, what protects a browser,
// no-store where the handler said nothing of caches. Answers 304 where the client has it already, leaves out
// the body of HEAD, and codes long text. Pure.
http_reply make_reply(http_answer answer, asked_how const& how, utc_time now);

} // namespace checkwatches::serve
