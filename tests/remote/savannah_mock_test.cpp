#include "tests/remote/kind_world.hpp"

#include <algorithm>

namespace {

using namespace checkwatches;
using test::ended;
using test::ids_up_to;

status meant_state(mock::bug const& b)
{
    static std::map<std::string, status> const open{
        {"None", status::new_},
        {"Confirmed", status::confirmed},
        {"In Progress", status::in_progress},
        {"Need Info", status::incomplete},
        {"Ready For Test", status::fix_committed}};
    static std::map<std::string, status> const closed{
        {"None", status::fix_released},
        {"Fixed", status::fix_released},
        {"Wont Fix", status::wont_fix},
        {"Works For Me", status::invalid},
        {"Invalid", status::invalid},
        {"Duplicate", status::invalid}};
    auto const& now = b.now();
    return now.status == "Closed" ? closed.at(now.resolution) : open.at(now.status);
}

importance meant_weight(mock::bug const& b)
{
    auto const severity = b.now().severity[0];
    if (severity >= '5')
        return importance::critical;
    if (severity == '4')
        return importance::high;
    if (severity <= '2')
        return severity == '1' ? importance::wishlist : importance::low;
    switch (b.now().priority[0]) {
    case '9': return importance::critical;
    case '7': return importance::high;
    case '5': return importance::medium;
    default: return importance::low;
    }
}

} // namespace

TEST_CASE("mock Savane: each item has one right end and verdict")
{
    for (std::string const options : {"", ",flavour=2.6", ",flavour=2.6,error_status=200"}) {
        INFO(options);
        test::kind_world w{"kind=savannah,bugs=100" + options, std::nullopt, "bugs"};
        w.can = w.probe().value();
        auto const ids = ids_up_to(100, {"9999", "x"});
        for (std::size_t begin = 0; begin < ids.size(); begin += w.can.batch) {
            auto const end = std::min(begin + w.can.batch, ids.size());
            std::vector<std::string> const some{
                ids.begin() + static_cast<std::ptrdiff_t>(begin),
                ids.begin() + static_cast<std::ptrdiff_t>(end)};
            auto const got = w.look(some);
            CHECK_FALSE(got.trouble);
            REQUIRE(got.found.size() == some.size());
            for (auto const& id : some) {
                INFO(id);
                if (id == "x" || id == "13" || id == "9999") {
                    auto const what = id == "x"    ? outcome::invalid_id
                                      : id == "13" ? outcome::forbidden
                                                   : outcome::not_found;
                    CHECK(ended(got, id) == what);
                    continue;
                }
                auto const bug = w.mocks.look("it", std::stoi(id));
                auto const meant = w.kind.interpret(test::seen(got, id).words);
                CHECK(meant.state == meant_state(bug));
                CHECK(meant.weight == meant_weight(bug));
                auto title = bug.title;
                std::ranges::replace(title, '\t', ' '); // as people see it
                CHECK(test::seen(got, id).title == title);
            }
        }
    }
}

TEST_CASE("mock Savane: each tracker is one of its own, and what is none is told")
{
    test::kind_world tasks{"kind=savannah,bugs=30,tracker=task", std::nullopt, "task"};
    tasks.can = tasks.probe().value();
    CHECK(ended(tasks.look({"3"}), "3") == outcome::seen);
    test::kind_world other{"kind=savannah,bugs=30,tracker=task", std::nullopt, "patch"};
    CHECK(other.probe().error().kind == error_kind::unsupported);
    test::kind_world trac{"kind=trac,bugs=30", std::nullopt, ""};
    CHECK_FALSE(test::run(trac.loop, adapters::registry{}.find("savannah")->probe(trac.bound)));
}
