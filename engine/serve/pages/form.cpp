#include "engine/serve/pages/form.hpp"

#include "engine/core/ascii.hpp"
#include "engine/serve/pages/rows.hpp"
#include "engine/serve/pages/text.hpp"

#include <fmt/format.h>

#include <charconv>

namespace checkwatches::serve::view {
namespace {

error wrong(std::string message)
{
    return {.kind = error_kind::usage, .message = std::move(message)};
}

std::string text_of(http_fields const& form, std::string_view name)
{
    return std::string{trimmed(find_field(form, name))};
}

template <class Number>
result<std::optional<Number>> number_of(http_fields const& form, std::string_view name)
{
    auto const text = trimmed(find_field(form, name));
    if (text.empty())
        return std::optional<Number>{};
    Number out{};
    auto const [end, ec] = std::from_chars(text.data(), text.data() + text.size(), out);
    if (ec != std::errc{} || end != text.data() + text.size() || !(out > 0))
        return wrong(fmt::format("\"{}\" must be a number above zero, or empty", name));
    return std::optional{out};
}

std::optional<bool> choice_of(http_fields const& form, std::string_view name)
{
    auto const text = find_field(form, name);
    if (text == "yes" || text == "no")
        return text == "yes";
    return std::nullopt;
}

std::optional<storage::bug_id> bug_of(std::string_view text)
{
    std::int64_t id = 0;
    auto const [end, ec] = std::from_chars(text.data(), text.data() + text.size(), id);
    if (ec != std::errc{} || end != text.data() + text.size() || id <= 0)
        return std::nullopt;
    return static_cast<storage::bug_id>(id);
}

std::vector<std::string> lines_of(std::string_view text)
{
    std::vector<std::string> out;
    while (!text.empty()) {
        auto const end = text.find('\n');
        auto const line = trimmed(text.substr(0, end));
        if (!line.empty())
            out.emplace_back(line);
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    }
    return out;
}

// Since when a check is under way, for the page that shows what comes of it.
std::string started(utc_time now)
{
    return fmt::format("?started={}", now.time_since_epoch().count());
}

result<command> settings_of(std::string const& tracker, http_fields const& form)
{
    auto const batch = number_of<std::int64_t>(form, "batch");
    auto const lanes = number_of<std::int64_t>(form, "lanes");
    auto const connections = number_of<std::int64_t>(form, "connections");
    auto const rate = number_of<double>(form, "requests_per_second");
    for (auto const* const one : {&batch, &lanes, &connections})
        if (!*one)
            return one->error();
    if (!rate)
        return rate.error();
    configure_call call{.tracker = tracker};
    call.settings = {
        .batch = *batch,
        .lanes = *lanes,
        .connections = *connections,
        .requests_per_second = *rate,
        .changed_since = choice_of(form, "changed_since"),
        .comments = choice_of(form, "comments"),
        .comments_of = lines_of(find_field(form, "comments_of"))};
    return command{.what = std::move(call), .location = path_of_tracker(tracker)};
}

std::optional<result<command>>
of_tracker(std::string const& tracker, std::string_view verb, http_fields const& form, utc_time now)
{
    auto const path = path_of_tracker(tracker);
    if (verb == "check") {
        check_call call;
        call.what.trackers.push_back(tracker);
        call.what.force = true;
        return command{.what = std::move(call), .location = path + started(now)};
    }
    if (verb == "pause")
        return command{
            .what = pause_call{.tracker = tracker, .note = text_of(form, "note")}, .location = path};
    if (verb == "resume")
        return command{.what = resume_call{.tracker = tracker}, .location = path};
    if (verb == "probe")
        return command{.what = probe_call{.tracker = tracker}, .location = path};
    if (verb == "reset")
        return command{.what = reset_call{.tracker = tracker}, .location = path};
    if (verb == "settings")
        return settings_of(tracker, form);
    return std::nullopt;
}

std::optional<result<command>> of_sink(std::string const& sink, http_fields const& form)
{
    auto const verb = text_of(form, "do");
    std::string const page = "/sinks";
    if (verb == "test")
        return command{.what = sink_test_call{.sink = sink}, .location = link(page, {{"tested", sink}})};
    if (verb == "skip")
        return command{.what = sink_skip_call{.sink = sink}, .location = page};
    if (verb == "drop")
        return command{.what = sink_drop_call{.sink = sink}, .location = page};
    if (verb != "retry")
        return std::nullopt;
    auto const id = number_of<std::int64_t>(form, "id");
    if (!id)
        return result<command>{id.error()};
    return command{.what = sink_retry_call{.sink = sink, .id = *id}, .location = page};
}

result<command> unwatch_of(http_fields const& form)
{
    auto const bug = bug_of(find_field(form, "bug"));
    if (!bug)
        return wrong("the bug is missing");
    unwatch_call call{
        .bug = *bug,
        .label = std::string{find_field(form, "label")},
        .source = std::string{find_field(form, "source")}};
    auto after = link(path_of(*bug), {{"unwatched", "1"}, {"for", call.label}});
    return command{.what = std::move(call), .location = std::move(after)};
}

// "4294967297:label"
result<command> put_away_of(http_fields const& form)
{
    bool const back = !find_field(form, "back").empty();
    auto const text = find_field(form, back ? "back" : "seen");
    auto const colon = text.find(':');
    auto const bug = bug_of(text.substr(0, colon));
    if (!bug || colon == std::string_view::npos)
        return wrong("the bug and its label are missing");
    put_away_call call{.bug = *bug, .label = std::string{text.substr(colon + 1)}, .back = back};
    auto const again = std::string{text};
    return command{
        .what = std::move(call), .location = link("/fixed", {{"put_away", back ? std::string{} : again}})};
}

result<command> meaning_of(http_fields const& form)
{
    meaning_call call{
        .tracker = text_of(form, "tracker"),
        .field = text_of(form, "field"),
        .key = text_of(form, "key"),
        .means = text_of(form, "means")};
    if (call.tracker.empty() || call.key.empty())
        return wrong("the tracker and its word are missing");
    return command{.what = std::move(call), .location = "/queue"};
}

} // namespace

watch_call watch_of(http_fields const& form)
{
    return {
        .url = text_of(form, "url"),
        .label = text_of(form, "label"),
        .owner = text_of(form, "owner"),
        .kind = text_of(form, "kind")};
}

std::optional<result<command>>
command_of(std::vector<std::string> const& parts, http_fields const& form, utc_time now)
{
    if (parts.size() == 3 && parts[0] == "trackers")
        return of_tracker(parts[1], parts[2], form, now);
    if (parts.size() == 3 && parts[0] == "bugs" && parts[2] == "check") {
        auto const bug = bug_of(parts[1]);
        if (!bug)
            return std::nullopt;
        check_call call;
        call.what.bugs.push_back(*bug);
        call.what.force = true;
        return command{.what = std::move(call), .location = path_of(*bug) + started(now)};
    }
    if (parts.size() == 3 && parts[0] == "sinks" && parts[2] == "act")
        return of_sink(parts[1], form);
    if (parts == std::vector<std::string>{"watches", "remove"})
        return unwatch_of(form);
    if (parts == std::vector<std::string>{"fixed", "seen"})
        return put_away_of(form);
    if (parts == std::vector<std::string>{"queue", "settle"})
        return meaning_of(form);
    return std::nullopt;
}

} // namespace checkwatches::serve::view
