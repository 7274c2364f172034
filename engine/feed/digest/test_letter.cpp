#include "engine/feed/digest/test_letter.hpp"

#include "engine/core/sha256.hpp"
#include "engine/feed/digest/letter_draft.hpp"

#include <fmt/format.h>

namespace checkwatches::feed {

storage::digest_letter test_letter(digest_settings const& of, letter_style const& style, utc_time now)
{
    std::string const topic = "label test";
    letter_draft const draft{
        .subject = "a test message",
        .opening = {"Somebody had this sent to see whether mail arrives. Nothing has changed."}};
    auto texts = write_down(draft, of, style, topic);
    auto const at = now.time_since_epoch().count();
    auto const id = sha256_of(fmt::format("{}/{}/test/{}", style.store, of.name, at)).substr(0, 32);
    return {
        .topic = topic,
        .kind = "test",
        .at = now,
        .message_id = fmt::format("{}.0@{}", id, style.domain),
        .subject = std::move(texts.subject),
        .text = std::move(texts.text),
        .html = std::move(texts.html)};
}

} // namespace checkwatches::feed
