#include "adapters/trac.hpp"
#include "tests/adapters/trac_pages.hpp"
#include "tests/support/found.hpp"
#include "tests/support/print.hpp"
#include "tests/support/run.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace checkwatches;
using test::csv;
using test::ended;
using test::seen;

namespace {

struct tracker {
    test::scripted_remote at{"https://trac.example.org/plum"};
    capabilities can{.protocol = "csv", .batch = 500};

    adapters::findings look(std::vector<std::string> const& ids)
    {
        auto const trac = adapters::make_trac();
        return test::run(trac->look(at, can, ids));
    }
    void on_ticket(std::string const& id, adapters::reply what)
    {
        at.on("GET", "/plum/ticket/" + id + "?format=csv", std::move(what));
    }
    void on_query(result<adapters::reply> what) { at.on("GET", "/plum/query?*", std::move(what)); }
};

// The ids of a query's target, ranges spelled out.
std::vector<std::string> queried(adapters::request const& rq)
{
    std::vector<std::string> out;
    std::string rest = rq.url.parameter("id").value() + ",";
    for (; !rest.empty(); rest.erase(0, rest.find(',') + 1)) {
        auto const part = rest.substr(0, rest.find(','));
        auto const dash = part.find('-');
        auto const first = std::stol(part);
        auto const last = dash == std::string::npos ? first : std::stol(part.substr(dash + 1));
        for (auto id = first; id <= last; ++id)
            out.push_back(std::to_string(id));
    }
    return out;
}

// Shows every ticket that a query names.
result<adapters::reply> shows_all(adapters::request const& rq)
{
    std::string rows = "id,Status\r\n";
    for (auto const& id : queried(rq))
        rows += id + ",new\r\n";
    return csv(rows);
}

} // namespace

TEST_CASE("Trac: one query brings a batch, found by the header's labels")
{
    tracker t;
    t.on_query(csv("id,Summary,Status,Resolution,Priority,Severity,Type\r\n"
                   "3,\"Comma, \"\"quoted\"\"\nsecond line\",closed,fixed,minor,sev-low,defect\r\n"
                   "4,Grüße → 日本,assigned,,major,,task\r\n"));
    auto const got = t.look({"3", "4"});

    CHECK_FALSE(got.trouble);
    REQUIRE(t.at.asked().size() == 1);
    auto const& rq = t.at.asked()[0];
    CHECK(
        rq.url.target()
        == "/plum/query?id=3,4&col=id&col=summary&col=status&col=resolution&col=priority&col=severity"
           "&col=type&order=id&max=0&format=csv");
    CHECK_FALSE(rq.login);
    auto const three = seen(got, "3");
    CHECK(
        three.words
        == raw_words{
            .status = "closed",
            .resolution = "fixed",
            .priority = "minor",
            .severity = "sev-low",
            .type = "defect"});
    CHECK(three.title == "Comma, \"quoted\"\nsecond line");
    CHECK_FALSE(three.modified);
    CHECK(three.replaced == 0);
    CHECK(seen(got, "4").title == "Grüße → 日本");
}

TEST_CASE("Trac: old header names, no severity, and two dashes for nothing")
{
    tracker t;
    t.on_query(csv("id,summary,type,status,priority,resolution\r\n8,plums,defect,assigned,--,--\r\n"));
    auto const words = seen(t.look({"8"}), "8").words;
    CHECK(words.status == "assigned");
    CHECK(words.resolution.empty());
    CHECK(words.priority.empty());
    CHECK(words.severity.empty());
}

TEST_CASE("Trac: missing and hidden tickets are told apart one by one")
{
    tracker t;
    t.on_query(csv("id,Summary,Status,Resolution\r\n1,a,new,\r\n"));
    t.on_ticket("13", test::hidden_ticket());
    t.on_ticket("9999", test::missing_ticket());
    auto const got = t.look({"1", "13", "9999"});

    CHECK_FALSE(got.trouble);
    CHECK(ended(got, "1") == outcome::seen);
    CHECK(ended(got, "13") == outcome::forbidden);
    CHECK(ended(got, "9999") == outcome::not_found);
    CHECK(t.at.asked().size() == 3);
}

TEST_CASE("Trac: what the query leaves out and the single export shows is seen")
{
    tracker t;
    t.on_query(csv("id,Status\r\n"));
    t.on_ticket("5", csv("id,summary,description,status,priority,resolution\r\n5,x,\"1\n2\",new,major,\r\n"));
    CHECK(seen(t.look({"5"}), "5").words.status == "new");
}

TEST_CASE("Trac: malformed numbers cost no request")
{
    tracker t;
    auto const got = t.look({"12a", "#"});
    CHECK(ended(got, "12a") == outcome::invalid_id);
    CHECK(ended(got, "#") == outcome::invalid_id);
    CHECK(t.at.asked().empty());

    t.on_query(csv("id,Status\r\n7,new\r\n"));
    auto const mixed = t.look({"12a", "7"});
    CHECK(ended(mixed, "12a") == outcome::invalid_id);
    CHECK(ended(mixed, "7") == outcome::seen);
}

TEST_CASE("Trac: strangers of the default query are dropped, and alone they are an error")
{
    tracker t;
    t.on_query(csv("id,Status\r\n70,new\r\n71,assigned\r\n5,closed\r\n"));
    auto const got = t.look({"5"});
    CHECK(got.found.size() == 1);
    CHECK(ended(got, "5") == outcome::seen);

    tracker u;
    u.on_query(csv("id,Status\r\n70,new\r\n71,assigned\r\n"));
    auto const none = u.look({"5", "6"});
    CHECK(none.found.empty());
    REQUIRE(none.trouble);
    CHECK(none.trouble->kind == error_kind::protocol_error);
    CHECK(u.at.asked().size() == 1);
}

TEST_CASE("Trac: an answer that is no ticket table is trouble, and never a missing ticket")
{
    struct sample {
        adapters::reply what;
        error_kind kind;
    };
    auto const html = [](unsigned status, std::string body) {
        return test::answer(status, "text/html", std::move(body));
    };
    std::vector<sample> const samples{
        {test::answer(200, "text/csv;charset=utf-8", ""), error_kind::protocol_error},
        {csv("id,Zustand\r\n1,neu\r\n"), error_kind::protocol_error},
        {csv("Summary,Status\r\nx,new\r\n"), error_kind::protocol_error},
        {csv("id,Summary,Status\r\n1,\"cut off"), error_kind::protocol_error},
        {html(200, "<html><form><input type=\"password\"></form></html>"), error_kind::auth_failed},
        {html(200, "<html><title>Making sure you're not a bot!</title></html>"), error_kind::bot_wall},
        {html(200, "<html>The site is down for maintenance</html>"), error_kind::maintenance},
        {html(200, "<html>Welcome</html>"), error_kind::protocol_error},
        {html(500, "<html>Trac Error</html>"), error_kind::protocol_error},
        {html(503, "<html>later</html>"), error_kind::maintenance},
        {test::trac_page(404, "Error: Not Found"), error_kind::protocol_error},
        {test::trac_page(403, "Error: Forbidden"), error_kind::auth_failed}};
    for (auto const& s : samples) {
        tracker t;
        t.on_query(s.what);
        auto const got = t.look({"1", "2"});
        CAPTURE(s.what.status, s.what.body);
        CHECK(got.found.empty());
        REQUIRE(got.trouble);
        CHECK(got.trouble->kind == s.kind);
        CHECK(t.at.asked().size() == 1);
    }
}

TEST_CASE("Trac: a row without a status is unparsable, the others are not hurt")
{
    tracker t;
    t.on_query(csv("id,Summary,Status\r\n1,a,new\r\n2,cut\r\n"));
    auto const got = t.look({"1", "2"});
    CHECK(ended(got, "1") == outcome::seen);
    CHECK(ended(got, "2") == outcome::unparsable);
}

TEST_CASE("Trac: text that is not what it claims to be is decoded and counted")
{
    tracker t;
    t.on_query(test::answer(200, "text/csv;charset=utf-8", "id,Summary,Status\r\n1,pl\xFCm,new\r\n"));
    auto const one = seen(t.look({"1"}), "1");
    CHECK(one.words.status == "new");
    CHECK(one.replaced == 1);
}

TEST_CASE("Trac: long id lists are split below 7000 bytes and cover every id once")
{
    tracker t;
    std::vector<std::string> ids;
    for (int i = 0; i != 1500; ++i)
        ids.push_back(std::to_string(1'000'000'001 + 2 * i));
    t.at.serve(shows_all);
    auto const got = t.look(ids);
    CHECK_FALSE(got.trouble);
    CHECK(got.found.size() == ids.size());
    CHECK(t.at.asked().size() == 3); // 10 digits and a comma: about 620 ids a request
    std::vector<std::string> asked;
    for (auto const& rq : t.at.asked()) {
        CHECK(rq.url.target().size() <= 7000);
        for (auto& id : queried(rq))
            asked.push_back(std::move(id));
    }
    std::ranges::sort(asked);
    CHECK((asked == ids));
}

TEST_CASE("Trac: a front end that takes only short addresses is asked in smaller parts")
{
    tracker t;
    std::vector<std::string> ids;
    for (int i = 0; i != 500; ++i)
        ids.push_back(std::to_string(10'000'001 + 2 * i));
    t.at.serve([](adapters::request const& rq) -> result<adapters::reply> {
        if (rq.url.target().size() > 4096)
            return test::answer(414, "text/html", "<html>Request-URI Too Large</html>");
        return shows_all(rq);
    });
    auto const got = t.look(ids);
    CHECK_FALSE(got.trouble);
    CHECK(got.found.size() == 500);
    CHECK(t.at.asked().size() == 3);
}

TEST_CASE("Trac: ids beyond the bound of single requests stay due")
{
    tracker t;
    t.on_query(csv("id,Status\r\n"));
    t.at.on("GET", "/plum/ticket/*", test::missing_ticket());
    std::vector<std::string> ids;
    for (int i = 1; i <= 70; ++i)
        ids.push_back(std::to_string(i));
    auto const got = t.look(ids);
    CHECK(got.found.size() == 60);
    for (auto const& one : got.found)
        CHECK(ended(got, one.remote_id) == outcome::not_found);
    REQUIRE(got.trouble);
    CHECK(got.trouble->kind == error_kind::deferred);
}

TEST_CASE("Trac: trouble while asking singly keeps what was found")
{
    tracker t;
    t.on_query(csv("id,Status\r\n1,new\r\n"));
    t.on_ticket("2", test::missing_ticket());
    t.at.on("GET", "/plum/ticket/3?format=csv", {error{.kind = error_kind::timeout}});
    auto const got = t.look({"1", "2", "3", "4"});
    CHECK(ended(got, "1") == outcome::seen);
    CHECK(ended(got, "2") == outcome::not_found);
    CHECK_FALSE(ended(got, "3"));
    CHECK_FALSE(ended(got, "4"));
    REQUIRE(got.trouble);
    CHECK(got.trouble->kind == error_kind::timeout);
}

TEST_CASE("Trac: an old Trac that exports no single tickets leaves them unanswered")
{
    tracker t;
    t.on_query(csv("id,Status\r\n1,new\r\n"));
    t.at.on("GET", "/plum/ticket/*", test::trac_page(200, "#2 (pears)"));
    auto const got = t.look({"1", "2", "3"});
    CHECK_FALSE(got.trouble);
    CHECK(ended(got, "2") == outcome::not_answered);
    CHECK(ended(got, "3") == outcome::not_answered);
    CHECK(t.at.asked().size() == 2);
}

TEST_CASE("Trac: one ticket that crashes the server or asks for a login harms no other")
{
    tracker t;
    t.on_query(csv("id,Status\r\n1,new\r\n"));
    t.on_ticket("2", test::trac_page(500, "Oops"));
    t.on_ticket("3", test::basic_refused());
    t.on_ticket("4", test::missing_ticket());
    auto const got = t.look({"1", "2", "3", "4"});
    CHECK_FALSE(got.trouble);
    CHECK(ended(got, "2") == outcome::not_answered);
    CHECK(ended(got, "3") == outcome::forbidden);
    CHECK(ended(got, "4") == outcome::not_found);
}

TEST_CASE("Trac: ticket by ticket, a broken tracker is trouble after three pages")
{
    tracker t;
    t.can.protocol = "single";
    t.at.on("GET", "/plum/ticket/*", test::trac_page(500, "Oops"));
    auto const got = t.look({"1", "2", "3", "4"});
    CHECK(got.found.empty());
    REQUIRE(got.trouble);
    CHECK(got.trouble->kind == error_kind::protocol_error);
    CHECK(t.at.asked().size() == 3);

    tracker one;
    one.can.protocol = "single";
    one.on_ticket("1", test::trac_page(500, "Oops"));
    auto const alone = one.look({"1"});
    CHECK(alone.found.empty());
    CHECK(alone.trouble);
}

TEST_CASE("Trac: a session is opened by Basic at /login before the query, and only there")
{
    tracker t;
    t.at.set_credential(true);
    t.can.login = "cookie";
    t.at.on("GET", "/plum/login", test::login_granted());
    t.on_query(csv("id,Status\r\n13,closed\r\n"));
    auto const got = t.look({"13"});
    CHECK(ended(got, "13") == outcome::seen);
    REQUIRE(t.at.asked().size() == 2);
    REQUIRE(t.at.asked()[0].login);
    CHECK(t.at.asked()[0].login->place == adapters::login_place::where::basic);
    CHECK(t.at.asked()[0].on_redirect == adapters::request::redirects::ignored);
    CHECK_FALSE(t.at.asked()[1].login);
}

TEST_CASE("Trac: a refused login asks nothing, lest an anonymous answer is taken for ours")
{
    tracker t;
    t.at.set_credential(true);
    t.can.login = "cookie";
    t.at.on("GET", "/plum/login", test::basic_refused());
    auto const got = t.look({"13"});
    CHECK(got.found.empty());
    REQUIRE(got.trouble);
    CHECK(got.trouble->kind == error_kind::auth_failed);
    CHECK(t.at.asked().size() == 1);
}
