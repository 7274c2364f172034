#include "engine/app/web_news.hpp"

#include "engine/serve/api/json_of.hpp"
#include "engine/serve/json_text.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>
#include <array>

namespace checkwatches::app {
namespace {

namespace json = boost::json;

constexpr std::size_t most_named =
    10; // bugs of one batch: of more, a thousand listeners would be sent a flood

bool has_changes(std::vector<storage::settled_bug> const& bugs)
{
    return std::ranges::any_of(bugs, [](auto const& bug) { return !bug.changes.empty(); });
}

// How many ended how.
std::string outcomes_of(std::vector<storage::settled_bug> const& bugs)
{
    std::array<std::int64_t, all_outcomes.size()> counts{};
    for (auto const& bug : bugs)
        if (bug.after.last_outcome)
            ++counts.at(static_cast<std::size_t>(*bug.after.last_outcome));
    serve::json_text out;
    for (auto const how : all_outcomes)
        if (auto const n = counts.at(static_cast<std::size_t>(how)); n != 0)
            out.add(word(how), n);
    return std::move(out).text();
}

std::string ids_of(std::vector<storage::settled_bug> const& bugs)
{
    std::string out{"["};
    for (auto const& bug : bugs) {
        if (out.size() != 1)
            out += ',';
        serve::append_number(out, static_cast<std::int64_t>(bug.after.id));
    }
    return out += ']';
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
    constexpr std::size_t usual = 160;
    serve::json_text data{usual};
    data.add("tracker", at.name)
        .add("at", format_time(time_->now()))
        .add_json("outcomes", outcomes_of(bugs))
        .add_json("bugs", bugs.size() <= most_named ? ids_of(bugs) : "null");
    serve::event_subject about{.tracker = at.name};
    if (bugs.size() == 1)
        about.bug = bugs.front().after.id;
    events_->publish(serve::check_event, std::move(about), std::move(data).text());
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
