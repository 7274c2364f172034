#include "tests/remote/kind_world.hpp"

// RT and Roundup over real sockets, at mock trackers of several ages.
namespace {

using namespace checkwatches;
using namespace std::chrono_literals;
using test::ended;
using test::seen;

struct world : test::kind_world {
    explicit world(std::string const& spec, std::optional<credential> login = {})
        : kind_world{spec, std::move(login)}
    {
        can = probe().value();
    }
};

credential member()
{
    return {.user = std::string{mock::good_user}, .value = secret{std::string{mock::good_password}}};
}

} // namespace

TEST_CASE("mock RT and Roundup: two hundred bugs, each with one right outcome")
{
    struct row {
        char const* spec;
        bool logged_in;
        char const* protocol; // how it begins
        std::size_t most_requests;
    };
    row const rows[]{
        {"kind=rt,bugs=200", false, "rest1", 1},
        {"kind=rt,bugs=200", true, "rest1", 1},
        {"kind=rt,bugs=200,session=1", false, "rest1", 2},
        {"kind=rt,bugs=200,flavour=3.4", false, "rest1", 2},
        {"kind=rt,bugs=200,flavour=rest2", true, "rest2", 60},
        {"kind=roundup,bugs=200", false, "rest:", 3},
        {"kind=roundup,bugs=200,flavour=python,cap=50", false, "rest:", 7},
        {"kind=roundup,bugs=200", true, "rest:", 2},
        {"kind=roundup,bugs=200,flavour=1.5", false, "csv:", 3},
        {"kind=roundup,bugs=200,flavour=0.8,resolutions=1", false, "csv:", 6}};
    for (auto const& r : rows) {
        INFO(r.spec << (r.logged_in ? " logged in" : ""));
        world w{r.spec, r.logged_in ? std::optional{member()} : std::nullopt};
        CHECK(w.can.protocol.starts_with(r.protocol));
        CHECK(w.can.importance);
        CHECK((w.can.identity.empty() || w.can.identity == "guest") == !r.logged_in);
        auto ids = test::ids_up_to(200);
        ids.emplace_back("9999");
        ids.emplace_back("abc");
        auto const before = w.bound.requests();
        auto const got = w.look(ids);
        CHECK(w.bound.requests() - before <= r.most_requests);
        CHECK_FALSE(got.trouble);
        CHECK(got.found.size() == ids.size());
        CHECK(ended(got, "9999") == outcome::not_found);
        CHECK(ended(got, "abc") == outcome::invalid_id);
        CHECK(ended(got, "13") == (r.logged_in ? outcome::seen : outcome::forbidden));
        bool const tells_duplicates = w.can.protocol.substr(0, 3) != "csv";
        if (tells_duplicates)
            CHECK(seen(got, "20").duplicate_of == "10");
        for (int id = 1; id <= 200; ++id) {
            if (id == 13)
                continue;
            auto const one = seen(got, std::to_string(id));
            auto state = w.mocks.look("it", id).now();
            if (w.kind.kind() == "rt" && state.duplicate_of != 0)
                state = w.mocks.look("it", state.duplicate_of).now();
            CHECK(one.words.status == state.status);
            CHECK(one.words.priority == state.priority);
            CHECK(w.kind.interpret(one.words).unmapped.empty());
        }
    }
}

TEST_CASE("mock RT and Roundup: only what changed since the server's time is read")
{
    for (auto const* const spec : {"kind=rt,bugs=30", "kind=roundup,bugs=30"}) {
        INFO(spec);
        world w{spec};
        CHECK(w.can.changed_since);
        std::vector<std::string> const ids{"1", "2", "3"};
        CHECK(ended(w.look(ids), "3") == outcome::seen);
        auto const before = w.server_time;
        auto const quiet = w.look_changed(ids, before);
        for (auto const& id : ids)
            CHECK(ended(quiet, id) == outcome::unmodified);
        auto const next = w.kind.kind() == "rt" ? "resolved" : "testing";
        CHECK(w.mocks.change("it", 3, {.status = next}));
        auto const busy = w.look_changed(ids, before);
        CHECK(ended(busy, "1") == outcome::unmodified);
        CHECK(ended(busy, "3") == outcome::seen);
        // Two days later that is long ago.
        CHECK(ended(w.look_changed(ids, before + 48h), "3") == outcome::unmodified);
    }
}

TEST_CASE("mock RT: a ticket alone is a 304 by REST 2.0")
{
    world w{"kind=rt,bugs=30,flavour=rest2", member()};
    CHECK(ended(w.look({"1"}), "1") == outcome::seen);
    auto const known = w.validators;
    CHECK(known.size() == 1);
    CHECK(ended(w.look({"1"}, known), "1") == outcome::unmodified);
    CHECK(w.mocks.change("it", 1, {.status = "resolved"}));
    CHECK(ended(w.look({"1"}, known), "1") == outcome::seen);
}

TEST_CASE("mock RT: comments")
{
    struct row {
        char const* spec;
        char const* user;
        char const* password;
    };
    // Of a guest, so that one ticket is hidden.
    auto const r = GENERATE(
        row{"kind=rt,bugs=30", "", ""}, row{"kind=rt,bugs=30,flavour=rest2", "guest", "guest"});
    INFO(r.spec);
    auto const login = *r.user == '\0' ? std::nullopt : std::optional{test::login_of(r.password, r.user)};
    world w{r.spec, login};
    look_remote over{w.bound, w.time, {}};
    std::string const one = "1";
    auto const all = test::run(w.loop, w.kind.read_comments(over, w.can, one, std::nullopt));
    REQUIRE(all);
    auto const remarks = mock::remarks_of(w.mocks.look("it", 1));
    REQUIRE(all->size() == remarks.size());
    CHECK(all->front().remote_id == std::to_string(remarks.front().id));
    CHECK(all->front().author == "reporter@example.org");
    CHECK(all->back().text == remarks.back().text);
    auto const later = test::run(w.loop, w.kind.read_comments(over, w.can, one, all->back().at));
    REQUIRE(later);
    CHECK(later->size() == 1);
    std::pair<std::string, error_kind> const none[]{
        {"13", error_kind::forbidden}, {"9999", error_kind::not_found}, {"abc", error_kind::not_found}};
    for (auto const& [id, kind] : none)
        CHECK(test::run(w.loop, w.kind.read_comments(over, w.can, id, std::nullopt)).error().kind == kind);
}
