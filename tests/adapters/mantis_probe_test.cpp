#include "adapters/mantis.hpp"
#include "tests/adapters/mantis_pages.hpp"
#include "tests/support/print.hpp"
#include "tests/support/run.hpp"

#include <catch2/catch.hpp>

using namespace checkwatches;
using test::answer;
using test::mantis_json;
using test::soap_fault;
using test::soap_headers;

namespace {

constexpr char const* soap = "/api/soap/mantisconnect.php";
constexpr char const* list = "/api/rest/index.php/issues?*";
constexpr char const* rewritten_list = "/api/rest/issues?*";

adapters::reply no_such_page()
{
    return answer(404, "text/html", "<html><title>404 Not Found</title></html>");
}

struct tracker {
    test::scripted_remote at{"https://mantis.example.org/"};

    void on_soap(adapters::reply what) { at.on("POST", soap, std::move(what)); }
    void on_list(adapters::reply what) { at.on("GET", list, std::move(what)); }
    void else_nothing()
    {
        at.serve([](adapters::request const&) { return no_such_page(); });
    }
    result<capabilities> probe()
    {
        else_nothing();
        return test::run(adapters::make_mantis()->probe(at));
    }
};

adapters::reply issues(std::string_view user = "anonymous", bool by_token = false)
{
    return mantis_json(200, R"({"issues":[{"id":1}]})", user, by_token);
}

adapters::reply jo()
{
    return test::soap_result(
        "mc_login", "<return><account_data><id>3</id><name>jo</name></account_data></return>");
}

} // namespace

TEST_CASE("Mantis probe: SOAP for anybody is two requests")
{
    tracker t;
    t.on_soap(test::soap_version());
    t.on_soap(soap_headers({}));
    auto const can = t.probe();
    REQUIRE(can);
    CHECK(can->protocol == "soap");
    CHECK(can->version == "2.27.1");
    CHECK(can->batch == 200);
    CHECK(can->importance);
    CHECK_FALSE(can->changed_since);
    CHECK(can->login.empty());
    CHECK(can->identity.empty());
    CHECK(t.at.asked().size() == 2);
}

TEST_CASE("Mantis probe: user and password are proved, and name us")
{
    tracker t;
    t.at.set_credential(true);
    t.on_soap(test::soap_version());
    t.on_soap(soap_headers({}));
    t.on_soap(jo());
    auto const can = t.probe();
    REQUIRE(can);
    CHECK(can->protocol == "soap");
    CHECK(can->login == "user");
    CHECK(can->identity == "jo");

    tracker wrong;
    wrong.at.set_credential(true);
    wrong.on_soap(test::soap_version());
    wrong.on_soap(soap_fault("Access denied"));
    wrong.on_list(issues());
    auto const refused = wrong.probe();
    REQUIRE_FALSE(refused);
    CHECK(refused.error().kind == error_kind::auth_failed);
}

TEST_CASE("Mantis probe: an API token is named by REST, and used with SOAP where that takes it")
{
    tracker t;
    t.at.set_credential(false);
    t.on_soap(test::soap_version());
    t.on_soap(soap_headers({}));
    t.on_list(issues("jo", true));
    auto const can = t.probe();
    REQUIRE(can);
    CHECK(can->protocol == "soap");
    CHECK(can->login == "token");
    CHECK(can->identity == "jo");

    tracker no_soap;
    no_soap.at.set_credential(false);
    no_soap.on_list(issues("jo", true));
    auto const rest = no_soap.probe();
    REQUIRE(rest);
    CHECK(rest->protocol == "rest");
    CHECK(rest->each == 1);
    CHECK(rest->login == "token");
    CHECK(rest->identity == "jo");

    tracker refusing;
    refusing.at.set_credential(false);
    refusing.on_soap(test::soap_version());
    refusing.on_soap(soap_fault("Access denied"));
    refusing.on_list(issues("jo", true));
    auto const alone = refusing.probe();
    REQUIRE(alone);
    CHECK(alone->protocol == "rest");
}

TEST_CASE("Mantis probe: a token that is not taken is refused, though the answer is 200")
{
    tracker t;
    t.at.set_credential(false);
    t.on_list(issues());
    auto const can = t.probe();
    REQUIRE_FALSE(can);
    CHECK(can.error().kind == error_kind::auth_failed);
}

TEST_CASE("Mantis probe: an old SOAP, REST behind rewritten addresses, the export, pages")
{
    tracker old;
    old.on_soap(test::soap_version());
    old.on_soap(soap_fault("Procedure 'mc_issues_get_header' not present"));
    old.on_soap(test::soap_missing(1));
    CHECK(old.probe()->protocol == "soap-single");

    tracker rewritten;
    rewritten.at.on("GET", rewritten_list, issues());
    CHECK(rewritten.probe()->protocol == "rest-rewrite");

    tracker exported;
    exported.at.on("POST", "/view_all_set.php?f=3", answer(200, "text/html", ""));
    exported.at.on("GET", "/csv_export.php", answer(200, "text/csv", "Id,Status,Resolution\n"));
    CHECK(exported.probe()->protocol == "export");

    tracker paged;
    auto page = test::mantis_page(1, "new", "open", false);
    page.body += "<a href=\"https://www.mantisbt.org\">Mantis</a>";
    paged.at.on("GET", "/view.php?id=1", page);
    auto const can = paged.probe();
    REQUIRE(can);
    CHECK(can->protocol == "page");
    CHECK(paged.at.asked().size() <= 8);
}

TEST_CASE("Mantis probe: one that wants a login says so")
{
    tracker t;
    t.on_soap(test::soap_version());
    t.on_soap(soap_fault("Access denied"));
    t.on_list(answer(401, "text/html", ""));
    t.at.on("POST", "/view_all_set.php?f=3", test::to_mantis_login());
    t.at.on("GET", "/view.php?id=1", test::to_mantis_login());
    auto const can = t.probe();
    REQUIRE_FALSE(can);
    CHECK(can.error().kind == error_kind::auth_failed);
}

TEST_CASE("Mantis probe: other kinds are not of this one")
{
    struct row {
        adapters::reply everything;
        error_kind kind;
    };
    for (auto const& r : std::vector<row>{
             {no_such_page(), error_kind::unsupported},
             {mantis_json(404, R"({"message":"404 Not Found"})"), error_kind::unsupported},
             {mantis_json(404, R"({"error":"404 Project Not Found"})"), error_kind::unsupported},
             {mantis_json(200, R"({"issues":[{"id":1}],"total_count":1})"), error_kind::unsupported},
             {answer(200, "text/html", "<title>Sign in · GitLab</title>"), error_kind::unsupported},
             {answer(401, "application/json", R"({"message":"401 Unauthorized"})"), error_kind::unsupported},
             {answer(200, "text/html", "<title>Just a moment...</title>"), error_kind::bot_wall},
             {answer(503, "text/html", "down"), error_kind::maintenance},
             {answer(500, "text/html", "oops"), error_kind::protocol_error}}) {
        test::scripted_remote at{"https://forge.example.org/"};
        at.serve([&](adapters::request const&) { return r.everything; });
        auto const can = test::run(adapters::make_mantis()->probe(at));
        REQUIRE_FALSE(can);
        CHECK(can.error().kind == r.kind);
    }
    test::scripted_remote at{"https://forge.example.org/"};
    at.serve([](adapters::request const&) { return error{.kind = error_kind::connect_failed}; });
    CHECK(test::run(adapters::make_mantis()->probe(at)).error().kind == error_kind::connect_failed);
    CHECK(at.asked().size() == 1);
}
