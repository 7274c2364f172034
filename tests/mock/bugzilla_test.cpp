#include <catch2/catch.hpp>

#include "ground.hpp"

namespace checkwatches::mock {

namespace {

std::string const with_key = "&api_key=" + std::string{good_key};

// The code of an error, or 0.
std::int64_t code(answer const& a)
{
    auto const body = boost::json::parse(a.body);
    return body.as_object().contains("error") ? body.at("code").as_int64() : 0;
}

} // namespace

TEST_CASE("Bugzilla's search leaves out what is missing, hidden or no number")
{
    ground at{"kind=bugzilla,bugs=30"};
    auto const some = at.get("/rest/bug?id=3,1,13,9999,abc,1,CVE-2026-0001&include_fields=id,nosuch");
    CHECK(some.status == 200);
    CHECK(some.body == R"({"bugs":[{"id":1},{"id":3}]})");
    CHECK(at.get("/rest/bug?id=9999").body == R"({"bugs":[]})");
    CHECK(at.get("/rest/bug?id=1&id=2&include_fields=id").body == R"({"bugs":[{"id":1},{"id":2}]})");
    CHECK(told_ids(at.get("/rest/bug?alias=CVE-2026-0001")) == "5,");
    CHECK(at.json("/rest/bug").at("bugs").as_array().size() == 29);
}

TEST_CASE("a single bug says why it is not there")
{
    ground at{"kind=bugzilla,bugs=30"};
    auto const hidden = at.get("/rest/bug/13");
    CHECK(hidden.status == 401);
    CHECK(code(hidden) == 102);
    CHECK_FALSE(hidden.close);
    auto const missing = at.get("/rest/bug/31");
    CHECK(missing.status == 404);
    CHECK(code(missing) == 101);
    auto const nonsense = at.get("/rest/bug/1,2");
    CHECK(nonsense.status == 400);
    CHECK(code(nonsense) == 100);
    CHECK(nonsense.close);
    CHECK(code(at.get("/rest/nosuch")) == 32614);
    // Over REST one refused bug is the end of all, permissive or not.
    CHECK(code(at.get("/rest/bug/1?ids=2&ids=13&permissive=1")) == 102);

    auto const found = at.json("/rest/bug/CVE-2026-0001");
    CHECK(found.at("faults").as_array().empty());
    CHECK(found.at("bugs").at(0).at("id") == 5);
    CHECK(found.at("bugs").at(0).at("alias").at(0).as_string() == alias_text);
    CHECK(at.json("/rest/bug/20").at("bugs").at(0).at("dupe_of") == 10);
    CHECK(at.json("/rest/bug/1").at("bugs").at(0).at("dupe_of").is_null());
    CHECK(at.json("/rest/bug/1").at("bugs").at(0).as_object().size() > 30);
}

TEST_CASE("a key counts in its own place only")
{
    struct place {
        std::string flavour, target, header, value;
    };
    std::string const key{good_key};
    std::vector<place> const places{
        {"5.2", "/rest/bug?id=13&api_key=" + key, "", ""},
        {"5.2", "/rest/bug?id=13&Bugzilla_api_key=" + key, "", ""},
        {"bmo", "/rest/bug?id=13", "X-BUGZILLA-API-KEY", key},
        {"rhbz", "/rest/bug?id=13", "Authorization", "Bearer " + key},
    };
    for (auto const& right : places)
        for (auto const& used : places) {
            CAPTURE(right.flavour, used.target, used.header);
            ground at{"kind=bugzilla,bugs=30,flavour=" + right.flavour};
            auto const a = at.get(used.target, {{used.header, used.value}});
            CHECK(a.status == 200);
            CHECK(told_ids(a) == (right.flavour == used.flavour ? "13," : ""));
        }

    ground stock{"kind=bugzilla,bugs=30"};
    auto const wrong = stock.get("/rest/bug?id=1&api_key=0123456789");
    CHECK(wrong.status == 400);
    CHECK(code(wrong) == 306);
    CHECK(code(stock.get("/rest/bug?id=1&Bugzilla_login=x&Bugzilla_password=y")) == 300);
    ground mozilla{"kind=bugzilla,flavour=bmo"};
    CHECK(code(mozilla.get("/rest/bug?id=1", {{"X-BUGZILLA-API-KEY", "nope"}})) == 306);
}

TEST_CASE("Bugzilla proves a login, where it can")
{
    ground at{"kind=bugzilla,bugs=30"};
    std::string const user = "watcher%40example.org";
    CHECK(at.get("/rest/valid_login?login=" + user + with_key).body == R"({"result":true})");
    CHECK(at.get("/rest/valid_login?login=other" + with_key).body == R"({"result":false})");
    CHECK(at.get("/rest/valid_login?login=" + user).body == R"({"result":false})");
    CHECK(code(at.get("/rest/whoami?x=1" + with_key)) == 32614);
    CHECK(code(at.get("/rest/login?login=" + user + "&password=no")) == 300);
    auto const token = at.json("/rest/login?login=" + user + "&password=open%20sesame%20%26%20more");
    CHECK(told_ids(at.get("/rest/bug?id=13&token=" + std::string{token.at("token").as_string()})) == "13,");

    ground mozilla{"kind=bugzilla,flavour=bmo"};
    CHECK(code(mozilla.get("/rest/whoami")) == 410);
    auto const me = mozilla.get("/rest/whoami", {{"X-BUGZILLA-API-KEY", std::string{good_key}}});
    CHECK(boost::json::parse(me.body).at("name").as_string() == good_user);
}

TEST_CASE("the ETag is bare, stable, and changes with the bugs")
{
    ground at{"kind=bugzilla,bugs=30"};
    std::string const target = "/rest/bug?id=1,2,3&include_fields=id,status";
    auto const tag = header(at.get(target), "Etag");
    CHECK(tag.size() == 22);
    CHECK(tag.find('"') == std::string::npos);
    CHECK(header(at.get(target), "Etag") == tag);
    CHECK(at.get(target, {{"If-None-Match", "another"}}).status == 200);
    auto const same = at.get(target, {{"If-None-Match", tag}});
    CHECK(same.status == 304);
    CHECK(serialize(same).ends_with("\r\n\r\n"));
    CHECK_FALSE(contains(serialize(same), "Transfer-Encoding"));
    CHECK(at.get(target, {{"If-None-Match", "\"" + tag + "\""}}).status == 304);

    at.bugs.change(2, {.priority = "Lowest"}, 1'780'000'000);
    CHECK(at.get(target, {{"If-None-Match", tag}}).status == 200);

    ground without{"kind=bugzilla,bugs=30,etag=0"};
    CHECK(header(without.get(target), "Etag").empty());
    CHECK(without.get(target, {{"If-None-Match", tag}}).status == 200);
}

TEST_CASE("a search takes what has changed, and a page of it")
{
    ground at{"kind=bugzilla,bugs=30"};
    CHECK(told_ids(at.get("/rest/bug?last_change_time=2026-01-02T04:30:00Z")) == "28,29,30,");
    CHECK(told_ids(at.get("/rest/bug?limit=2&offset=3")) == "4,5,");
    CHECK(code(at.get("/rest/bug?offset=3")) == 50);
    CHECK(told_ids(at.get("/rest/bug?id=1,2,3&limit=2")) == "1,2,");
}

TEST_CASE("Red Hat's answers twenty bugs where no limit is asked for, and to strangers")
{
    ground at{"kind=bugzilla,flavour=rhbz,bugs=60"};
    auto const none = at.get("/rest/bug?include_fields=id");
    CHECK(none.tells.size() == 20);
    CHECK(boost::json::parse(none.body).at("total_matches") == 59);
    CHECK(at.get("/rest/bug?limit=100").tells.size() == 20);
    std::vector<std::pair<std::string, std::string>> const known{
        {"Authorization", "Bearer " + std::string{good_key}}};
    CHECK(at.get("/rest/bug", known).tells.size() == 20);
    CHECK(at.get("/rest/bug?limit=0", known).tells.size() == 60);
}

TEST_CASE("Mozilla's blocks who asks for single bugs too often")
{
    ground at{"kind=bugzilla,flavour=bmo,get_limit=3"};
    for (int i = 0; i < 3; ++i)
        CHECK(at.get("/rest/bug/1").status == 200);
    auto const tripped = at.get("/rest/bug/1");
    CHECK(tripped.status == 400);
    CHECK(code(tripped) == 32000);
    auto const blocked = at.get("/rest/bug?id=1");
    CHECK(blocked.status == 429);
    CHECK(header(blocked, "Retry-After").empty());
    CHECK(contains(header(blocked, "Content-Type"), "text/html"));

    ground known{"kind=bugzilla,flavour=bmo,get_limit=3"};
    for (int i = 0; i < 6; ++i)
        CHECK(known.get("/rest/bug/1", {{"X-BUGZILLA-API-KEY", std::string{good_key}}}).status == 200);
    CHECK(known.json("/rest/bug?id=5").at("bugs").at(0).at("alias").as_string() == alias_text);
    CHECK(known.json("/rest/bug?id=1").at("bugs").at(0).at("alias").is_null());
}

TEST_CASE("a Bugzilla may want a login, or be down")
{
    ground closed{"kind=bugzilla,require_login=1"};
    auto const refused = closed.get("/rest/bug?id=1");
    CHECK(refused.status == 401);
    CHECK(code(refused) == 410);
    CHECK(closed.get("/rest/version").status == 200);
    CHECK(closed.get("/rest/bug?id=1" + with_key).status == 200);

    ground down{"kind=bugzilla,maintenance=1"};
    for (auto const target : {"/rest/version", "/buglist.cgi?bug_id=1&ctype=csv", "/xmlrpc.cgi", "/"}) {
        auto const a = down.get(target);
        CHECK(a.status == 503);
        CHECK(header(a, "Retry-after") == "3600");
        CHECK(a.close);
    }
}

TEST_CASE("what a Bugzilla does not have is not there")
{
    CHECK(ground{"kind=bugzilla,flavour=4.4.12"}.get("/rest/version").status == 404);
    CHECK(ground{"kind=bugzilla,rewrite=0"}.get("/rest/version").status == 404);
    CHECK(ground{"kind=bugzilla,rewrite=0"}.get("/rest.cgi/version").body == R"({"version":"5.2"})");
    CHECK(ground{"kind=bugzilla,flavour=bmo"}.get("/xmlrpc.cgi").status == 404);
    CHECK(ground{"kind=bugzilla,clock=86400000"}.json("/rest/time").at("db_time").is_string());
    auto const long_one = ground{"kind=bugzilla"}.get("/rest/bug?id=" + std::string(8200, '1'));
    CHECK(long_one.status == 414);
    CHECK(long_one.close);
    CHECK(contains(long_one.body, "exceeds the capacity"));
    CHECK(ground{"kind=bugzilla"}.get("/rest/bug?id=1," + std::string(8000, '1')).status == 200);
}

TEST_CASE("members come in another order from bug to bug, and KDE has words of its own")
{
    ground at{"kind=bugzilla,flavour=kde,bugs=40"};
    auto const body = at.get("/rest/bug?include_fields=id,status,priority,severity").body;
    CHECK(contains(body, "{\"id\""));
    CHECK(contains(body, "{\"status\""));
    CHECK(contains(body, "{\"priority\""));
    CHECK(contains(body, "REPORTED"));
    CHECK(contains(body, "VHI"));
    CHECK(contains(body, "wishlist"));
    ground bare{"kind=bugzilla,null_duplicate=0"};
    CHECK_FALSE(contains(bare.get("/rest/bug?id=1").body, "dupe_of"));
    CHECK(contains(bare.get("/rest/bug?id=20").body, "\"dupe_of\":10"));
}

} // namespace checkwatches::mock
