#include "adapters/rt.hpp"
#include "tests/adapters/rt_pages.hpp"
#include "tests/support/found.hpp"
#include "tests/support/print.hpp"
#include "tests/support/run.hpp"

#include <catch2/catch.hpp>

using namespace checkwatches;
using namespace test;

namespace {

constexpr utc_time since = std::chrono::sys_days{std::chrono::year{2026} / 11 / 20} + std::chrono::hours{10};

struct tracker {
    scripted_remote at{"https://rt.example.org/"};
    capabilities can{.protocol = "rest2", .batch = 100, .login = "token"};
    std::unique_ptr<adapters::adapter const> kind = adapters::make_rt();

    adapters::findings look(std::vector<std::string> const& ids) { return run(kind->look(at, can, ids)); }
};

adapters::reply rows(std::string const& items, std::string const& more = {})
{
    return rest2(200, "{\"total\":2,\"page\":1,\"items\":[" + items + "]" + more + "}");
}

} // namespace

TEST_CASE("RT REST 2.0: a search, and what it leaves out one by one")
{
    tracker t;
    t.at.on("GET", "/REST/2.0/tickets?*", rows(rest2_row(1, "open") + "," + rest2_row(77, "new")));
    t.at.on("GET", "/REST/2.0/ticket/12", rest2(200, R"({"id":11,"Status":"open","Priority":"0"})"));
    t.at.on("GET", "/REST/2.0/ticket/13", rest2_message(403, "Forbidden"));
    t.at.on("GET", "/REST/2.0/ticket/14", rest2(200, R"({"id":14,"Status":"deleted"})"));
    t.at.on("GET", "/REST/2.0/ticket/9999", rest2_message(404, "Not Found"));
    auto const got = t.look({"1", "12", "13", "14", "9999", "x"});
    CHECK_FALSE(got.trouble);
    CHECK(seen(got, "1").words.priority == "75");
    CHECK(seen(got, "1").modified == since);
    CHECK(seen(got, "12").duplicate_of == "11");
    CHECK(ended(got, "13") == outcome::forbidden);
    CHECK(seen(got, "14").words.status == "deleted");
    CHECK(ended(got, "9999") == outcome::not_found);
    CHECK(ended(got, "x") == outcome::invalid_id);
    CHECK(find(got, "77") == nullptr);
    CHECK(t.at.asked()[0].url.parameter("query") == "id = 1 OR id = 12 OR id = 13 OR id = 14 OR id = 9999");
    CHECK(t.at.asked()[0].login->prefix == "token ");
}

TEST_CASE("RT REST 2.0: pages are followed")
{
    tracker t;
    t.at.next(
        rows(rest2_row(1, "open"), ",\"next_page\":\"https://inside.example/REST/2.0/tickets?page=2\""));
    t.at.next(rows(rest2_row(2, "open")));
    auto const got = t.look({"1", "2"});
    CHECK(ended(got, "2") == outcome::seen);
    CHECK(t.at.asked()[1].url.parameter("page") == "2");
    CHECK(t.at.asked()[1].url.host == "rt.example.org");
}

TEST_CASE("RT REST 2.0: a ticket alone is asked for conditionally")
{
    tracker t;
    t.at.on("GET", "/REST/2.0/ticket/1", rest2(304, ""));
    std::vector<std::string> const one{"1"};
    auto const questions = t.kind->conditional_questions(t.at, t.can, one);
    REQUIRE(questions.size() == 1);
    CHECK(questions[0].url == "https://rt.example.org/REST/2.0/ticket/1");
    CHECK(ended(t.look(one), "1") == outcome::unmodified);
    CHECK(t.at.asked()[0].conditional);
    std::vector<std::string> const two{"1", "2"};
    CHECK(t.kind->conditional_questions(t.at, t.can, two).empty());
}

TEST_CASE("RT REST 2.0: trouble is no absence")
{
    std::vector<std::pair<result<adapters::reply>, error_kind>> const all{
        {error{.kind = error_kind::timeout}, error_kind::timeout},
        {rest2_message(401, "Unauthorized"), error_kind::auth_failed},
        {rest2_message(400, "Unknown field"), error_kind::protocol_error},
        {answer(200, "text/html", "<title>Login</title><input type=\"password\">"), error_kind::auth_failed},
        {rest2(200, "[]"), error_kind::protocol_error},
        {rest2(200, "{}"), error_kind::protocol_error},
        {rest2(200, "{"), error_kind::protocol_error}};
    for (auto const& [what, kind] : all) {
        tracker t;
        t.at.on("GET", "/REST/2.0/tickets?*", what);
        auto const got = t.look({"1", "2"});
        REQUIRE(got.trouble);
        CHECK(got.trouble->kind == kind);
        CHECK(got.found.empty());
    }
    tracker page;
    page.at.on("GET", "/REST/2.0/ticket/1", answer(404, "text/html", "<title>nginx</title>"));
    CHECK(page.look({"1"}).trouble);
}

TEST_CASE("RT REST 2.0: nothing is unmodified by a search, which tells nothing of merged tickets")
{
    tracker t;
    t.at.on("GET", "/REST/2.0/tickets?*", rows(rest2_row(1, "open")));
    t.at.on("GET", "/REST/2.0/ticket/12", rest2(200, R"({"id":11,"Status":"resolved"})"));
    std::vector<std::string> const ids{"1", "12"};
    auto const got = run(t.kind->look_changed(t.at, t.can, ids, since));
    CHECK(ended(got, "1") == outcome::seen);
    CHECK(seen(got, "12").words.status == "resolved");
}
