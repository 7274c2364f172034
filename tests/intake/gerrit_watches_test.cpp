#include "engine/intake/gerrit/watches.hpp"
#include "storage/recheck_reader.hpp"
#include "storage/rechecks.hpp"
#include "tests/support/print.hpp"
#include "tests/support/run.hpp"
#include "tests/support/temporary_folder.hpp"

#include <catch2/catch.hpp>

#include <set>

namespace {

using namespace checkwatches;
using namespace checkwatches::intake::gerrit;
using namespace std::chrono_literals;

class no_client final : public net::client {
public:
    awaitable<result<net::response>> send(net::request const&, net::cookie_jar&) override
    {
        co_return error{.kind = error_kind::connect_failed, .message = "no network"};
    }
};

// A database with a tracker at https://bugs.example.org, and a source whose bugs are there.
struct fixture {
    test::temporary_folder folder;
    std::string path = folder.file("w.db");
    asio::io_context loop{1};
    adapters::registry kinds;
    no_client client;
    std::unique_ptr<storage::store> store = storage::store::open(path).value();
    std::unique_ptr<storage::reader> read = storage::reader::open(path).value();
    storage::background_reader from{storage::reader::open(path).value()};
    utc_time now = utc_now();
    source of{
        .name = "plum",
        .url = parse_url("https://review.example.org").value(),
        .bugs = "https://bugs.example.org/show_bug.cgi?id={id}",
        .forget = 48h};
    int said = 0;

    fixture()
    {
        REQUIRE(store->add_tracker(
            {.kind = "bugzilla",
             .name = "bugs",
             .base_url = "https://bugs.example.org/",
             .created_at = now}));
        store->rechecks().configure(record_of(of));
    }

    void say(std::string bug, std::chrono::hours ago, std::string project = "orchard")
    {
        store->rechecks().add(
            {.source = "plum",
             .said = {
                 {.message = std::to_string(++said),
                  .bug = std::move(bug),
                  .at = now - ago,
                  .change = 1,
                  .project = std::move(project)}}});
    }
    intake::take_in_parts parts() { return {.database = path, .from = from, .over = client, .kinds = kinds}; }
    watches_report renew() { return test::run(loop, renew_watches(parts(), of, now, {}, 1h)).value(); }
    // "7 orchard", of this source.
    std::set<std::string> watches() const
    {
        std::set<std::string> out;
        for (auto const& one : read->list_watches({.source = "gerrit:plum"}, 100))
            out.insert(one.on.bug.remote_id + " " + one.what.label);
        return out;
    }
};

using texts = std::set<std::string>;

} // namespace

TEST_CASE("gerrit watches: the bugs that were rechecked lately, by project, and no bug for \"no bug\"")
{
    fixture f;
    f.say("7", 1h);
    f.say("7", 2h, "cellar");
    f.say("8", 47h);
    f.say("9", 49h);
    f.say("", 1h);
    auto const first = f.renew();
    CHECK(f.watches() == texts{"7 orchard", "7 cellar", "8 orchard"});
    CHECK(first.added == 3);
    CHECK(first.dropped == 0);
    CHECK(f.renew().added == 0);

    f.now += 2h;
    auto const later = f.renew();
    CHECK(later.dropped == 1);
    CHECK(later.touched.size() == 1);
    CHECK(f.watches() == texts{"7 orchard", "7 cellar"});

    f.of.label = "gate";
    f.renew();
    CHECK(f.watches() == texts{"7 gate"});
}

TEST_CASE("gerrit watches: a time that could not be read lets nobody's watch go")
{
    fixture f;
    f.say("7", 47h);
    f.renew();
    f.store->rechecks().add_gap({.source = "plum", .began = f.now - 10h, .ended = f.now - 4h, .why = "down"});
    f.store->rechecks().add_gap(
        {.source = "plum", .began = f.now - 30h, .ended = f.now - 20h, .is_filled = true, .why = "down"});
    f.now += 6h;
    CHECK(f.renew().dropped == 0);
    f.now += 2h;
    CHECK(f.renew().dropped == 1);
}

TEST_CASE("gerrit watches: others' watches stay, and a source that is forgotten takes its own with it")
{
    fixture f;
    f.say("7", 1h);
    f.renew();
    auto const bug = f.read->find_bug(f.read->tracker_by_name("bugs")->id, "7").value();
    f.store->add_watch(bug, {.label = "mine", .source = "typed"}, f.now);
    auto const gone = test::run(f.loop, forget_source(f.parts(), record_of(f.of))).value();
    CHECK(gone.dropped == 1);
    CHECK(f.watches().empty());
    CHECK(f.read->watches(bug).size() == 1);
    CHECK(f.read->rechecks().sources().empty());
}

TEST_CASE("gerrit watches: a bug of a tracker that cannot be told is said, and the others are watched")
{
    fixture f;
    f.of.bugs = "https://unknown.example.org/show_bug.cgi?id={id}";
    f.say("7", 1h);
    auto const told = f.renew();
    CHECK(told.refusals.size() == 1);
    CHECK(f.watches().empty());
}
