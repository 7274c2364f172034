#include "engine/intake/adopt/address.hpp"

namespace checkwatches::intake {
namespace {

result<std::string>
address_at(storage::tracker const* tracker, adopted_watch const& watch, adapters::registry const& kinds)
{
    auto const* const kind = tracker == nullptr ? nullptr : kinds.find(tracker->kind);
    if (kind == nullptr)
        return error{
            .kind = error_kind::usage,
            .message = "there is no tracker named \"" + watch.tracker + "\"; tracker list names them"};
    auto const base = parse_link(tracker->base_url);
    if (!base)
        return base.error();
    auto const id = kind->normalise(watch.bug);
    if (!id)
        return error{
            .kind = error_kind::usage,
            .message = "no " + tracker->kind + " bug can have the id \"" + watch.bug + "\""};
    return kind->bug_url(*base, *id).text();
}

} // namespace

result<std::string>
address_of(adopted_watch const& watch, storage::reader const* known, adapters::registry const& kinds)
{
    auto url = watch.url;
    if (url.empty()) {
        auto const tracker = known == nullptr ? std::nullopt : known->tracker_by_name(watch.tracker);
        auto built = address_at(tracker ? &*tracker : nullptr, watch, kinds);
        if (!built)
            return built.error();
        url = std::move(*built);
    }
    auto const link = parse_link(url);
    if (!link)
        return link.error();
    if (auto const shaped = candidates(kinds, *link, {}); !shaped)
        return shaped.error();
    return url;
}

std::string shown_address(std::string const& url)
{
    auto const link = parse_link(url);
    return link ? redacted(*link) : std::string{};
}

} // namespace checkwatches::intake
