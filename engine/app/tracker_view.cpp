#include "engine/app/tracker_view.hpp"

#include "engine/core/api_url.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <map>

namespace checkwatches::app {

std::vector<tracker_view>
view_of(storage::reader const& in, std::vector<storage::tracker> const& trackers, utc_time now)
{
    auto const breakers = in.breakers();
    std::map<storage::tracker_id, storage::tracker_counts> counts;
    for (auto const& one : in.counts(now))
        counts.emplace(one.id, one);
    std::map<std::string, std::vector<storage::signature>> signatures;
    for (auto& one : in.signatures({}, std::numeric_limits<std::int64_t>::max()))
        signatures[one.tracker].push_back(std::move(one));

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
            .comments = in.comment_counts(tracker.id),
            .signatures = signatures[tracker.name]};
        view.host_breaker = breaker_of(breakers, view.host);
        out.push_back(std::move(view));
    }
    return out;
}

result<void> check_names(storage::reader const& in, std::vector<std::string> const& names)
{
    for (auto const& name : names)
        if (auto const there = find_tracker_named(in, name); !there)
            return there.error();
    return {};
}

result<storage::tracker> find_tracker_named(storage::reader const& in, std::string const& name)
{
    if (auto found = in.tracker_by_name(name))
        return *found;
    return error{
        .kind = error_kind::usage,
        .message = fmt::format("there is no tracker \"{}\"; `checkwatches tracker list` names them", name)};
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

} // namespace checkwatches::app
