#include "adapters/trac.hpp"
#include "tests/adapters/trac_pages.hpp"
#include "tests/support/found.hpp"
#include "tests/support/print.hpp"
#include "tests/support/run.hpp"

#include <catch2/catch.hpp>

using namespace checkwatches;
using test::ended;
using test::seen;
using test::xml_answer;
using test::xml_array;
using test::xml_fault;
using test::xml_ids;
using test::xml_ticket;

namespace {

struct tracker {
    test::scripted_remote at{"https://trac.example.org/plum"};
    capabilities can{.protocol = "xmlrpc", .batch = 300};

    adapters::findings look(std::vector<std::string> const& ids)
    {
        auto const trac = adapters::make_trac();
        return test::run(trac->look(at, can, ids));
    }
    // How many calls of this method were made.
    std::size_t calls(std::string_view method) const
    {
        auto const mark = "<methodName>" + std::string{method} + "<";
        std::size_t n = 0;
        for (auto const& rq : at.asked())
            n += rq.body.find(mark) != std::string::npos ? 1 : 0;
        return n;
    }
};

// What the plugin leaves of an exception inside a multicall.
std::string bare_failure(std::string_view text)
{
    return test::xml_struct(
        {{"_message", test::xml_value("string", text)},
         {"title", test::xml_value("string", "Invalid ticket number")},
         {"show_traceback", test::xml_value("boolean", "0")}});
}

adapters::reply poisoned()
{
    return test::answer(
        500,
        "text/plain;charset=utf-8",
        "Unhandled protocol error calling 'system.multicall': cannot marshal <class 'x'> objects");
}

} // namespace

TEST_CASE("Trac XML-RPC: visible tickets in one multicall, with the time of change in UTC")
{
    tracker t;
    t.at.next(xml_ids({3, 1}));
    t.at.next(xml_answer(
        xml_array({xml_array({xml_ticket(3, "closed", "fixed")}), xml_array({xml_ticket(1, "new", "")})})));
    auto const got = t.look({"1", "3"});

    CHECK_FALSE(got.trouble);
    auto const three = seen(got, "3");
    CHECK(three.words.status == "closed");
    CHECK(three.words.resolution == "fixed");
    CHECK(three.words.priority == "minor");
    CHECK(three.words.severity == "sev-minor");
    CHECK(three.words.type == "defect");
    CHECK(three.title == "plums & pears #3");
    REQUIRE(three.modified);
    CHECK(format_time(*three.modified) == "2026-04-12T08:15:30Z");
    CHECK(seen(got, "1").words.resolution.empty());
    REQUIRE(t.at.asked().size() == 2);
    CHECK(t.at.asked()[0].url.target() == "/plum/xmlrpc");
    CHECK(t.at.asked()[0].body.find("id=1,3&amp;max=0") != std::string::npos);
    CHECK_FALSE(t.at.asked()[0].login);
}

TEST_CASE("Trac XML-RPC: what the query hides is asked singly, and the fault says why")
{
    tracker t;
    t.at.next(xml_ids({}));
    t.at.next(xml_fault(403, "TICKET_VIEW privileges are required to perform this operation on Ticket #13."));
    t.at.next(xml_fault(404, "Ticket 9999 does not exist."));
    auto const got = t.look({"13", "9999"});
    CHECK_FALSE(got.trouble);
    CHECK(ended(got, "13") == outcome::forbidden);
    CHECK(ended(got, "9999") == outcome::not_found);
    CHECK(t.calls("system.multicall") == 0);
}

TEST_CASE("Trac XML-RPC: an old plugin tells faults by words only")
{
    tracker t;
    t.at.next(xml_ids({}));
    t.at.next(xml_fault(2, "'Ticket 77 does not exist.' while executing 'ticket.get()'"));
    t.at.next(xml_fault(2, "'TICKET_VIEW privileges are required' while executing 'ticket.get()'"));
    t.at.next(xml_fault(2, "'database is locked' while executing 'ticket.get()'"));
    auto const got = t.look({"77", "78", "79"});
    CHECK(ended(got, "77") == outcome::not_found);
    CHECK(ended(got, "78") == outcome::forbidden);
    CHECK(ended(got, "79") == outcome::unparsable);
}

TEST_CASE("Trac XML-RPC: a bare struct in a multicall is that ticket's failure")
{
    tracker t;
    t.at.next(xml_ids({1, 2, 3, 4}));
    t.at.next(xml_answer(xml_array(
        {xml_array({xml_ticket(1, "new", "")}),
         bare_failure("Ticket 2 does not exist."),
         bare_failure("the moon is wrong"),
         test::xml_struct(
             {{"faultCode", test::xml_value("int", "403")},
              {"faultString", test::xml_value("string", "no")}})})));
    auto const got = t.look({"1", "2", "3", "4"});
    CHECK_FALSE(got.trouble);
    CHECK(ended(got, "1") == outcome::seen);
    CHECK(ended(got, "2") == outcome::not_found);
    CHECK(ended(got, "3") == outcome::unparsable);
    CHECK(ended(got, "4") == outcome::forbidden);
}

TEST_CASE("Trac XML-RPC: one ticket that poisons the multicall is isolated by halves")
{
    tracker t;
    t.at.next(xml_ids({1, 2, 3, 4}));
    t.at.next(poisoned());
    t.at.next(xml_answer(
        xml_array({xml_array({xml_ticket(1, "new", "")}), xml_array({xml_ticket(2, "new", "")})})));
    t.at.next(poisoned());
    t.at.next(xml_answer(xml_ticket(3, "accepted", ""))); // singly
    t.at.next(xml_fault(403, "TICKET_VIEW privileges are required"));
    auto const got = t.look({"1", "2", "3", "4"});
    CHECK_FALSE(got.trouble);
    for (auto const* const id : {"1", "2", "3"})
        CHECK(ended(got, id) == outcome::seen);
    CHECK(ended(got, "4") == outcome::forbidden);
    CHECK(t.calls("system.multicall") == 3);
}

TEST_CASE("Trac XML-RPC: a plugin that only crashes is trouble after a bounded number of calls")
{
    tracker t;
    std::vector<std::string> ids;
    std::vector<int> numbers;
    for (int i = 1; i <= 300; ++i) {
        ids.push_back(std::to_string(i));
        numbers.push_back(i);
    }
    t.at.next(xml_ids(numbers));
    for (int i = 0; i != 9; ++i)
        t.at.next(poisoned());
    auto const got = t.look(ids);
    CHECK(got.found.empty());
    REQUIRE(got.trouble);
    CHECK(got.trouble->kind == error_kind::protocol_error);
    CHECK(t.at.asked().size() == 10);
}

TEST_CASE("Trac XML-RPC: multicalls stay at a hundred tickets")
{
    tracker t;
    std::vector<std::string> ids;
    std::vector<int> numbers;
    for (int i = 1; i <= 250; ++i) {
        ids.push_back(std::to_string(i));
        numbers.push_back(i);
    }
    t.at.next(xml_ids(numbers));
    for (int first : {1, 101, 201}) {
        std::vector<std::string> parts;
        for (int i = first; i < first + 100 && i <= 250; ++i)
            parts.push_back(xml_array({xml_ticket(i, "new", "")}));
        t.at.next(xml_answer(xml_array(parts)));
    }
    auto const got = t.look(ids);
    CHECK_FALSE(got.trouble);
    CHECK(got.found.size() == 250);
    CHECK(t.at.asked().size() == 4);
}

TEST_CASE("Trac XML-RPC: answers that do not fit are trouble")
{
    struct sample {
        std::vector<adapters::reply> answers;
        error_kind kind;
    };
    std::vector<sample> const samples{
        {{xml_ids({70, 71})}, error_kind::protocol_error}, // the default query
        {{xml_fault(403, "XML_RPC privileges are required to perform this operation.")},
         error_kind::auth_failed},
        {{xml_fault(-32601, "RPC method \"ticket.query\" not found")}, error_kind::protocol_error},
        {{test::trac_page(404, "Error: Not Found")}, error_kind::protocol_error},
        {{test::answer(200, "text/html", "<html><input type=\"password\"></html>")}, error_kind::auth_failed},
        {{test::answer(200, "text/xml", "<methodResponse><oops")}, error_kind::protocol_error},
        {{xml_ids({1, 2}), xml_answer(xml_array({xml_array({xml_ticket(1, "new", "")})}))},
         error_kind::protocol_error}, // one answer to two calls
        {{xml_ids({1, 2}), test::answer(503, "text/html", "busy")}, error_kind::maintenance}};
    for (auto const& s : samples) {
        tracker t;
        for (auto const& one : s.answers)
            t.at.next(one);
        auto const got = t.look({"1", "2"});
        CAPTURE(s.answers.back().body);
        CHECK(got.found.empty());
        REQUIRE(got.trouble);
        CHECK(got.trouble->kind == s.kind);
    }
}

TEST_CASE("Trac XML-RPC: a record under another id does not count for the id that was asked")
{
    tracker t;
    t.at.next(xml_ids({1, 2}));
    t.at.next(xml_answer(
        xml_array({xml_array({xml_ticket(1, "new", "")}), xml_array({xml_ticket(22, "closed", "fixed")})})));
    t.at.next(xml_fault(404, "Ticket 2 does not exist."));
    auto const got = t.look({"1", "2"});
    CHECK(ended(got, "1") == outcome::seen);
    CHECK(ended(got, "2") == outcome::not_found);
    CHECK_FALSE(ended(got, "22"));
}

TEST_CASE("Trac XML-RPC: a credential goes below /login, and 401 there is a refused login")
{
    tracker t;
    t.at.set_credential(true);
    t.can.login = "basic";
    t.can.protocol = "rpc";
    t.at.next(test::basic_refused());
    auto const got = t.look({"1"});
    REQUIRE(got.trouble);
    CHECK(got.trouble->kind == error_kind::auth_failed);
    REQUIRE(t.at.asked().size() == 1);
    CHECK(t.at.asked()[0].url.target() == "/plum/login/rpc");
    REQUIRE(t.at.asked()[0].login);
    CHECK(t.at.asked()[0].login->place == adapters::login_place::where::basic);
}

TEST_CASE("Trac with Launchpad's plugin: bug_info tells what is missing")
{
    tracker t;
    t.can.protocol = "launchpad";
    auto const bug = [](std::string_view id, std::string_view status, std::string_view resolution) {
        return test::xml_struct(
            {{"id", test::xml_value("string", id)},
             {"status", test::xml_value("string", status)},
             {"resolution", test::xml_value("string", resolution)}});
    };
    t.at.on(
        "POST",
        "/plum/xmlrpc",
        xml_answer(xml_array(
            {test::xml_value("int", "1775981730"),
             xml_array({bug("1", "closed", "wontfix"), bug("99", "missing", ""), bug("2", "open", "--")})})));
    t.at.on("GET", "/plum/ticket/3?format=csv", test::hidden_ticket());
    auto const got = t.look({"1", "2", "3", "99"});
    CHECK_FALSE(got.trouble);
    CHECK(seen(got, "1").words.resolution == "wontfix");
    CHECK(seen(got, "2").words.resolution.empty());
    CHECK(ended(got, "99") == outcome::not_found);
    CHECK(ended(got, "3") == outcome::forbidden);
    CHECK(t.calls("launchpad.bug_info") == 1);
}

TEST_CASE("Trac with Launchpad's plugin: without its token it is a refused login")
{
    tracker t;
    t.can.protocol = "launchpad";
    t.at.next(test::answer(403, "text/plain", "Forbidden"));
    auto const got = t.look({"1"});
    CHECK(got.found.empty());
    REQUIRE(got.trouble);
    CHECK(got.trouble->kind == error_kind::auth_failed);
}
