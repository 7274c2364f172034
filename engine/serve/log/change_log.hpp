#pragma once

#include "engine/serve/http/message.hpp"
#include "engine/serve/web/web_parts.hpp"

#include <functional>
#include <optional>

namespace checkwatches::serve {

// The log for the programs of others: as Mozilla's pushlog at /json-pushes, at /t/NAME/json-pushes of one
// tracker; as Atom at /changes.atom. Every answer says how fresh the record is, also one without news: so
// that "nothing new" and "nobody looks" differ.
class change_log {
public:
    // `oldest_due`: since when the bug waits that waits longest; nothing where none does. `with` outlives it.
    change_log(web_parts const& with, std::function<std::optional<utc_time>()> oldest_due);

    // Whether the path is one of these.
    static bool is_log(http_request const& rq) noexcept;
    // For a visitor who may read.
    awaitable<http_answer> answer(http_request rq);

private:
    awaitable<http_answer> tell_pushes(http_request rq);
    awaitable<http_answer> tell_feed(http_request rq);
    http_fields freshness(utc_time newest) const;

    web_parts const& with_;
    std::function<std::optional<utc_time>()> oldest_due_;
};

} // namespace checkwatches::serve
