#include "tests/soak/seasons.hpp"
#include "tests/soak/story.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <optional>

namespace {

using namespace checkwatches;
using namespace checkwatches::soak;
using namespace std::chrono_literals;
using std::chrono::days;
using std::chrono::hours;

std::vector<std::string> const trackers{
    "kind=bugzilla,name=rest,bugs=60,seed=1",
    "kind=bugzilla,name=rpc,bugs=60,seed=2,flavour=4.4.12",
    "kind=bugzilla,name=old,bugs=60,seed=3,flavour=2.20",
    "kind=trac,name=trac,bugs=60,seed=4",
    "kind=trac,name=web,bugs=60,seed=5,flavour=default",
    "kind=launchpad,name=lp,bugs=60,seed=6",
};

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool is_sanitized = true;
#elif defined(__has_feature)
constexpr bool is_sanitized = __has_feature(address_sanitizer) || __has_feature(thread_sanitizer);
#else
constexpr bool is_sanitized = false;
#endif
// A sanitizer makes a month too long, and keeps memory that was freed.
constexpr days month{is_sanitized ? 7 : 28};

// In the database, at most.
constexpr std::size_t bytes_of_change = 512;
// Connections that idle just then, at both ends: one or two a tracker.
constexpr std::size_t idle_connections = 24;

// Lets so many hours go by, with what `each` does to the trackers before every one.
void live(town& in, hours span, std::function<void()> const& each)
{
    for (auto left = span; left > 0h; --left) {
        each();
        in.run_for(1h);
    }
}

std::vector<std::string> statuses_of(std::vector<episode> const& story)
{
    std::vector<std::string> out;
    for (auto const& one : story)
        out.push_back(one.status);
    return out;
}

// Each change was found before the appointment that the state before it allows at most, outages apart.
void check_ages(
    place const& at,
    std::vector<episode> const& story,
    std::vector<storage::change> const& entries,
    seasons const& weather)
{
    check::schedule_policy const policy;
    std::optional<status> state;
    for (std::size_t i = 1; i < std::min(story.size(), entries.size()); ++i) {
        if (entries[i - 1].field == "status")
            state = parse_status(entries[i - 1].after.value_or(""));
        auto const began = story[i].began;
        check::schedule_input const before{
            .state = state,
            .changed_at = i == 1 ? utc_time{} : entries[i - 1].at, // at first sight it is the tracker's word
            .how = outcome::seen,
            .bug = static_cast<std::int64_t>(entries[i].bug.value_or(storage::bug_id{})),
            .now = began};
        auto const interval = check::next_check(policy, before) - began;
        auto const lost = weather.time_lost(at.name, began, entries[i].at);
        CAPTURE(story[i].status, format_time(began), format_time(entries[i].at), lost.count());
        CHECK(entries[i].at - began <= interval + lost + 5min);
    }
}

void check_all(town& in, seasons const& weather)
{
    auto const from = in.read();
    auto const told = read_stories(*from);
    for (auto const& at : in.places()) {
        if (at.kind == "launchpad")
            continue; // several tasks have a say in its words
        for (int id = 1; id <= at.bugs; ++id) {
            if (id == mock::private_bug)
                continue;
            CAPTURE(at.name, id);
            auto const bug = in.farm().look(at.name, id);
            auto const& entries = told.at({at.name, std::to_string(id)});
            auto const story = expected_story(bug);
            CHECK(told_story(entries) == statuses_of(story));
            CHECK(bug.served.back().version == bug.version()); // nothing was left unfound
            check_ages(at, story, entries, weather);
        }
    }
}

} // namespace

// Two months of changes and faults, then a third of rest, longer than the policy's longest interval, so that
// what the first two left is found.
TEST_CASE("soak: three months: every change is found, once and in time; nothing grows; nothing stays open")
{
    town in{trackers};
    seasons weather{in, 4711};
    in.open();
    auto const restless = [&] {
        weather.change();
        weather.fail();
    };
    live(in, month, restless);
    auto const after_one = in.held();
    auto const changes_of_one = in.read()->last_change();
    live(in, month, restless);
    weather.mend();
    live(in, days{34}, [] {});
    auto const after_three = in.held();

    check_all(in, weather);
    auto const from = in.read();
    CHECK(from->signatures({}, 100).empty());
    CHECK(from->breakers().empty());
    for (auto const& one : from->incidents(1000))
        CHECK(one.ended.has_value());
    auto const changes = from->last_change() - changes_of_one;
    CHECK(changes > 15 * month.count()); // there was something to find

    CAPTURE(in.requests(), changes);
    CHECK((is_sanitized || after_three.resident < after_one.resident + 4 * 1024 * 1024));
    CHECK(after_three.descriptors < after_one.descriptors + idle_connections);
    // Changes are kept, with what each wrote into the events; nothing else grows but up to its bound.
    CHECK(
        after_three.database
        < after_one.database + static_cast<std::size_t>(changes) * bytes_of_change + 256 * 1024);
    WARN(
        in.requests() << " requests, " << from->last_change() << " changes; from month 1 to 3: resident "
                      << after_one.resident << " to " << after_three.resident << ", descriptors "
                      << after_one.descriptors << " to " << after_three.descriptors << ", database "
                      << after_one.database << " to " << after_three.database);
}
