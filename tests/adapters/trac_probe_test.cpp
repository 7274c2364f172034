#include "adapters/trac.hpp"
#include "tests/adapters/trac_pages.hpp"
#include "tests/support/print.hpp"
#include "tests/support/run.hpp"

#include <catch2/catch.hpp>

using namespace checkwatches;
using test::answer;
using test::csv;

namespace {

using lines = std::vector<std::string>;

struct site {
    test::scripted_remote at{"https://trac.example.org/"};

    void on(std::string const& request, result<adapters::reply> what)
    {
        auto const blank = request.find(' ');
        at.on(request.substr(0, blank), request.substr(blank + 1), std::move(what));
    }
    result<capabilities> probe() { return test::run(adapters::make_trac()->probe(at)); }
    // The paths that were asked.
    lines asked() const
    {
        lines out;
        for (auto const& rq : at.asked())
            out.push_back(rq.method + " " + rq.url.path);
        return out;
    }
};

adapters::reply nginx(unsigned status)
{
    return answer(status, "text/html", "<html><head><title>nginx</title></head></html>");
}

} // namespace

TEST_CASE("Trac probe: the query as CSV is enough, in two requests")
{
    site s;
    auto page = csv("id,Summary,Status,Resolution,Priority,Type\r\n");
    page.headers.emplace_back("Server", "tracd/1.7.1.dev0 Python/3.11.2");
    s.on("GET /query?*", page);
    auto const can = s.probe();
    REQUIRE(can);
    CHECK(can->protocol == "csv");
    CHECK(can->version == "1.7.1.dev0");
    CHECK(can->batch == 500);
    CHECK(can->importance);
    CHECK(can->login.empty());
    CHECK(can->identity.empty());
    CHECK(s.asked() == lines{"GET /query", "GET /query"});
}

TEST_CASE("Trac probe: XML-RPC where the query is refused, at either path")
{
    site s;
    s.on("GET /query?*", test::hidden_ticket());
    s.on("POST /xmlrpc", test::rpc_version());
    auto const can = s.probe();
    REQUIRE(can);
    CHECK(can->protocol == "xmlrpc");
    CHECK(can->version == "XML-RPC plugin 1.1.9");
    CHECK(s.asked() == lines{"GET /query", "POST /xmlrpc"});

    site r;
    r.on("GET /query?*", answer(200, "text/html", "<html><title>Just a moment...</title></html>"));
    r.on("POST /xmlrpc", test::trac_page(404, "Error: Not Found"));
    r.on("POST /rpc", test::rpc_version());
    CHECK(r.probe()->protocol == "rpc");
}

TEST_CASE("Trac probe: Launchpad's plugin where the plain plugin is refused")
{
    site s;
    s.on("GET /query?*", test::hidden_ticket());
    s.at.next(test::xml_fault(403, "XML_RPC privileges are required to perform this operation."));
    s.at.next(test::xml_answer(test::xml_array(
        {test::xml_value("string", "0.11.0"),
         test::xml_value("string", "1.0"),
         test::xml_value("boolean", "0")})));
    auto const can = s.probe();
    REQUIRE(can);
    CHECK(can->protocol == "launchpad");
    CHECK(can->version == "0.11.0");
    CHECK_FALSE(can->importance);
    CHECK(s.asked() == lines{"GET /query", "POST /xmlrpc", "POST /xmlrpc"});
}

TEST_CASE("Trac probe: single exports are the last way")
{
    site s;
    s.on("GET /query?*", test::trac_page(403, "Error: Forbidden"));
    s.on("POST /xmlrpc", test::trac_page(404, "Error: Not Found"));
    s.on("POST /rpc", test::trac_page(404, "Error: Not Found"));
    s.on("GET /ticket/1?format=csv", test::missing_ticket());
    auto const can = s.probe();
    REQUIRE(can);
    CHECK(can->protocol == "single");
    CHECK(s.asked().size() == 4);
}

TEST_CASE("Trac probe: a Trac that shows nothing to strangers wants a login")
{
    site s;
    s.on("GET /query?*", test::hidden_ticket());
    s.on("POST /xmlrpc", answer(403, "text/plain", "Forbidden"));
    s.on("GET /ticket/1?format=csv", test::hidden_ticket());
    auto const can = s.probe();
    REQUIRE_FALSE(can);
    CHECK(can.error().kind == error_kind::auth_failed);
    CHECK(s.asked() == lines{"GET /query", "POST /xmlrpc", "POST /xmlrpc", "GET /ticket/1"});
}

TEST_CASE("Trac probe: what is no Trac is unsupported")
{
    for (auto const& page : {nginx(404), nginx(200)}) {
        site s;
        s.on("GET /query?*", page);
        s.on("POST /xmlrpc", nginx(404));
        s.on("POST /rpc", nginx(404));
        s.on("GET /ticket/1?format=csv", nginx(404));
        auto const can = s.probe();
        REQUIRE_FALSE(can);
        CHECK(can.error().kind == error_kind::unsupported);
        CHECK(s.asked().size() == 4);
    }
}

TEST_CASE("Trac probe: what prevents an answer is told as such")
{
    struct sample {
        result<adapters::reply> query;
        error_kind kind;
        std::size_t requests;
    };
    std::vector<sample> const samples{
        {error{.kind = error_kind::timeout}, error_kind::timeout, 1},
        {nginx(503), error_kind::maintenance, 1},
        {nginx(502), error_kind::protocol_error, 4},
        {nginx(403), error_kind::auth_failed, 4},
        {answer(200, "text/html", "<title>Making sure you're not a bot!</title>"), error_kind::bot_wall, 4},
        {answer(200, "text/csv;charset=utf-8", ""), error_kind::unsupported, 4}};
    for (auto const& one : samples) {
        site s;
        s.on("GET /query?*", one.query);
        s.on("POST /xmlrpc", nginx(404));
        s.on("POST /rpc", nginx(404));
        s.on("GET /ticket/1?format=csv", nginx(404));
        auto const can = s.probe();
        REQUIRE_FALSE(can);
        CHECK(can.error().kind == one.kind);
        CHECK(s.asked().size() == one.requests);
    }
}

TEST_CASE("Trac probe: a login is proved before it is believed")
{
    site s;
    s.at.set_credential(true);
    s.on("GET /login", test::login_granted());
    s.on("GET /query?*", csv("id,Status\r\n"));
    auto const can = s.probe();
    REQUIRE(can);
    CHECK(can->protocol == "csv");
    CHECK(can->login == "cookie");
    CHECK_FALSE(can->identity.empty());
    CHECK(s.asked() == lines{"GET /login", "GET /query", "GET /query"});

    site refused;
    refused.at.set_credential(true);
    refused.on("GET /login", test::basic_refused());
    CHECK(refused.probe().error().kind == error_kind::auth_failed);
    CHECK(refused.asked() == lines{"GET /login"});
}

TEST_CASE("Trac probe: a login form that takes no Basic is not taken for a login")
{
    auto const form = test::answer(200, "text/html", "<form><input type=\"password\"></form>");
    site s;
    s.at.set_credential(true);
    s.on("GET /login", form);
    s.on("POST /login/xmlrpc", form);
    s.on("POST /login/rpc", form);
    auto const can = s.probe();
    REQUIRE_FALSE(can);
    CHECK(can.error().kind == error_kind::auth_failed);

    site rpc;
    rpc.at.set_credential(true);
    rpc.on("GET /login", form);
    rpc.on("POST /login/xmlrpc", test::rpc_version());
    auto const found = rpc.probe();
    REQUIRE(found);
    CHECK(found->protocol == "xmlrpc");
    CHECK(found->login == "basic");
    CHECK_FALSE(found->identity.empty());
}

TEST_CASE("Trac probe: a token without a user is of no use here")
{
    site s;
    s.at.set_credential(false);
    auto const can = s.probe();
    REQUIRE_FALSE(can);
    CHECK(can.error().kind == error_kind::auth_failed);
    CHECK(s.asked().empty());
}

TEST_CASE("Trac probe: with a login and every other way closed, five requests are the end")
{
    site s;
    s.at.set_credential(true);
    s.on("GET /login", test::login_granted());
    s.on("GET /query?*", nginx(404));
    s.on("POST /login/xmlrpc", nginx(404));
    s.on("POST /login/rpc", nginx(404));
    s.on("GET /ticket/1?format=csv", nginx(404));
    CHECK_FALSE(s.probe());
    CHECK(s.asked().size() == 5);
}
