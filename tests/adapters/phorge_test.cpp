#include "adapters/phorge.hpp"
#include "tests/support/found.hpp"
#include "tests/support/print.hpp"
#include "tests/support/run.hpp"
#include "tests/support/scripted_remote.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace checkwatches;
using test::answer;
using test::ended;
using test::seen;
using test::url;

namespace {

adapters::reply result_of(std::string_view json)
{
    return answer(
        200, "application/json", fmt::format(R"({{"result":{},"error_code":null,"error_info":null}})", json));
}

adapters::reply refusal(std::string_view code)
{
    return answer(
        200,
        "application/json",
        fmt::format(R"({{"result":null,"error_code":"{}","error_info":"no"}})", code));
}

std::string task(int id, std::string_view state, std::string_view priority)
{
    return fmt::format(
        R"({{"id":{0},"type":"TASK","phid":"PHID-TASK-{0}","fields":{{"name":"plum \"{0}\"",)"
        R"("status":{{"value":"{1}","name":"X"}},"priority":{{"value":50,"name":"{2}"}},)"
        R"("subtype":"default","dateModified":1775981730}}}})",
        id,
        state,
        priority);
}

adapters::reply tasks(std::string_view rows, std::string_view after = "null")
{
    return result_of(fmt::format(R"({{"data":[{}],"cursor":{{"limit":100,"after":{}}}}})", rows, after));
}

struct tracker {
    test::scripted_remote at{"https://phorge.example.org/"};
    capabilities can{.protocol = "conduit", .batch = 100, .login = "token"};
    std::unique_ptr<adapters::adapter const> phorge = adapters::make_phorge();

    tracker() { at.set_credential(false); }
    void on(std::string const& method, result<adapters::reply> what)
    {
        at.on("POST", "/api/" + method, std::move(what));
    }
    adapters::findings look(std::vector<std::string> const& ids)
    {
        return test::run(phorge->look(at, can, ids));
    }
};

} // namespace

TEST_CASE("Phorge: a task's address")
{
    auto const phorge = adapters::make_phorge();
    for (auto const* const address :
         {"https://phorge.example.org/T123",
          "https://phorge.example.org/T0123#456",
          "https://phorge.example.org/maniphest/task/edit/123/"}) {
        auto const ref = phorge->recognise(url(address));
        REQUIRE(ref);
        CHECK(ref->base.text() == "https://phorge.example.org/");
        CHECK(ref->remote_id == "123");
    }
    for (auto const* const other :
         {"https://phorge.example.org/D123",
          "https://phorge.example.org/x/T123",
          "https://phorge.example.org/T"})
        CHECK_FALSE(phorge->recognise(url(other)));
    CHECK(phorge->normalise("T7") == "7");
    CHECK(phorge->normalise("#07") == "7");
    CHECK_FALSE(phorge->normalise("T#7"));
    CHECK_FALSE(phorge->normalise("seven"));
    CHECK(phorge->bug_url(url("https://phorge.example.org"), "7").text() == "https://phorge.example.org/T7");
}

TEST_CASE("Phorge: one search, and pages for what it passes over")
{
    tracker t;
    t.on("maniphest.search", tasks(task(1, "open", "High") + "," + task(77, "open", "High")));
    t.at.on("GET", "/T13", answer(200, "text/html", "<title>Login</title>"));
    t.at.on("GET", "/T99", answer(404, "text/html", "<title>404 Not Found</title>"));
    t.at.on("GET", "/T5", answer(200, "text/html", "<title>T5 plum</title>"));
    t.at.on("GET", "/T6", answer(200, "text/html", "<title>Access Denied: Restricted</title>"));
    auto const got = t.look({"1", "13", "99", "5", "6", "x"});
    CHECK_FALSE(got.trouble);
    auto const one = seen(got, "1");
    CHECK(one.words == raw_words{.status = "open", .priority = "High"});
    CHECK(one.title == "plum \"1\"");
    REQUIRE(one.modified);
    CHECK(format_time(*one.modified) == "2026-04-12T08:15:30Z");
    CHECK(ended(got, "13") == outcome::forbidden);
    CHECK(ended(got, "99") == outcome::not_found);
    CHECK(ended(got, "5") == outcome::not_answered);
    CHECK(ended(got, "6") == outcome::forbidden);
    CHECK(ended(got, "x") == outcome::invalid_id);
    auto const& body = t.at.asked()[0].body;
    CHECK(body.find("constraints%5Bids%5D%5B0%5D=1&") != std::string::npos);
    CHECK(body.ends_with("&api.token={{checkwatches:secret}}"));
    CHECK(t.at.asked()[0].login->place == adapters::login_place::where::body);
    CHECK_FALSE(t.at.asked()[1].login);
}

TEST_CASE("Phorge: the original of a duplicate stands in its history, and pages are followed")
{
    tracker t;
    t.on("maniphest.search", tasks(task(20, "duplicate", "Low"), "\"20\""));
    t.on("maniphest.search", tasks(task(21, "duplicate", "Low")));
    t.on("maniphest.search", tasks(task(10, "open", "Low")));
    t.on(
        "maniphest.gettasktransactions",
        result_of(R"({"20":[{"transactionType":"mergedinto","newValue":"PHID-TASK-10"}],"21":[]})"));
    auto const got = t.look({"20", "21"});
    CHECK_FALSE(got.trouble);
    CHECK(seen(got, "20").duplicate_of == "10");
    CHECK(seen(got, "21").duplicate_of.empty());
    CHECK(t.at.asked()[1].body.find("after=20") != std::string::npos);
}

TEST_CASE("Phorge: only what changed, a minute back")
{
    tracker t;
    t.on("maniphest.search", tasks(task(2, "resolved", "High")));
    std::vector<std::string> const ids{"1", "2"};
    constexpr utc_time since{std::chrono::seconds{1'775'981'730}};
    auto const got = test::run(t.phorge->look_changed(t.at, t.can, ids, since));
    CHECK_FALSE(got.trouble);
    CHECK(ended(got, "1") == outcome::unmodified);
    CHECK(seen(got, "2").words.status == "resolved");
    CHECK(t.at.asked().size() == 1);
    CHECK(t.at.asked()[0].body.find("constraints%5BmodifiedStart%5D=1775981670") != std::string::npos);
}

TEST_CASE("Phorge: a search with strangers or rows that cannot be read leaves nothing unmodified")
{
    for (auto const& row :
         {std::string{"7"}, std::string{R"({"phid":"PHID-TASK-9"})"}, task(77, "open", "High")}) {
        tracker t;
        t.on("maniphest.search", tasks(task(2, "resolved", "High") + "," + row));
        t.on("maniphest.search", tasks(task(1, "open", "High")));
        t.at.on("GET", "/T3", answer(404, "text/html", "<title>404 Not Found</title>"));
        std::vector<std::string> const ids{"1", "2", "3"};
        auto const got = test::run(t.phorge->look_changed(t.at, t.can, ids, utc_time{std::chrono::hours{5}}));
        CHECK_FALSE(got.trouble);
        CHECK(ended(got, "1") == outcome::seen);
        CHECK(seen(got, "2").words.status == "resolved");
        CHECK(ended(got, "3") == outcome::not_found);
    }
}

TEST_CASE("Phorge: an error with 200 is trouble, and no word about tasks")
{
    struct row {
        result<adapters::reply> what;
        error_kind kind;
    };
    for (auto const& r : std::vector<row>{
             {refusal("ERR-INVALID-AUTH"), error_kind::auth_failed},
             {refusal("ERR-INVALID-SESSION"), error_kind::auth_failed},
             {refusal("ERR-CONDUIT-CORE"), error_kind::protocol_error},
             {result_of("{}"), error_kind::protocol_error},
             {answer(200, "application/json", "[]"), error_kind::protocol_error},
             {answer(200, "application/json", "{\"result\":"), error_kind::protocol_error},
             {answer(404, "text/html", "x"), error_kind::protocol_error},
             {answer(503, "text/html", "x"), error_kind::maintenance},
             {error{.kind = error_kind::timeout}, error_kind::timeout}}) {
        tracker t;
        t.on("maniphest.search", r.what);
        auto const got = t.look({"1", "2"});
        CHECK(got.found.empty());
        REQUIRE(got.trouble);
        CHECK(got.trouble->kind == r.kind);
    }
}

TEST_CASE("Phorge probe: a token names us; without one it is a Phorge that answers nobody; others are none")
{
    tracker t;
    t.on("user.whoami", result_of(R"({"phid":"PHID-USER-1","userName":"jo"})"));
    t.on("maniphest.search", tasks(""));
    auto const can = test::run(t.phorge->probe(t.at));
    REQUIRE(can);
    CHECK(can->identity == "jo");
    CHECK(can->changed_since);
    CHECK(can->batch == 100);

    struct row {
        adapters::reply what;
        error_kind kind;
    };
    for (auto const& r : std::vector<row>{
             {refusal("ERR-INVALID-SESSION"), error_kind::auth_failed},
             {answer(404, "text/html", "<title>404</title>"), error_kind::unsupported},
             {answer(404, "application/json", R"({"error":"404 Not Found"})"), error_kind::unsupported},
             {answer(200, "application/json", R"({"version":"1.0"})"), error_kind::unsupported},
             {answer(401, "application/json", R"({"message":"401 Unauthorized"})"), error_kind::unsupported},
             {answer(502, "text/html", "x"), error_kind::protocol_error},
             {answer(503, "text/html", "x"), error_kind::maintenance}}) {
        test::scripted_remote at{"https://forge.example.org/"};
        at.serve([&](adapters::request const&) { return r.what; });
        auto const none = test::run(t.phorge->probe(at));
        REQUIRE_FALSE(none);
        CHECK(none.error().kind == r.kind);
        CHECK_FALSE(at.asked()[0].login);
    }
}

TEST_CASE("Phorge: words in normal words")
{
    auto const phorge = adapters::make_phorge();
    struct row {
        char const* state;
        std::optional<status> means;
        char const* priority;
        std::optional<importance> weighs;
    };
    for (auto const& r : std::vector<row>{
             {"open", status::new_, "Unbreak Now!", importance::critical},
             {"progress", status::in_progress, "Needs Triage", importance::undecided},
             {"stalled", status::incomplete, "High", importance::high},
             {"resolved", status::fix_released, "Normal", importance::medium},
             {"wontfix", status::wont_fix, "Low", importance::low},
             {"declined", status::wont_fix, "Lowest", importance::low},
             {"invalid", status::invalid, "Wishlist", importance::wishlist},
             {"spite", status::invalid, "", importance::unknown},
             {"duplicate", status::invalid, "Medium", importance::medium},
             {"parked", std::nullopt, "Soon", std::nullopt}}) {
        CAPTURE(r.state, r.priority);
        auto const got = phorge->interpret({.status = r.state, .priority = r.priority});
        CHECK(got.state == r.means);
        CHECK(got.weight == r.weighs);
        CHECK(got.unmapped.size() == (r.means ? 0U : 2U));
    }
}
