#include "engine/intake/scan/text_urls.hpp"

#include <algorithm>
#include <cstring>

namespace checkwatches::intake::scan {
namespace {

constexpr std::string_view mark = "://";

// The next mark at `from` or behind it, before `end`; `end` where there is none.
std::size_t next_mark(std::string_view text, std::size_t from, std::size_t end)
{
    if (from >= end)
        return end;
    auto const* const found = ::memmem(text.data() + from, end - from, mark.data(), mark.size());
    return found == nullptr ? end : static_cast<std::size_t>(static_cast<char const*>(found) - text.data());
}

} // namespace

void find_urls(
    std::string_view text,
    span part,
    said how,
    storage::relation is,
    std::string_view by,
    bug_addresses& bugs,
    text_links& into)
{
    auto const all = text.substr(0, std::min(part.end, text.size()));
    for (auto at = next_mark(all, part.begin, all.size()); at != all.size();) {
        auto const found = address_around(all, at);
        // The scheme must not stand before the part.
        if (!found || found->begin < part.begin) {
            at = next_mark(all, at + mark.size(), all.size());
            continue;
        }
        auto const address = all.substr(found->begin, found->end - found->begin);
        if (auto named = bugs.name(address, how))
            into.push_back(
                {.url = std::move(named->url),
                 .bug = std::move(named->bug),
                 .at = found->begin,
                 .length = address.size(),
                 .is = is,
                 .by = std::string{by}});
        // An address may carry another in its query: only the whole one counts.
        at = next_mark(all, found->end, all.size());
    }
}

void find_mentions(std::string_view text, bug_addresses& bugs, text_links& into)
{
    find_urls(
        text,
        {.begin = 0, .end = text.size()},
        said::in_passing,
        storage::relation::related,
        mention,
        bugs,
        into);
}

} // namespace checkwatches::intake::scan
