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
            .bug = static_cast<std::int64_t>(entries[i].bug),
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
    live(in, days{28}, restless);
    auto const after_one = in.held();
    live(in, days{28}, restless);
    weather.mend();
    auto const after_two = in.held();
    live(in, days{34}, [] {});
    auto const after_three = in.held();

    check_all(in, weather);
    auto const from = in.read();
    CHECK(from->signatures(false, 100).empty());
    CHECK(from->breakers().empty());
    for (auto const& one : from->incidents(1000))
        CHECK(one.ended.has_value());
    CHECK(from->last_change() > 500); // there was something to find

    WARN(
        in.requests() << " requests, " << from->last_change() << " changes; resident " << after_one.resident
                      << ", " << after_two.resident << ", " << after_three.resident << "; descriptors "
                      << after_one.descriptors << ", " << after_three.descriptors << "; database "
                      << after_one.database << ", " << after_two.database << ", " << after_three.database);
    CHECK(after_three.resident < after_one.resident + 4 * 1024 * 1024);
    CHECK(after_three.descriptors <= after_one.descriptors);
    CHECK(after_three.database <= after_two.database);
}
