#include "tests/remote/kind_world.hpp"

// Looks at a mock Debbugs over real sockets.
namespace {

using namespace checkwatches;

struct world : test::kind_world {
    explicit world(std::string const& options) : kind_world{"kind=debbugs," + options}
    {
        can = probe().value();
    }
};

} // namespace

TEST_CASE("mock Debbugs: two hundred bugs in one request, each with its right outcome")
{
    world w{"bugs=200"};
    auto const address = w.kind.recognise(parse_url(w.at.url + "cgi-bin/bugreport.cgi?bug=5").value());
    REQUIRE(address);
    CHECK(address->base.text() == w.at.url);

    auto const ids = test::ids_up_to(201, {"five"});
    auto const before = w.bound.requests();
    auto const got = w.look(ids);
    CHECK(w.bound.requests() - before == 1);
    CHECK_FALSE(got.trouble);
    REQUIRE(got.found.size() == ids.size());
    for (int id = 1; id <= 200; ++id) {
        if (id == mock::private_bug)
            continue;
        INFO(id);
        auto const bug = w.mocks.look("it", id);
        auto const seen = test::seen(got, std::to_string(id));
        CHECK(seen.words.status == bug.now().status);
        CHECK(seen.words.severity == bug.now().severity);
        CHECK(seen.modified == utc_time{std::chrono::seconds{bug.now().since}});
        auto const means = w.kind.interpret(seen.words);
        CHECK(means.state);
        CHECK(means.weight);
    }
    CHECK(test::ended(got, "13") == outcome::not_found);
    CHECK(test::ended(got, "201") == outcome::not_found);
    CHECK(test::ended(got, "five") == outcome::invalid_id);
    CHECK(test::seen(got, "20").duplicate_of == "10");
    CHECK(test::seen(got, "2").title == "Ünïcödé täst → 日本 😀 #2");

    // A change is seen.
    CHECK(w.mocks.change("it", 6, {.status = "done", .severity = "critical"}));
    auto const later = test::seen(w.look({"6"}), "6");
    CHECK(w.kind.interpret(later.words).state == status::fix_released); // 6 has no tags
    CHECK(w.kind.interpret(later.words).weight == importance::critical);
}

TEST_CASE("mock Debbugs: numbers as subjects, no bugs at all, and a bug that spoils its batch")
{
    for (auto const* const empty : {"element", "map", "nil"}) {
        INFO(empty);
        world w{"bugs=10,numbers=1,empty=" + std::string{empty}};
        CHECK(test::seen(w.look({"7", "99"}), "7").title == "7");
        CHECK(test::ended(w.look({"99"}), "99") == outcome::not_found);
    }
    world w{"bugs=10,poison=4"};
    auto const spoiled = w.look({"3", "4", "5"});
    CHECK(spoiled.found.empty());
    REQUIRE(spoiled.trouble);
    CHECK(spoiled.trouble->kind == error_kind::protocol_error);
    CHECK(w.look({"3", "5"}).found.size() == 2);
}

TEST_CASE("mock Debbugs: the mails of a bug, and the new ones alone")
{
    world w{"bugs=30"};
    auto const all = w.comments("7");
    REQUIRE(all);
    auto const remarks = mock::remarks_of(w.mocks.look("it", 7));
    REQUIRE(all->size() == remarks.size());
    CHECK(all->front().remote_id == "<70000@example.org>");
    CHECK(all->front().author == "Jürgen <reporter@example.org>");
    CHECK(all->front().at == utc_time{std::chrono::seconds{remarks.front().at}});
    CHECK(all->front().text == remarks.front().text);

    auto const since = *all->back().at + std::chrono::seconds{1};
    auto const none = w.comments("7", since);
    REQUIRE(none);
    CHECK(none->empty());
    CHECK(w.mocks.change("it", 7, {.status = "forwarded"}));
    auto const more = w.comments("7", since);
    REQUIRE(more);
    CHECK(more->size() == 1);

    auto const missing = w.comments("99");
    REQUIRE_FALSE(missing);
    CHECK(missing.error().kind == error_kind::not_found);
}
