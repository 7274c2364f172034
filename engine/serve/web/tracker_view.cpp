#include "engine/serve/web/tracker_view.hpp"

#include "engine/core/api_url.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace checkwatches::serve {

std::vector<tracker_view> view_of(
    storage::reader const& in,
    std::vector<storage::tracker> const& trackers,
    std::vector<storage::tracker_counts> const& counted,
    std::int64_t most_signatures)
{
    auto const breakers = in.breakers();
    std::map<storage::tracker_id, storage::tracker_counts> counts;
    for (auto const& one : counted)
        counts.emplace(one.id, one);
    std::vector<tracker_view> out;
    for (auto const& tracker : trackers) {
        tracker_view view{
            .row = tracker,
            .aliases = in.aliases_of(tracker.id),
            .can = in.capabilities_of(tracker.id),
            .state = in.state_of(tracker.id),
            .counts = counts[tracker.id],
            .host = host_of(tracker.base_url, tracker.api_url),
            .breaker = breaker_of(breakers, breaker_scope(tracker.id)),
            .comments = in.comment_counts(tracker.id)};
        if (most_signatures != 0)
            view.signatures = in.signatures({.of = tracker.id}, most_signatures);
        view.host_breaker = breaker_of(breakers, view.host);
        out.push_back(std::move(view));
    }
    return out;
}

std::string host_of(std::string const& base_url, std::optional<std::string> const& api_url)
{
    auto const url = parse_api_url(api_url.value_or(base_url));
    return url ? url->origin() : base_url;
}

std::optional<storage::breaker_record>
breaker_of(std::vector<storage::breaker_record> const& all, std::string_view scope)
{
    auto const found = std::ranges::find(all, scope, &storage::breaker_record::scope);
    return found == all.end() ? std::nullopt : std::optional{*found};
}

std::string breaker_scope(storage::tracker_id of)
{
    return fmt::format("tracker {}", static_cast<std::int64_t>(of));
}

std::string_view state_word(tracker_view const& view) noexcept
{
    if (view.state.paused)
        return "paused";
    if (view.breaker || view.host_breaker)
        return "failing";
    return view.state.moved_to ? "moved" : "ok";
}

} // namespace checkwatches::serve
