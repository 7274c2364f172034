#include "bench/mock/options.hpp"
#include "tests/remote/kind_world.hpp"

// The GitLab adapter over real sockets at a mock GitLab.
namespace {

using namespace checkwatches;
using namespace std::chrono_literals;
using test::ended;
using test::seen;

struct world : test::kind_world {
    explicit world(std::string const& options, std::string const& path = "gadgets/frob", bool logs_in = false)
        : kind_world{"kind=gitlab" + options, token(logs_in), path}
    {}
    static std::optional<credential> token(bool some)
    {
        return some ? std::optional{test::login_of(mock::good_key)} : std::nullopt;
    }
};

status meaning_of(mock::bug_state const& state)
{
    if (state.status == "opened")
        return status::new_;
    if (state.status == "workflow::in dev")
        return status::in_progress;
    if (state.status == "workflow::verification")
        return status::fix_committed;
    if (state.status == "awaiting feedback")
        return status::incomplete;
    if (state.resolution == "wontfix")
        return status::wont_fix;
    if (state.resolution == "stale")
        return status::expired;
    return state.resolution == "done" ? status::fix_released : status::invalid;
}

} // namespace

TEST_CASE("mock GitLab: each bug of two hundred has one outcome and the right verdict")
{
    for (auto const* const options : {"", ",flavour=premium"}) {
        world w{std::string{",bugs=198,moved=21"} + options};
        w.can = w.probe().value();
        CHECK(w.can.protocol == (*options == '\0' ? "rest+graphql" : "rest+status"));
        auto const ids = test::ids_up_to(198, {"9999", "abc"});
        std::size_t count = 0;
        for (std::size_t begin = 0; begin < ids.size(); begin += w.can.batch) {
            std::vector<std::string> const some(
                ids.begin() + static_cast<std::ptrdiff_t>(begin),
                ids.begin() + static_cast<std::ptrdiff_t>(std::min(begin + w.can.batch, ids.size())));
            auto const got = w.look(some);
            REQUIRE_FALSE(got.trouble);
            count += got.found.size();
            for (auto const& id : some) {
                INFO(id);
                if (id == "13" || id == "9999") {
                    CHECK(ended(got, id) == outcome::not_found);
                }
                else if (id == "abc") {
                    CHECK(ended(got, id) == outcome::invalid_id);
                }
                else if (id == "21") {
                    CHECK(ended(got, id) == outcome::moved);
                }
                else {
                    auto const one = seen(got, id);
                    auto const state = w.mocks.look("it", std::stoi(id)).now();
                    CHECK(w.kind.interpret(one.words).state == meaning_of(state));
                    auto const twin = state.duplicate_of;
                    CHECK(one.duplicate_of == (twin == 0 ? std::string{} : std::to_string(twin)));
                }
            }
        }
        CHECK(count == 200);
    }
}

TEST_CASE("mock GitLab: what did not change is unmodified, by time and by ETag")
{
    world w{",bugs=30"};
    w.can = w.probe().value();
    w.mocks.set_clock(-26h);
    auto const ids = test::ids_up_to(4);
    CHECK_FALSE(w.look(ids).trouble);
    auto const known = w.validators;
    REQUIRE(known.size() == 1);
    auto const since = w.server_time;
    auto const quiet = w.look_changed(ids, since);
    auto const same = w.look(ids, known);
    for (auto const& id : ids) {
        CHECK(ended(quiet, id) == outcome::unmodified);
        CHECK(ended(same, id) == outcome::unmodified);
    }
    CHECK(w.bound.not_modified() == 1);

    auto const other = w.mocks.look("it", 3).now().status == "opened" ? "workflow::in dev" : "opened";
    CHECK(w.mocks.change("it", 3, {.status = other}));
    auto const busy = w.look_changed(ids, since);
    CHECK(ended(busy, "2") == outcome::unmodified);
    CHECK(seen(busy, "3").words.status == "opened");
    CHECK(ended(w.look(ids, known), "3") == outcome::seen);
}

TEST_CASE("mock GitLab: a token shows what is confidential, and notes")
{
    world w{",bugs=30,private=1", "gadgets/frob", true};
    w.can = w.probe().value();
    CHECK(w.can.identity == "watcher");
    CHECK(ended(w.look({"13"}), "13") == outcome::seen);
    CHECK(seen(w.look({"20"}), "20").duplicate_of == "10");
    auto const notes = w.comments("13");
    REQUIRE(notes);
    CHECK(notes->size() == mock::remarks_of(w.mocks.look("it", 13)).size());
    CHECK(notes->front().text.starts_with("It broke"));

    world anonymous{",bugs=30,private=1"};
    CHECK(anonymous.probe().error().kind == error_kind::auth_failed);
}

TEST_CASE("mock GitLab: a renamed project, one below a path, and one that is throttled")
{
    world renamed{",bugs=30,old=gadgets/before", "gadgets/before"};
    renamed.can = renamed.probe().value();
    CHECK(renamed.can.protocol == "rest+graphql");
    CHECK(seen(renamed.look({"20"}), "20").duplicate_of == "10");

    world below{",bugs=30,prefix=/git", "git/gadgets/frob"};
    below.can = below.probe().value();
    CHECK(below.can.protocol == "rest+graphql /git");
    CHECK(seen(below.look({"20"}), "20").duplicate_of == "10");

    world late{",bugs=30,limit=3"};
    late.can = late.probe().value();
    auto const got = late.look(test::ids_up_to(2));
    REQUIRE(got.trouble);
    CHECK(got.trouble->kind == error_kind::rate_limited);
    CHECK(got.found.empty());
}
