#include "tests/remote/kind_world.hpp"

// Looks over real sockets at mock trackers, which read the filters and send the validators that real ones do.
namespace {

using namespace checkwatches;
using namespace std::chrono_literals;
using test::ended;

struct outcome_of_look {
    adapters::findings found;
    utc_time server_time;
    std::vector<validator> validators;
    std::size_t requests;
};

struct world : test::kind_world {
    explicit world(std::string const& spec) : kind_world{spec} { can = probe().value(); }

    outcome_of_look look(std::vector<std::string> const& ids, std::vector<validator> known = {})
    {
        auto const before = bound.requests();
        return told(kind_world::look(ids, std::move(known)), before);
    }
    outcome_of_look look_changed(std::vector<std::string> const& ids, utc_time since)
    {
        auto const before = bound.requests();
        return told(kind_world::look_changed(ids, since), before);
    }

private:
    outcome_of_look told(adapters::findings found, std::size_t before) const
    {
        return {std::move(found), server_time, validators, bound.requests() - before};
    }
};

std::string endings(adapters::findings const& all)
{
    CHECK_FALSE(all.trouble);
    std::string out;
    for (auto const& f : all.found)
        out += (out.empty() ? "" : " ") + std::string{word(*ended(all, f.remote_id))};
    return out;
}

std::vector<std::string> const numbers{"1", "2", "3", "4"};
std::vector<std::string> const tasks{
    "gadget/+bug/1", "gadget/+bug/2", "gadget/+bug/3", "frob/+source/gadget/+bug/3"};

} // namespace

TEST_CASE("mock looks: only what changed since the server's time is read")
{
    struct row {
        char const* spec;
        char const* protocol; // "": what the probe found
        std::vector<std::string> const& ids;
        std::size_t requests; // where nothing changed
        char const* changed;  // how the look ends after a change of bug 3
    };
    std::vector<row> const rows{
        {"kind=bugzilla,bugs=30", "", numbers, 1, "unmodified unmodified seen unmodified"},
        {"kind=bugzilla,bugs=30,flavour=4.4.12", "", numbers, 1, "unmodified unmodified seen unmodified"},
        {"kind=trac,bugs=30", "", numbers, 1, "unmodified unmodified seen unmodified"},
        {"kind=trac,bugs=30", "xmlrpc", numbers, 1, "unmodified unmodified seen unmodified"},
        {"kind=launchpad,bugs=30", "", tasks, 2, "unmodified unmodified seen seen"},
    };
    for (auto const& r : rows) {
        INFO(r.spec << " " << r.protocol);
        world w{r.spec};
        if (*r.protocol != '\0')
            w.can.protocol = r.protocol;
        CHECK(w.can.changed_since);
        // A clock of its own, which is the one that counts.
        w.mocks.set_clock(-26h);
        auto const first = w.look(r.ids);
        CHECK(endings(first.found) == "seen seen seen seen");

        auto const quiet = w.look_changed(r.ids, first.server_time);
        CHECK(endings(quiet.found) == "unmodified unmodified unmodified unmodified");
        CHECK(quiet.requests == r.requests);

        auto const other = w.mocks.look("it", 3).now().status == "New" ? "Triaged" : "New";
        CHECK(w.mocks.change("it", 3, {.status = other}));
        auto const busy = w.look_changed(r.ids, quiet.server_time);
        CHECK(endings(busy.found) == r.changed);
        CHECK(busy.requests <= first.requests + quiet.requests);

        w.mocks.set_clock(-25h);
        auto const later = w.look_changed(r.ids, busy.server_time + 1h);
        CHECK(endings(later.found) == "unmodified unmodified unmodified unmodified");
    }
}

TEST_CASE("mock looks: a Trac that knows no constraint on changes is probed so")
{
    CHECK_FALSE(world{"kind=trac,bugs=30,flavour=0.10"}.can.changed_since);
}

TEST_CASE("mock looks: an entry that did not change is a 304, and one that did is read")
{
    struct row {
        char const* spec;
        std::vector<std::string> ids;
        std::size_t questions;
        char const* changed; // how the look ends after a change of bug 1
    };
    std::vector<row> const rows{
        {"kind=bugzilla,bugs=30", {"1", "2"}, 1, "seen seen"},
        {"kind=launchpad,bugs=30", {"gadget/+bug/1", "gadget/+bug/2"}, 4, "seen unmodified"},
        {"kind=launchpad,bugs=30,gzip_etag=1", {"gadget/+bug/1", "gadget/+bug/2"}, 4, "seen unmodified"},
    };
    for (auto const& r : rows) {
        INFO(r.spec);
        world w{r.spec};
        auto const first = w.look(r.ids);
        CHECK(endings(first.found) == "seen seen");
        CHECK(first.validators.size() == r.questions);
        for (auto const& q : w.kind.conditional_questions(w.bound, w.can, r.ids))
            CHECK(std::ranges::find(first.validators, q.url, &validator::url) != first.validators.end());

        auto const bytes = w.bound.bytes();
        auto const second = w.look(r.ids, first.validators);
        CHECK(endings(second.found) == "unmodified unmodified");
        CHECK(second.requests == r.questions);
        CHECK(w.bound.not_modified() == r.questions);
        CHECK(w.bound.bytes() == bytes);
        CHECK(w.mocks.counts("it").not_modified == r.questions);

        auto const other = w.mocks.look("it", 1).now().status == "New" ? "Triaged" : "New";
        CHECK(w.mocks.change("it", 1, {.status = other}));
        CHECK(endings(w.look(r.ids, first.validators).found) == r.changed);
    }
}

TEST_CASE("mock looks: a task whose bug alone changed is asked for again, and the reverse")
{
    // Bug 3 has a task on the project and one on the package.
    world w{"kind=launchpad,bugs=30"};
    std::vector<std::string> const package{"frob/+source/gadget/+bug/3"};
    auto const first = w.look(package);
    auto const other = w.mocks.look("it", 3).now().status == "New" ? "Triaged" : "New";
    CHECK(w.mocks.change("it", 3, {.status = other}));
    auto const second = w.look(package, first.validators);
    CHECK(endings(second.found) == "seen");
    CHECK(w.bound.not_modified() == 1);
    CHECK(second.requests == 3);
    CHECK(second.validators.size() == 2);
    CHECK(endings(w.look(package, second.validators).found) == "unmodified");
}
