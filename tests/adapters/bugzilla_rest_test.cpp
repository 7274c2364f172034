#include "tests/adapters/bugzilla_pages.hpp"

#include <catch2/catch.hpp>

using namespace checkwatches;
using namespace checkwatches::test;
using namespace checkwatches::test::bugzilla;

namespace {

capabilities const can{.protocol = "rest", .version = "5.2", .batch = 500};

// Answers a search with `list`, and for single bugs what stands in `singles` by id; anything else is missing.
struct scripted {
    reply list;
    std::map<std::string, reply> singles{};

    canned_remote::answer operator()(request const& rq) const
    {
        if (rq.url.path.ends_with("/bug"))
            return list;
        auto const id = percent_decode(rq.url.path.substr(rq.url.path.rfind('/') + 1));
        if (auto const one = singles.find(id); one != singles.end())
            return one->second;
        return json_error(404, 101, fmt::format("Bug #{} does not exist.", id));
    }
};

canned_remote at_server(canned_remote::answering f)
{
    return canned_remote{"https://bugs.example.org/bz", std::move(f)};
}

reply const no_bugs = json(R"({"bugs":[]})");

} // namespace

TEST_CASE("bugzilla rest: a batch in one request")
{
    auto at = at_server(scripted{.list = json(R"({"bugs":[
        {"severity":"major","id":31,"summary":"Gr\u00fc\u00dfe","resolution":"","status":"IN_PROGRESS","dupe_of":null,
         "last_change_time":"2026-03-04T05:06:07Z","priority":"P2","is_open":true,"alias":["FROB-1"]},
        {"id":32,"status":"RESOLVED","resolution":"DUPLICATE","dupe_of":31,"priority":"---","severity":"normal",
         "last_change_time":"2026-03-04T05:06:08Z","summary":"b"}]})")});
    auto const found = look(at, can, {"31", "32"});
    CHECK_FALSE(found.trouble);
    CHECK(found.found.size() == 2);
    auto const& first = seen(found, "31");
    CHECK(first.words == raw_words{.status = "IN_PROGRESS", .priority = "P2", .severity = "major"});
    CHECK(first.title == "Grüße");
    CHECK(first.duplicate_of.empty());
    CHECK(first.modified == parse_time("2026-03-04T05:06:07Z"));
    CHECK(seen(found, "32").duplicate_of == "31");
    CHECK(seen(found, "32").words.resolution == "DUPLICATE");
    CHECK(
        at.lines()
        == std::vector<std::string>{
            "GET "
            "/bz/rest/"
            "bug?id=31,32&include_fields=id,status,resolution,priority,severity,summary,product,dupe_of,"
            "last_change_time&limit=2"});
    CHECK(header_of(at.asked.front(), "Accept") == "application/json");
}

TEST_CASE("bugzilla rest: without URL rewriting everything is at rest.cgi")
{
    auto cgi = can;
    cgi.protocol = "rest.cgi";
    auto at = at_server(scripted{.list = no_bugs});
    look(at, cgi, {"1"});
    CHECK(at.lines()[0].starts_with("GET /bz/rest.cgi/bug?id=1&"));
    CHECK(at.lines()[1].starts_with("GET /bz/rest.cgi/bug/1?include_fields=id,"));
}

TEST_CASE("bugzilla rest: Mozilla's bugs have a type")
{
    auto mozilla = can;
    mozilla.version = "20260801.1";
    auto at = at_server(scripted{
        .list = json(
            R"({"bugs":[{"id":1,"status":"NEW","resolution":"","type":"enhancement","severity":"N/A","priority":"--"}]})")});
    CHECK(seen(look(at, mozilla, {"1"}), "1").words.type == "enhancement");
    CHECK(contains(at.lines()[0], "last_change_time,type&"));
}

TEST_CASE("bugzilla rest: ids that a batch passes over are asked alone and told apart")
{
    auto at = at_server(scripted{
        .list = json(R"({"bugs":[{"id":1,"status":"NEW","resolution":""}]})"),
        .singles{
            {"2", json_error(401, 102, "You are not authorized to access bug #2.")},
            {"4", json_error(400, 100, "'4' is not a valid bug number.")},
            {"5", json_error(400, 113, "No permission.")},
            {"6", json(R"({"faults":[],"bugs":[{"id":6,"status":"NEW","resolution":""}]})")},
            {"7", json(R"({"bugs":[],"faults":[{"id":"7","faultCode":102,"faultString":"Hidden."}]})")},
            {"8", no_bugs}}});
    auto const found = look(at, can, numbers(1, 8));
    CHECK_FALSE(found.trouble);
    CHECK(ending(found, "1") == "seen");
    CHECK(ending(found, "2") == "forbidden");
    CHECK(detail(found, "2") == "You are not authorized to access bug #2.");
    CHECK(ending(found, "3") == "not_found");
    CHECK(detail(found, "3") == "Bug #3 does not exist.");
    CHECK(ending(found, "4") == "invalid_id");
    CHECK(ending(found, "5") == "forbidden");
    CHECK(ending(found, "6") == "seen");
    CHECK(ending(found, "7") == "forbidden");
    CHECK(ending(found, "8") == "not_answered");
    CHECK(found.found.size() == 8);
    CHECK(at.asked.size() == 8); // the batch, and seven alone
}

TEST_CASE("bugzilla rest: an alias is asked alone and recorded under itself")
{
    auto at = at_server(scripted{
        .list = json(R"({"bugs":[{"id":5,"status":"NEW","resolution":""}]})"),
        .singles{
            {"CVE-2026-0001",
             json(
                 R"({"faults":[],"bugs":[{"id":9,"alias":["CVE-2026-0001"],"status":"RESOLVED","resolution":"FIXED"}]})")},
            {"abc", json_error(400, 100, "'abc' is not a valid bug number nor an alias to a bug.")},
            {"SECRET-1", json_error(401, 102, "You are not authorized to access bug #77.")}}});
    auto const found = look(at, can, {"CVE-2026-0001", "5", "abc", "SECRET-1"});
    CHECK(seen(found, "CVE-2026-0001").words.resolution == "FIXED");
    CHECK(ending(found, "5") == "seen");
    CHECK(ending(found, "abc") == "invalid_id");
    CHECK(ending(found, "SECRET-1") == "forbidden");
    CHECK(found.found.size() == 4);
    CHECK(contains(at.lines()[0], "?id=5&"));
    CHECK(contains(at.lines()[1], "/rest/bug/CVE-2026-0001?"));
}

TEST_CASE("bugzilla rest: malformed ids cost no request")
{
    auto at = at_server(scripted{.list = no_bugs});
    std::vector<std::string> const ids{"", "0", "1,2", "-3", "4 5", "007", "99999999999", "a/b", "#1"};
    auto const found = look(at, can, ids);
    CHECK_FALSE(found.trouble);
    CHECK(at.asked.empty());
    for (auto const& id : ids) {
        CAPTURE(id);
        CHECK(ending(found, id) == "invalid_id");
    }
    CHECK(look(at, can, {}).found.empty());
    CHECK(at.asked.empty()); // an empty list would ask for every bug there is
}

TEST_CASE("bugzilla rest: nothing but the ids asked is taken")
{
    auto at = at_server(scripted{.list = json(R"({"bugs":[
        {"id":99,"status":"NEW","resolution":""},
        {"status":"NEW"},
        "frob",
        {"id":"2","status":"NEW","resolution":"---"},
        {"id":2,"status":"CLOSED","resolution":"FIXED"},
        {"id":3,"resolution":""},
        {"id":4,"status":null}]})")});
    auto const found = look(at, can, {"2", "3", "4"});
    CHECK(found.found.size() == 3);
    CHECK(seen(found, "2").words == raw_words{.status = "NEW"}); // the first one counts
    CHECK(ending(found, "3") == "unparsable");
    CHECK(ending(found, "4") == "unparsable");
    CHECK(at.asked.size() == 1);
}

TEST_CASE("bugzilla rest: another bug in the place of the one asked is no answer")
{
    auto at = at_server(scripted{
        .list = no_bugs, .singles{{"3", json(R"({"bugs":[{"id":4,"status":"NEW","resolution":""}]})")}}});
    CHECK(ending(look(at, can, {"3"}), "3") == "not_answered");
}

TEST_CASE("bugzilla rest: characters that cannot be read are counted")
{
    auto at = at_server(scripted{
        .list = json("{\"bugs\":[{\"id\":1,\"status\":\"NEW\",\"summary\":\"a\xFF\xFE\"},{\"id\":2,"
                     "\"status\":\"NEW\",\"summary\":\"b\"}]}")});
    auto const found = look(at, can, {"1", "2"});
    CHECK(seen(found, "1").replaced == 2);
    CHECK(seen(found, "2").replaced == 0);
}

TEST_CASE("bugzilla rest: a batch that fails is the tracker's trouble, and nobody's absence")
{
    auto const [name, answer, kind] = GENERATE(table<std::string, canned_remote::answer, std::string>({
        {"a login is wanted", json_error(401, 410, "You must log in before using this."), "auth_failed"},
        {"a bad key", json_error(400, 306, "The API key Kx7 is invalid."), "auth_failed"},
        {"a bad login", json_error(401, 300, "The login is invalid."), "auth_failed"},
        {"a disabled account", json_error(401, 301, "Disabled."), "auth_failed"},
        {"a rate limit", json_error(400, 32000, "You have exceeded the rate limit."), "rate_limited"},
        {"a key is wanted", json_error(400, 32000, "API key authentication is required."), "auth_failed"},
        {"an unknown error", json_error(400, 32000, "Undefined subroutine."), "protocol_error"},
        {"a negative code", json_error(500, -32000, "DBD::Pg::db failed."), "protocol_error"},
        {"a database that gave up", json_error(400, 1001, "Search timed out."), "timeout"},
        {"a missing parameter", json_error(400, 50, "limit is required."), "protocol_error"},
        {"no such resource", json_error(404, 32614, "No REST resource."), "protocol_error"},
        {"a login page", login_page(), "auth_failed"},
        {"a challenge", challenge(), "bot_wall"},
        {"maintenance", down(), "maintenance"},
        {"a page that says nothing", html("Welcome"), "protocol_error"},
        {"a 404 page", not_there(), "protocol_error"},
        {"a 403 page", html("Forbidden", "", 403), "auth_failed"},
        {"a 410 page", html("Gone", "", 410), "protocol_error"},
        {"a proxy's error", html("Bad Gateway", "", 502), "protocol_error"},
        {"text", canned(200, "text/plain", "hello"), "protocol_error"},
        {"an HTTP error with JSON of another kind", json(R"({"detail":"x"})", 500), "protocol_error"},
        {"silence", error{.kind = error_kind::timeout}, "timeout"},
        {"a refused connection", error{.kind = error_kind::connect_failed}, "connect_failed"},
        {"a 429", error{.kind = error_kind::rate_limited}, "rate_limited"},
    }));
    CAPTURE(name);
    auto at = at_server([answer](request const&) { return answer; });
    auto const found = look(at, can, {"1", "2"});
    CHECK(found.found.empty());
    REQUIRE(found.trouble);
    CHECK(word(found.trouble->kind) == kind);
    CHECK(at.asked.size() == 1);
    CHECK_FALSE(contains(found.trouble->message, "Kx7")); // the server's words may quote a key
}

TEST_CASE("bugzilla rest: Mozilla's limit is not tried again soon")
{
    auto at = at_server(
        [](auto const&) { return json_error(400, 32000, "You have exceeded the rate limit."); });
    CHECK(look(at, can, {"1"}).trouble->retry_after == std::chrono::hours{1});
}

TEST_CASE("bugzilla rest: what is not readable at all is asked in halves, and told of one bug alone")
{
    auto const broken = GENERATE(
        json("{\"bugs\":[{\"id\":1,"),
        json("[]"),
        json(R"({"result":[]})"),
        json(""),
        json(R"({"bugs":{}})"));
    auto at = at_server([&](request const& rq) -> canned_remote::answer {
        auto const ids = searched_ids(rq);
        if (std::ranges::find(ids, "5") != ids.end())
            return broken;
        std::string list;
        for (auto const& id : ids)
            list += fmt::format(
                R"({}{{"id":{},"status":"NEW","resolution":""}})", list.empty() ? "" : ",", id);
        return json("{\"bugs\":[" + list + "]}");
    });
    auto const found = look(at, can, numbers(1, 8));
    CHECK_FALSE(found.trouble);
    CHECK(ending(found, "5") == "unparsable");
    for (auto const& id : {"1", "2", "3", "4", "6", "7", "8"})
        CHECK(ending(found, id) == "seen");
}

TEST_CASE("bugzilla rest: trouble in the middle keeps what is known and names the rest")
{
    auto const trouble = GENERATE(
        canned_remote::answer{json_error(400, 32000, "You have exceeded the rate limit.")},
        canned_remote::answer{error{.kind = error_kind::timeout}},
        canned_remote::answer{down()},
        canned_remote::answer{not_there()});
    auto at = at_server([&](request const& rq) -> canned_remote::answer {
        if (rq.url.path.ends_with("/bug"))
            return json(R"({"bugs":[{"id":1,"status":"NEW","resolution":""}]})");
        if (rq.url.path.ends_with("/bug/2"))
            return json_error(404, 101, "Bug #2 does not exist.");
        return trouble;
    });
    auto const found = look(at, can, {"1", "2", "3", "4"});
    REQUIRE(found.trouble);
    CHECK(is_tracker_failure(to_outcome(found.trouble->kind).value()));
    CHECK(ending(found, "1") == "seen");
    CHECK(ending(found, "2") == "not_found");
    CHECK(ending(found, "3") == "-");
    CHECK(ending(found, "4") == "-");
    CHECK(at.asked.size() == 3);
}

TEST_CASE("bugzilla: capabilities in words of another program are refused")
{
    auto at = at_server(scripted{.list = no_bugs});
    auto const found = look(at, {.protocol = "telepathy", .batch = 10}, {"1"});
    REQUIRE(found.trouble);
    CHECK(found.trouble->kind == error_kind::unsupported);
    CHECK(at.asked.empty());
}
