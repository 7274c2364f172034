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
    capabilities can{.protocol = "rest1", .batch = 200, .comments = true, .login = "password"};
    std::unique_ptr<adapters::adapter const> kind = adapters::make_rt();

    adapters::findings look(std::vector<std::string> const& ids) { return run(kind->look(at, can, ids)); }
    adapters::findings look_changed(std::vector<std::string> const& ids)
    {
        return run(kind->look_changed(at, can, ids, since));
    }
    std::string body(std::size_t request) const { return at.asked().at(request).body; }
};

adapters::reply page(unsigned status)
{
    return answer(status, "text/html", "<html><head><title>nginx</title></head></html>");
}

} // namespace

TEST_CASE("RT look: one request tells of each ticket, and why it is not shown")
{
    tracker t;
    t.at.on(
        "POST",
        "/REST/1.0/show",
        rest1(
            "200 Ok",
            blocks(
                rest1_ticket(1, "open", "75"),
                rest1_ticket(11, "resolved"),
                rest1_hidden(13),
                rest1_missing(9999))));
    auto const got = t.look({"9999", "13", "x", "12", "1"});
    CHECK_FALSE(got.trouble);
    auto const one = seen(got, "1");
    CHECK(one.words.status == "open");
    CHECK(one.words.priority == "75");
    CHECK(one.title == "plums: \"sour\" #1");
    CHECK(one.duplicate_of.empty());
    CHECK_FALSE(one.modified);
    // 12 was merged into 11, which answers in its place.
    CHECK(seen(got, "12").duplicate_of == "11");
    CHECK(seen(got, "12").words.status == "resolved");
    CHECK(ended(got, "13") == outcome::forbidden);
    CHECK(ended(got, "9999") == outcome::not_found);
    CHECK(ended(got, "x") == outcome::invalid_id);
    REQUIRE(t.at.asked().size() == 1);
    CHECK(t.body(0).starts_with("id=ticket/1,12,13,9999&format=l&fields=id,"));
    CHECK_FALSE(t.at.asked()[0].login);
}

TEST_CASE("RT look: where the session has ended, the login is sent, and only then")
{
    tracker t;
    t.at.next(rest1_refused());
    t.at.next(rest1("200 Ok", blocks(rest1_ticket(1, "new"))));
    auto const got = t.look({"1"});
    CHECK(seen(got, "1").words.status == "new");
    REQUIRE(t.at.asked().size() == 2);
    CHECK_FALSE(t.at.asked()[0].login);
    REQUIRE(t.at.asked()[1].login);
    CHECK(t.at.asked()[1].login->place == adapters::login_place::where::body);
    CHECK(t.body(1).find("&user={{checkwatches:user}}&pass={{checkwatches:secret}}") != std::string::npos);

    tracker refused;
    refused.at.next(rest1_refused());
    refused.at.next(rest1_refused());
    auto const lost = refused.look({"1"});
    REQUIRE(lost.trouble);
    CHECK(lost.trouble->kind == error_kind::auth_failed);
    CHECK(lost.found.empty());

    tracker guest;
    guest.can.login = "";
    guest.can.identity = "guest";
    guest.at.next(rest1_refused());
    guest.at.next(rest1("200 Ok", blocks(rest1_ticket(1, "new"))));
    CHECK(ended(guest.look({"1"}), "1") == outcome::seen);
    CHECK(guest.body(1).ends_with("&user=guest&pass=guest"));
}

TEST_CASE("RT look: answers in another order are told apart by name, and the rest is asked singly")
{
    tracker t;
    t.at.next(rest1(
        "200 Ok",
        blocks(rest1_ticket(2, "open"), rest1_ticket(1, "new"), rest1_missing(4), rest1_hidden(99))));
    t.at.next(rest1("200 Ok", blocks(rest1_hidden(3))));
    auto const got = t.look({"1", "2", "3", "4"});
    CHECK_FALSE(got.trouble);
    CHECK(seen(got, "1").words.status == "new");
    CHECK(seen(got, "2").words.status == "open");
    CHECK(seen(got, "2").duplicate_of.empty());
    CHECK(ended(got, "3") == outcome::forbidden);
    CHECK(ended(got, "4") == outcome::not_found);
    CHECK(t.at.asked().size() == 2);
}

TEST_CASE("RT look: a record without a status, and a comment of another kind")
{
    tracker t;
    t.at.next(
        rest1("200 Ok", blocks("id: ticket/1\nSubject: Status: open\n", "# Something else went wrong.\n")));
    auto const got = t.look({"1", "2"});
    CHECK(ended(got, "1") == outcome::unparsable);
    CHECK(ended(got, "2") == outcome::unparsable);
}

TEST_CASE("RT look: an old RT that refuses the names of fields is asked for all")
{
    tracker t;
    t.at.next(rest1("400 Bad Request", "\nInvalid field specification: id,CF.{Severity}"));
    t.at.next(rest1("200 Ok", blocks(rest1_ticket(1, "new"))));
    CHECK(ended(t.look({"1"}), "1") == outcome::seen);
    CHECK(t.body(1) == "id=ticket/1&format=l");
}

TEST_CASE("RT look: what is no answer of RT is trouble, and no absence")
{
    std::vector<std::pair<result<adapters::reply>, error_kind>> const rows{
        {error{.kind = error_kind::timeout}, error_kind::timeout},
        {page(404), error_kind::protocol_error},
        {page(403), error_kind::auth_failed},
        {page(503), error_kind::maintenance},
        {answer(200, "text/plain", ""), error_kind::protocol_error},
        {answer(200, "text/plain", "id: ticket/1\nStatus: open\n"), error_kind::protocol_error},
        {answer(200, "text/html", "<title>Login</title><input type=\"password\">"), error_kind::auth_failed},
        {rest1("500 Internal error", "\noops"), error_kind::protocol_error}};
    for (auto const& [what, kind] : rows) {
        tracker t;
        t.at.on("POST", "/REST/1.0/show", what);
        auto const got = t.look({"1", "2"});
        REQUIRE(got.trouble);
        CHECK(got.trouble->kind == kind);
        CHECK(got.found.empty());
    }
}

TEST_CASE("RT changed: a search with a day's overlap; the rest is unmodified")
{
    tracker t;
    t.at.next(rest1("200 Ok", blocks(rest1_ticket(2, "resolved"))));
    t.at.next(rest1("200 Ok", "\nticket/1\n"));
    auto const got = t.look_changed({"1", "2"});
    CHECK_FALSE(got.trouble);
    CHECK(ended(got, "1") == outcome::unmodified);
    CHECK(seen(got, "2").words.status == "resolved");
    REQUIRE(t.at.asked().size() == 2);
    CHECK(t.at.lines()[0] == "POST /REST/1.0/search/ticket");
    CHECK(percent_decode(t.body(0)).starts_with(
        "query=(id = 1 OR id = 2) AND LastUpdated > '2026-11-19 10:00:00'&format=l"));

    tracker quiet;
    quiet.at.next(rest1("200 Ok", "\nNo matching results."));
    quiet.at.next(rest1("200 Ok", "\nticket/1\nticket/2\n"));
    CHECK(ended(quiet.look_changed({"1", "2"}), "2") == outcome::unmodified);
    CHECK(percent_decode(quiet.body(1)) == "query=id = 1 OR id = 2&format=i");
}

TEST_CASE("RT changed: a ticket that no search finds, as a merged one, is read")
{
    tracker t;
    t.at.next(rest1("200 Ok", "\nNo matching results."));
    t.at.next(rest1("200 Ok", "\nticket/1\nticket/11\n"));
    t.at.next(rest1("200 Ok", blocks(rest1_ticket(11, "resolved"))));
    auto const merged = t.look_changed({"1", "12"});
    CHECK_FALSE(merged.trouble);
    CHECK(ended(merged, "1") == outcome::unmodified);
    CHECK(seen(merged, "12").words.status == "resolved");
    CHECK(seen(merged, "12").duplicate_of == "11");

    tracker odd;
    odd.at.next(rest1("200 Ok", "\nNo matching results."));
    odd.at.next(rest1("400 Bad request", "\nInvalid query: 'x'."));
    odd.at.next(rest1("200 Ok", blocks(rest1_ticket(1, "open"), rest1_ticket(2, "open"))));
    CHECK(ended(odd.look_changed({"1", "2"}), "1") == outcome::seen);

    tracker down;
    down.at.next(rest1("200 Ok", "\nNo matching results."));
    down.at.next(page(503));
    auto const got = down.look_changed({"1", "12"});
    REQUIRE(got.trouble);
    CHECK(got.found.empty());
}

TEST_CASE("RT changed: where the search is refused or answers strangers, all are read")
{
    for (auto const& odd :
         {rest1("400 Bad request", "\nInvalid query: 'x'."),
          rest1("200 Ok", ""),
          rest1("200 Ok", blocks(rest1_ticket(77, "open")))}) {
        tracker t;
        t.at.next(odd);
        t.at.next(rest1("200 Ok", blocks(rest1_ticket(1, "open"), rest1_ticket(2, "open"))));
        auto const got = t.look_changed({"1", "2"});
        CHECK_FALSE(got.trouble);
        CHECK(ended(got, "1") == outcome::seen);
        CHECK(ended(got, "2") == outcome::seen);
    }
}

TEST_CASE("RT probe: REST 1.0 with a credential, and as guest without one")
{
    tracker t;
    t.at.set_credential(true);
    t.at.next(rest1("200 Ok", blocks(rest1_missing(1))));
    auto const can = run(t.kind->probe(t.at));
    REQUIRE(can);
    CHECK(can->protocol == "rest1");
    CHECK(can->version == "5.0.3");
    CHECK(can->login == "password");
    CHECK_FALSE(can->identity.empty());
    CHECK(can->changed_since);
    CHECK(can->comments);
    CHECK(t.at.asked()[0].login->place == adapters::login_place::where::body);

    tracker token;
    token.at.set_credential(false);
    token.at.next(rest1("200 Ok", blocks(rest1_missing(1))));
    CHECK(run(token.kind->probe(token.at))->login == "token");
    CHECK(token.at.asked()[0].login->prefix == "token ");

    tracker guest;
    guest.at.next(rest1_refused());
    guest.at.next(rest1("200 Ok", blocks(rest1_ticket(1, "new"))));
    auto const as_guest = run(guest.kind->probe(guest.at));
    REQUIRE(as_guest);
    CHECK(as_guest->login.empty()); // no credential went there
    CHECK(as_guest->identity == "guest");
}

TEST_CASE("RT probe: REST 2.0 where 1.0 does not take the credential, or is closed")
{
    for (auto const& first : {rest1_refused(), page(404), page(403)}) {
        tracker t;
        t.at.set_credential(true);
        t.at.on("POST", "/REST/1.0/show", first);
        t.at.on("GET", "/REST/2.0/rt", rest2(200, R"({"Version":"5.0.5"})"));
        auto const can = run(t.kind->probe(t.at));
        REQUIRE(can);
        CHECK(can->protocol == "rest2");
        CHECK(can->version == "5.0.5");
        CHECK(can->batch == 100);
        CHECK_FALSE(can->changed_since);
        CHECK(can->comments);
    }
}

TEST_CASE("RT probe: what is no RT, or does not let us in")
{
    struct row {
        result<adapters::reply> rest1;
        result<adapters::reply> rest2;
        error_kind kind;
    };
    std::vector<row> const rows{
        {rest1_refused(), rest2_message(401, "Unauthorized"), error_kind::auth_failed},
        {page(404), rest2_message(401, "Unauthorized"), error_kind::auth_failed},
        {page(404), page(404), error_kind::unsupported},
        {page(404), rest2(404, R"({"message":"404 Project Not Found"})"), error_kind::unsupported},
        {page(200), page(200), error_kind::unsupported},
        {answer(200, "text/plain", "hello"), rest2(200, "{}"), error_kind::unsupported},
        {error{.kind = error_kind::timeout}, page(404), error_kind::timeout},
        {error{.kind = error_kind::protocol_error}, page(404), error_kind::protocol_error}, // half an answer
        {page(500), page(500), error_kind::protocol_error},
        {page(404), page(502), error_kind::protocol_error},
        {page(503), page(404), error_kind::maintenance}};
    for (auto const& r : rows) {
        tracker t;
        t.at.on("POST", "/REST/1.0/show", r.rest1);
        t.at.on("GET", "/REST/2.0/rt", r.rest2);
        auto const can = run(t.kind->probe(t.at));
        REQUIRE_FALSE(can);
        CHECK(can.error().kind == r.kind);
    }
}

TEST_CASE("RT comments: what was written, of the history, since a time")
{
    auto const transaction =
        [](int id, std::string const& type, std::string const& text, std::string const& at) {
            return fmt::format(
                "# 1/3 (id/{0}/total)\n\nid: {0}\nTicket: 1\nType: {1}\nDescription: {1} by jo\n\nContent: "
                "{2}\n\n"
                "Creator: jo\nCreated: {3}\n\nAttachments: \n",
                id,
                type,
                text,
                at);
        };
    auto const history = rest1(
        "200 Ok",
        blocks(
            transaction(70, "Create", "It broke.\n         \n         Badly: yes", "2026-11-20 09:00:00"),
            transaction(71, "Status", "This transaction appears to have no content", "2026-11-20 09:30:00"),
            transaction(72, "Comment", "Mine too", "2026-11-20 10:00:00")));
    tracker t;
    t.at.on("POST", "/REST/1.0/ticket/1/history", history);
    auto const all = run(t.kind->read_comments(t.at, t.can, "1", std::nullopt));
    REQUIRE(all);
    REQUIRE(all->size() == 2);
    CHECK(all->at(0).remote_id == "70");
    CHECK(all->at(0).author == "jo");
    CHECK(all->at(0).text == "It broke.\n\nBadly: yes");
    CHECK(all->at(0).at == since - std::chrono::hours{1});
    auto const later = run(t.kind->read_comments(t.at, t.can, "1", since));
    REQUIRE(later->size() == 1);
    CHECK(later->at(0).text == "Mine too");

    std::pair<adapters::reply, error_kind> const rows[]{
        {rest1("200 Ok", blocks(rest1_missing(2))), error_kind::not_found},
        {rest1("200 Ok", blocks(rest1_hidden(2))), error_kind::forbidden},
        {rest1("200 Ok", ""), error_kind::forbidden}};
    for (auto const& [what, kind] : rows) {
        tracker none;
        none.at.on("POST", "/REST/1.0/ticket/2/history", what);
        CHECK(run(none.kind->read_comments(none.at, none.can, "2", std::nullopt)).error().kind == kind);
    }
}
