#include "engine/app/web_news.hpp"

#include "engine/serve/api/json_of.hpp"

#include <boost/json/monotonic_resource.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <array>
#include <map>

namespace checkwatches::app {
namespace {

namespace json = boost::json;

constexpr std::size_t most_named =
    10; // bugs of one batch: of more, a thousand listeners would be sent a flood

bool has_changes(std::vector<storage::settled_bug> const& bugs)
{
    return std::ranges::any_of(bugs, [](auto const& bug) { return !bug.changes.empty(); });
}

} // namespace

void web_news::connect(serve::meters& counted, serve::event_hub& events, clock const& time)
{
    counted_ = &counted;
    events_ = &events;
    time_ = &time;
}

void web_news::disconnect() noexcept
{
    counted_ = nullptr;
    events_ = nullptr;
}

void web_news::on_pass_began(storage::tracker const& at)
{
    if (events_ == nullptr)
        return;
    json::object const data{{"tracker", at.name}, {"at", format_time(time_->now())}};
    events_->publish(serve::pass_began_event, {.tracker = at.name}, json::serialize(data));
}

void web_news::on_request(storage::tracker const& at, unsigned status, std::chrono::nanoseconds took)
{
    if (counted_ != nullptr)
        counted_->on_request(at.name, at.kind, status, took);
}

void web_news::on_settled(storage::tracker const& at, std::vector<storage::settled_bug> const& bugs)
{
    // Checks are told, too, where they are wanted.
    if (sinks_ != nullptr)
        sinks_->changes_were_made();
    if (events_ == nullptr)
        return;
    counted_->on_settled(at.name, bugs);
    // There are as many as requests, and each is gone at once.
    std::array<unsigned char, 2048> room;
    json::monotonic_resource memory{room.data(), room.size()};
    std::map<outcome, std::int64_t> outcomes;
    json::array ids(&memory);
    for (auto const& bug : bugs) {
        if (bug.after.last_outcome)
            ++outcomes[*bug.after.last_outcome];
        if (bugs.size() <= most_named)
            ids.push_back(static_cast<std::int64_t>(bug.after.id));
    }
    json::object ends(&memory);
    for (auto const& [how, n] : outcomes)
        ends.emplace(word(how), n);
    json::object data(&memory);
    data.emplace("tracker", at.name);
    data.emplace("at", format_time(time_->now()));
    data.emplace("outcomes", std::move(ends));
    if (bugs.size() <= most_named)
        data.emplace("bugs", std::move(ids));
    else
        data.emplace("bugs", nullptr);
    serve::event_subject about{.tracker = at.name};
    if (bugs.size() == 1)
        about.bug = bugs.front().after.id;
    events_->publish(serve::check_event, std::move(about), json::serialize(data));
    if (has_changes(bugs))
        events_->changes_were_made();
}

void web_news::on_pass_ended(storage::tracker const& at, storage::tracker_pass const& pass)
{
    if (events_ == nullptr)
        return;
    counted_->on_pass_ended(at.name, pass);
    auto named = pass;
    named.tracker = at.name;
    events_->publish(serve::pass_ended_event, {.tracker = at.name}, json::serialize(serve::json_of(named)));
}

} // namespace checkwatches::app
