#include "tests/adapters/bugzilla_pages.hpp"

#include <catch2/catch.hpp>

using namespace checkwatches;
using namespace checkwatches::test;
using namespace checkwatches::test::bugzilla;

namespace {

using place = adapters::login_place::where;

// What a request carries in the places where a Bugzilla may look for a key.
enum class carried { nothing, ours, made_up };

carried in_query(request const& rq)
{
    if (rq.login && rq.login->place == place::query && rq.login->name == "api_key")
        return carried::ours;
    return rq.url.parameter("api_key") ? carried::made_up : carried::nothing;
}

carried in_header(request const& rq, std::string_view name, std::string_view prefix)
{
    if (rq.login && rq.login->place == place::header && rq.login->name == name && rq.login->prefix == prefix)
        return carried::ours;
    return header_of(rq, name).empty() ? carried::nothing : carried::made_up;
}

carried in_member(request const& rq)
{
    if (!contains(rq.body, "<name>Bugzilla_api_key</name>"))
        return carried::nothing;
    bool const slot = contains(rq.body, adapters::secret_slot);
    return slot && rq.login && rq.login->place == place::body ? carried::ours : carried::made_up;
}

bool has_password(request const& rq)
{
    return rq.login && rq.login->place == place::body
           && contains(rq.body, "<name>Bugzilla_login</name><value><string>{{checkwatches:user}}</string>")
           && contains(
               rq.body, "<name>Bugzilla_password</name><value><string>{{checkwatches:secret}}</string>");
}

// A Bugzilla with users. It looks for a key in one place only; a key elsewhere is no key.
struct tracker {
    std::string version = "5.2";
    bool rest = true;
    bool whoami = false;
    bool xmlrpc = true;
    std::string key_place = "query"; // "header", "bearer", or "" where there are no keys
    bool key_is_good = true;
    bool password_is_good = false;
    bool wants_login = false;

    carried key_in(request const& rq) const
    {
        bool const rpc = rq.url.path.ends_with("xmlrpc.cgi");
        if (rpc)
            return key_place == "query" ? in_member(rq) : carried::nothing;
        if (key_place == "query")
            return in_query(rq);
        if (key_place == "header")
            return in_header(rq, "X-BUGZILLA-API-KEY", "");
        return key_place == "bearer" ? in_header(rq, "Authorization", "Bearer ") : carried::nothing;
    }

    reply operator()(request const& rq) const
    {
        if (rq.url.path.ends_with("xmlrpc.cgi"))
            return xmlrpc ? answer_rpc(rq) : not_there();
        return rest && contains(rq.url.path, "/rest/") ? answer_rest(rq) : not_there();
    }

    reply answer_rest(request const& rq) const
    {
        if (rq.url.path.ends_with("/version"))
            return json(fmt::format(R"({{"version":"{}"}})", version));
        auto const key = key_in(rq);
        if (key == carried::made_up || (key == carried::ours && !key_is_good))
            return json_error(400, 306, "The API key you specified is invalid.");
        bool const known = key == carried::ours;
        if (rq.url.path.ends_with("/whoami")) {
            if (!whoami)
                return json_error(404, 32614, "A REST API resource was not found for 'GET /whoami'.");
            return known ? json(R"({"id":7,"real_name":"W","name":"watcher@example.org"})")
                         : json_error(401, 410, "You must log in before using this part of Bugzilla.");
        }
        if (wants_login && !known)
            return json_error(401, 410, "You must log in before using this part of Bugzilla.");
        return json(R"({"bugs":[{"id":1}]})");
    }

    reply answer_rpc(request const& rq) const
    {
        if (contains(rq.body, "Bugzilla.version"))
            return rpc_version(version);
        auto const key = key_in(rq);
        if (key == carried::made_up || (key == carried::ours && !key_is_good))
            return rpc_fault("<int>306</int>", "The API key you specified is invalid.");
        if (has_password(rq) && !password_is_good)
            return rpc_fault("<int>300</int>", "The login or password you entered is not valid.");
        bool const known = key == carried::ours || has_password(rq);
        if (contains(rq.body, "User.valid_login")) {
            bool const named = contains(rq.body, "<name>login</name><value><string>{{checkwatches:user}}");
            return rpc_value(known && named ? "<boolean>1</boolean>" : "<boolean>0</boolean>");
        }
        if (contains(rq.body, "User.login"))
            return rpc_value("<struct><member><name>id</name><value><int>7</int></value></member></struct>");
        if (wants_login && !known)
            return rpc_fault("<int>410</int>", "You must log in before using this part of Bugzilla.");
        return rpc_value(
            "<struct><member><name>bugs</name><value><array><data/></array></value></member></struct>");
    }
};

canned_remote at_tracker(tracker const& t, bool user)
{
    canned_remote at{
        "https://bugs.example.org/", [t](request const& rq) -> canned_remote::answer { return t(rq); }};
    at.credential = true;
    at.user = user;
    return at;
}

result<capabilities> probe(canned_remote& at)
{
    auto const adapter = adapters::make_bugzilla();
    return run(adapter->probe(at));
}

} // namespace

TEST_CASE("bugzilla: each server's place for a key is found, and the server proves it")
{
    auto const [name, t, user, protocol, login, identity] = GENERATE(
        table<std::string, tracker, bool, std::string, std::string, std::string>({
            {"Mozilla's",
             {.version = "20260801.1", .whoami = true, .xmlrpc = false, .key_place = "header"},
             false,
             "rest",
             "header",
             "watcher@example.org"},
            {"Red Hat's",
             {.version = "5.0.4.rh103", .whoami = true, .key_place = "bearer"},
             false,
             "rest",
             "bearer",
             "watcher@example.org"},
            {"stock with who-am-I", {.whoami = true}, false, "rest", "query", "watcher@example.org"},
            {"stock", {}, false, "rest", "query", "a user whom the tracker does not name"},
            {"stock that wants a login",
             {.wants_login = true},
             false,
             "rest",
             "query",
             "a user whom the tracker does not name"},
            {"stock, and the user is named", {}, true, "rest", "query", "the credential's user"},
            {"5.0 with XML-RPC only",
             {.version = "5.0.6", .rest = false},
             false,
             "xmlrpc",
             "member",
             "a user whom the tracker does not name"},
            {"5.0 with XML-RPC only, and a user",
             {.version = "5.0.6", .rest = false},
             true,
             "xmlrpc",
             "member",
             "the credential's user"},
            {"a password at 5.2",
             {.key_is_good = false, .password_is_good = true},
             true,
             "xmlrpc",
             "password",
             "the credential's user"},
            {"a password at 4.4",
             {.version = "4.4.13", .rest = false, .key_place = "", .password_is_good = true},
             true,
             "xmlrpc",
             "password",
             "user 7"},
        }));
    CAPTURE(name);
    auto at = at_tracker(t, user);
    auto const can = probe(at);
    REQUIRE(can);
    CHECK(can->protocol == protocol);
    CHECK(can->login == login);
    CHECK(can->identity == identity);
    CHECK(at.asked.size() <= 18);
}

TEST_CASE("bugzilla: a credential that nothing proves is an error, never an anonymous reader")
{
    auto const [name, t, user] = GENERATE(table<std::string, tracker, bool>({
        {"a wrong key in the query", {.key_is_good = false}, false},
        {"a wrong key and a wrong password", {.key_is_good = false}, true},
        {"a wrong key in a header", {.whoami = true, .key_place = "header", .key_is_good = false}, false},
        {"a wrong key as bearer", {.whoami = true, .key_place = "bearer", .key_is_good = false}, false},
        {"a server that takes no keys", {.key_place = ""}, false},
        {"the same where a login is wanted", {.key_place = "", .wants_login = true}, false},
        {"a wrong key by XML-RPC", {.version = "5.0", .rest = false, .key_is_good = false}, false},
        {"a wrong password at 4.2", {.version = "4.2", .rest = false, .key_place = ""}, true},
        {"a key at 4.2, which knows no keys", {.version = "4.2", .rest = false, .key_place = ""}, false},
        {"3.4 takes no login with a call", {.version = "3.4", .rest = false, .password_is_good = true}, true},
    }));
    CAPTURE(name);
    auto at = at_tracker(t, user);
    auto const can = probe(at);
    REQUIRE_FALSE(can);
    CHECK(can.error().kind == error_kind::auth_failed);
    CHECK(at.asked.size() <= 18);
    CHECK_FALSE(contains(can.error().message, "{{"));
}

TEST_CASE("bugzilla: the places that were tried are told")
{
    auto at = at_tracker({.key_is_good = false}, true);
    CHECK(
        probe(at).error().message
        == "the credential was not accepted (tried: header, bearer, password, query, member)");
}

TEST_CASE("bugzilla: a tracker that is read by pages takes no credential")
{
    canned_remote at{"https://bugs.example.org/", [](request const& rq) -> canned_remote::answer {
                         if (rq.url.path == "/show_bug.cgi")
                             return canned(200, "application/xml", "<bugzilla version=\"2.22\"/>");
                         return not_there();
                     }};
    at.credential = true;
    auto const can = probe(at);
    REQUIRE_FALSE(can);
    CHECK(can.error().kind == error_kind::auth_failed);
}

TEST_CASE("bugzilla: what stops in the middle of a proof is not a wrong credential")
{
    auto const [answer, kind] = GENERATE(table<canned_remote::answer, error_kind>({
        {down(), error_kind::maintenance},
        {challenge(), error_kind::bot_wall},
        {html("Too Many Requests", "", 429), error_kind::rate_limited},
        {error{.kind = error_kind::timeout, .message = "nothing came"}, error_kind::timeout},
    }));
    canned_remote at{"https://bugs.example.org/", [answer](request const& rq) -> canned_remote::answer {
                         if (rq.url.path == "/rest/version")
                             return json(R"({"version":"5.2"})");
                         return answer;
                     }};
    at.credential = true;
    auto const can = probe(at);
    REQUIRE_FALSE(can);
    CHECK(can.error().kind == kind);
}

TEST_CASE("bugzilla: a failure that comes and goes proves nothing")
{
    // The made-up key meets an error page, ours does not: that is chance, and no proof.
    int pages = 0;
    canned_remote at{"https://bugs.example.org/", [&](request const& rq) -> canned_remote::answer {
                         if (rq.url.path == "/rest/version")
                             return json(R"({"version":"5.2"})");
                         if (rq.url.path == "/rest/bug")
                             return ++pages % 2 == 1 ? html("Oops", "", 500) : json(R"({"bugs":[]})");
                         return not_there();
                     }};
    at.credential = true;
    auto const can = probe(at);
    REQUIRE_FALSE(can);
    CHECK(can.error().kind == error_kind::auth_failed);
}

TEST_CASE("bugzilla: looks carry the credential in its proved place only")
{
    auto const [protocol, login, expected] = GENERATE(
        table<std::string, std::string, std::optional<adapters::login_place>>({
            {"rest", "query", adapters::login_place{.place = place::query, .name = "api_key"}},
            {"rest", "header", adapters::login_place{.place = place::header, .name = "X-BUGZILLA-API-KEY"}},
            {"rest",
             "bearer",
             adapters::login_place{.place = place::header, .name = "Authorization", .prefix = "Bearer "}},
            {"xmlrpc", "member", adapters::login_place{.place = place::body}},
            {"xmlrpc", "password", adapters::login_place{.place = place::body}},
            {"rest", "", std::nullopt},
        }));
    auto const credential = GENERATE(true, false);
    CAPTURE(protocol, login, credential);
    auto at = at_tracker({}, true);
    at.credential = credential;
    auto const found = look(
        at, {.protocol = protocol, .version = "5.2", .batch = 500, .login = login}, {"1", "2"});
    CHECK_FALSE(at.asked.empty());
    for (auto const& rq : at.asked) {
        REQUIRE(rq.login.has_value() == (expected.has_value() && credential));
        if (!rq.login)
            continue;
        CHECK(rq.login->place == expected->place);
        CHECK(rq.login->name == expected->name);
        CHECK(rq.login->prefix == expected->prefix);
        CHECK(has_password(rq) == (login == "password"));
        CHECK((in_member(rq) == carried::ours) == (login == "member"));
    }
}
