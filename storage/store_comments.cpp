#include "storage/store_impl.hpp"

#include <algorithm>
#include <string_view>

namespace checkwatches::storage {
namespace {

// At most so many bytes of a text, and no part of a character.
std::string_view beginning_of(std::string_view text, std::size_t most)
{
    if (text.size() <= most)
        return text;
    auto const goes_on = [&](std::size_t at) {
        return (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U;
    };
    while (most != 0 && goes_on(most))
        --most;
    return text.substr(0, most);
}

} // namespace

void store::apply_comments(comment_reading const& r)
{
    auto& i = *impl_;
    i.atomically([&] {
        std::int64_t imported = 0;
        std::optional<utc_time> newest;
        for (auto const& c : r.read) {
            auto const text = beginning_of(c.text, stored_comment::longest);
            bool const is_cut = text.size() != c.text.size();
            run(i.insert_comment_, r.bug, c.remote_id, c.author, c.at, text, is_cut, r.at);
            imported += i.db_.changes();
            newest = std::max(newest, c.at);
        }
        bool const is_done = r.failure.empty() && r.is_complete;
        run(i.put_comment_mark_, r.bug, r.at, is_done, r.modified_at, newest, r.failure);
        auto const seen = static_cast<std::int64_t>(r.read.size());
        auto const failed = std::int64_t{r.failure.empty() ? 0 : 1};
        run(i.count_comments_, tracker_of(r.bug), r.at, seen, imported, failed);
        return imported;
    });
}

} // namespace checkwatches::storage
