#include "engine/serve/pages/state_of_engine.hpp"

#include "engine/serve/pages/rows.hpp"
#include "engine/serve/pages/text.hpp"

#include <fmt/format.h>

namespace checkwatches::serve::view {
namespace {

namespace json = boost::json;
using std::chrono::seconds;

bool is_offline(json::object const& engine)
{
    auto const* const said = engine.if_contains("offline");
    return said != nullptr && said->is_bool() && said->get_bool();
}

json::object writer_of(json::object const& engine)
{
    auto const* const said = engine.if_contains("writer");
    return said != nullptr && said->is_object() ? said->get_object() : json::object{};
}

std::optional<seconds> overdue(surroundings const& with)
{
    auto const oldest = time_of(with.engine, "oldest_due");
    if (!oldest || *oldest > with.now)
        return std::nullopt;
    return std::chrono::floor<seconds>(with.now - *oldest);
}

} // namespace

std::int64_t number_of(json::object const& engine, std::string_view field)
{
    auto const* const said = engine.if_contains(field);
    if (said == nullptr || !said->is_number())
        return 0;
    boost::system::error_code ignored;
    return said->to_number<std::int64_t>(ignored);
}

std::optional<utc_time> time_of(json::object const& engine, std::string_view field)
{
    auto const* const said = engine.if_contains(field);
    if (said == nullptr || !said->is_number())
        return std::nullopt;
    return utc_time{std::chrono::milliseconds{number_of(engine, field)}};
}

json::object pulse_of(surroundings const& with)
{
    if (with.engine.empty())
        return mark(state::unknown, "the engine does not answer");
    if (is_offline(with.engine))
        return mark(state::failing, "this machine is offline");
    if (auto const stuck = time_of(writer_of(with.engine), "stuck_since"))
        return mark(
            state::failing,
            fmt::format(
                "nothing was stored for {}", span_text(std::chrono::floor<seconds>(with.now - *stuck))));
    auto const late = overdue(with);
    if (!late)
        return mark(state::fine, "nothing is overdue");
    auto const span = span_text(*late);
    if (*late < behind_a_little)
        return mark(state::fine, fmt::format("oldest overdue {}", span));
    return mark(
        *late < behind ? state::waiting : state::failing, fmt::format("behind: oldest overdue {}", span));
}

std::string sentence_of_engine(surroundings const& with)
{
    auto const& engine = with.engine;
    if (engine.empty())
        return "The engine does not answer: what stands here may be old. `checkwatches status` says more.";
    if (is_offline(engine))
        return "This machine is offline: nothing can be checked until it is back.";
    auto const writer = writer_of(engine);
    if (auto const stuck = time_of(writer, "stuck_since")) {
        auto const* const why = writer.if_contains("why");
        return fmt::format(
            "Nothing was stored for {}: {}.",
            span_text(std::chrono::floor<seconds>(with.now - *stuck)),
            why != nullptr && why->is_string() ? std::string_view{why->get_string()}
                                               : "the database is busy");
    }
    auto const bugs = number_of(engine, "bugs");
    if (bugs == 0)
        return "Alive, and nothing is watched yet.";
    auto const due = number_of(engine, "due");
    auto const late = overdue(with);
    if (due == 0 || !late)
        return "Alive, no check is overdue.";
    return fmt::format(
        "{}: {} overdue, the oldest by {}.",
        *late < behind ? "Alive" : "Behind",
        counted(due, "check is", "checks are"),
        span_text(*late));
}

json::value fare_of(surroundings const& with)
{
    if (with.counted == nullptr)
        return nullptr;
    storage::tracker_counts sum;
    for (auto const& one : with.counted->trackers) {
        sum.bugs += one.bugs;
        sum.failing += one.failing;
        sum.never_checked += one.never_checked;
        sum.since_check.n += one.since_check.n;
    }
    if (sum.bugs == 0)
        return nullptr;
    auto const seen = sum.since_check.n - sum.failing;
    auto const text = [](std::int64_t n, std::string_view one, std::string_view many) {
        return n == 0 ? std::string{} : counted(n, one, many);
    };
    return json::object{
        {"seen", grouped(seen)},
        {"bugs", counted(sum.bugs, "bug")},
        {"was", seen == 1 ? "was" : "were"},
        {"failing", text(sum.failing, "fails", "fail")},
        {"unchecked", text(sum.never_checked, "was never checked", "were never checked")},
        {"unasked",
         text(sum.bugs - sum.since_check.n - sum.never_checked, "is not asked about", "are not asked about")},
        {"counted", moment(with.counted->at, with.now)}};
}

} // namespace checkwatches::serve::view
