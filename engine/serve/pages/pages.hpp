#pragma once

#include "engine/serve/http/message.hpp"
#include "engine/serve/web/web_parts.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <string>

namespace checkwatches::serve {

// The pages for people: everything that is asked of the server and is neither the API nor the metrics. Works
// from the store alone: no page waits for a tracker.
//
// A page is made on the thread of `parts.reader`, so that the loop is not held up, and may be handed out
// again for a second to who may see the same.
class pages {
public:
    // The parts are copied; what they refer to outlives the pages.
    explicit pages(web_parts const& parts);
    ~pages();

    // GET shows a page or a file of /static/, POST carries out what a form says and leads on to what came of
    // it (303). What a visitor may not read leads to /login; what he may not do is a page that says so (403).
    // Of a POST it must have been checked before that it comes from a page of ours (`who.csrf`).
    awaitable<http_answer> answer(http_request const& rq, visitor const& who);

private:
    struct shelf;
    using came = std::optional<result<boost::json::object>>;

    awaitable<http_answer> show(http_request const& rq, visitor const& who);
    awaitable<http_answer> act(http_request const& rq, visitor const& who);
    // A page that nothing has to be read for.
    awaitable<http_answer> tell(
        unsigned status, std::string title, std::string sentence, http_request const& rq, visitor const& who);
    awaitable<http_answer> tell(error const& why, http_request const& rq, visitor const& who);
    awaitable<http_answer> show_cost(std::string tracker, http_request const& rq, visitor const& who);
    awaitable<http_answer> watch(http_fields const& form, http_request const& rq, visitor const& who);
    awaitable<http_answer>
    carry_out(control_request what, std::string location, http_request const& rq, visitor const& who);

    awaitable<result<boost::json::object>> ask(control_request what, std::string actor);
    // What the command came to; nothing where that takes longer: it goes on.
    awaitable<came> begin(control_request what, std::string actor, std::chrono::milliseconds patience);

    web_parts parts_;
    std::shared_ptr<shelf> shelf_;
};

} // namespace checkwatches::serve
