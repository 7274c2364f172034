#include "engine/serve/pages/shelf.hpp"

#include "engine/core/url.hpp"

#include <fmt/format.h>

namespace checkwatches::serve {

std::string pages::shelf::key_of(http_request const& rq, visitor const& who)
{
    return fmt::format(
        "{}?{}\n{}{}\n{}\n{}",
        rq.path,
        form_encode(rq.query),
        who.may_read ? 'r' : '-',
        who.may_operate ? 'o' : '-',
        who.csrf,
        who.actor);
}

std::optional<http_answer> pages::shelf::find(std::string const& key, std::chrono::milliseconds at)
{
    if (auto const acts = acts_.load(); acts != seen_acts_) {
        entries_.clear();
        seen_acts_ = acts;
    }
    auto const found = entries_.find(key);
    if (found == entries_.end() || at - found->second.at >= kept)
        return std::nullopt;
    return found->second.made;
}

void pages::shelf::put(std::string const& key, std::chrono::milliseconds at, http_answer const& made)
{
    if (entries_.size() >= most_pages)
        entries_.clear();
    entries_.insert_or_assign(key, entry{.at = at, .made = made});
}

} // namespace checkwatches::serve
