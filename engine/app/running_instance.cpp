#include "engine/app/running_instance.hpp"

#include "engine/app/engine_json.hpp"
#include "engine/app/run_loop.hpp"
#include "engine/app/table.hpp"
#include "engine/app/tally_json.hpp"
#include "engine/serve/control_address.hpp"
#include "engine/serve/control_event.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <set>

namespace checkwatches::app {
namespace {

namespace json = boost::json;

void ignore_event(json::object const&) {}

serve::wanted_bugs wanted_of(check::pass_request const& wanted)
{
    return {.trackers = wanted.trackers, .bugs = wanted.bugs, .force = wanted.force};
}

std::size_t count_of(json::object const& in, std::string_view key)
{
    auto const* const value = in.if_contains(key);
    error_code ec;
    return value == nullptr ? 0 : value->to_number<std::size_t>(ec);
}

// Puts a check's result together from its events, and tells the observer.
class listener {
public:
    explicit listener(check::pass_observer& observer) : observer_{observer} {}

    void hear(json::object const& event)
    {
        auto const name = serve::name_of(event);
        if (name == "plan") {
            observer_.on_plan(count_of(event, "trackers"), count_of(event, "bugs"));
            return;
        }
        auto tally = unpack_tally(event);
        if (!tally) {
            if (!trouble_)
                trouble_ = tally.error();
            return;
        }
        if (name == "batch")
            observer_.on_batch(*tally);
        if (name == "tracker")
            finish(*tally);
        if (name == "result")
            done_.trackers.push_back(std::move(*tally));
    }

    result<check::pass_result> end(json::object const& done)
    {
        if (trouble_)
            return *trouble_;
        for (auto const& tally : done_.trackers)
            finish(tally);
        done_.elapsed = std::chrono::milliseconds{static_cast<std::int64_t>(count_of(done, "elapsed_ms"))};
        return std::move(done_);
    }

private:
    void finish(check::tracker_tally const& tally)
    {
        if (finished_.insert(tally.tracker).second)
            observer_.on_tracker(tally);
    }

    check::pass_observer& observer_;
    check::pass_result done_;
    std::set<std::string> finished_; // trackers that the observer was told the end of
    std::optional<error> trouble_;
};

} // namespace

running_instance::running_instance(std::string const& database) : path_{serve::control_path(database)} {}

result<std::optional<json::object>> running_instance::ask(
    serve::control_request request,
    serve::on_event const& tell,
    std::optional<std::chrono::milliseconds> patience) const
{
    asio::io_context loop{1};
    return run_loop(loop, serve::ask_instance(path_, std::move(request), tell, patience));
}

result<bool> running_instance::tell(serve::control_request request) const
{
    auto const done = ask(std::move(request), ignore_event);
    if (!done)
        return done.error();
    return done->has_value();
}

result<std::optional<check::estimate>> running_instance::cost(check::pass_request const& wanted) const
{
    auto const done = ask(serve::cost_call{.what = wanted_of(wanted)}, ignore_event);
    if (!done)
        return done.error();
    if (!*done)
        return std::nullopt;
    auto const cost = unpack_estimate(**done);
    if (!cost)
        return cost.error();
    return *cost;
}

result<std::optional<check::pass_result>>
running_instance::check(check::pass_request const& wanted, check::pass_observer& observer) const
{
    listener heard{observer};
    auto const hear = [&](json::object const& event) { heard.hear(event); };
    auto const done = ask(serve::check_call{.what = wanted_of(wanted)}, hear);
    if (!done)
        return done.error();
    if (!*done)
        return std::nullopt;
    auto whole = heard.end(**done);
    if (!whole)
        return whole.error();
    return std::move(*whole);
}

result<std::optional<check::engine_status>> running_instance::status(std::chrono::milliseconds patience) const
{
    auto const done = ask(serve::status_call{}, ignore_event, patience);
    if (!done)
        return done.error();
    if (!*done)
        return std::nullopt;
    auto const status = unpack_status(**done);
    if (!status)
        return status.error();
    return *status;
}

void announce_additions(std::string const& database, std::vector<storage::bug_id> again)
{
    constexpr std::chrono::milliseconds patience{10'000};
    auto const told = running_instance{database}.ask(
        serve::refresh_call{.bugs = std::move(again)}, ignore_event, patience);
    if (!told)
        fmt::print(stderr, "checkwatches: {}\n", one_line(to_string(told.error())));
}

} // namespace checkwatches::app
