#include "adapters/gitea.hpp"
#include "tests/adapters/gitea_issues.hpp"
#include "tests/support/print.hpp"
#include "tests/support/run.hpp"

#include <catch2/catch.hpp>

using namespace checkwatches;
using test::answer;
using test::forge::front_page;
using test::forge::json;
using test::forge::refused;

namespace {

struct site {
    explicit site(std::string_view base = "https://forge.example.org/plum/pear") : at{base} {}

    site& on(std::string const& path, result<adapters::reply> what)
    {
        at.on("GET", path, std::move(what));
        return *this;
    }
    site& on_version(std::string const& version = "1.22.3")
    {
        return on("/api/v1/version", json(R"({"version":")" + version + "\"}"));
    }
    site& on_settings(int most = 50)
    {
        return on("/api/v1/settings/api", json(fmt::format(R"({{"max_response_items":{}}})", most)));
    }
    result<capabilities> probe() { return test::run(adapters::make_gitea()->probe(at)); }

    test::scripted_remote at;
};

} // namespace

TEST_CASE("Gitea probe: version and settings prove it, in two requests")
{
    site s;
    s.on_version().on_settings(30);
    auto const can = s.probe();
    REQUIRE(can);
    CHECK(can->protocol == "rest");
    CHECK(can->version == "Gitea 1.22.3");
    CHECK(can->page == 30);
    CHECK(can->each == 1);
    CHECK(can->changed_since);
    CHECK(can->importance);
    CHECK_FALSE(can->comments);
    CHECK(can->login.empty());
    CHECK(can->identity.empty());
    CHECK(s.at.asked().size() == 2);

    CHECK(site{}.on_version("9.0.3+gitea-1.22.0").on_settings(5000).probe()->version == "Forgejo 9.0.3");
    CHECK(site{}.on_version().on_settings(5000).probe()->page == 100);
}

TEST_CASE("Gitea probe: below a path, and at an address that was given")
{
    site below{"https://example.org/git/plum/pear"};
    below.on("/git/api/v1/version", json(R"({"version":"1.22.3"})"))
        .on("/git/api/v1/settings/api", json(R"({"max_response_items":50})"));
    CHECK(below.probe());

    site given;
    given.at.set_api("https://api.example.org/v1");
    given.on("/v1/version", json(R"({"version":"1.22.3"})"))
        .on("/v1/settings/api", json(R"({"max_response_items":50})"));
    CHECK(given.probe());
}

TEST_CASE("Gitea probe: an old one without settings is known by its list")
{
    std::string const list = "/api/v1/repos/plum/pear/issues?state=all&limit=1&page=1";
    auto const old = [&](adapters::reply const& what) {
        return site{}
            .on_version("1.9.6")
            .on("/api/v1/settings/api",
                json(
                    R"({"message":"Not Found","documentation_url":"https://forge.example.org/api/swagger"})",
                    404))
            .on(list, what)
            .probe();
    };
    auto const can = old(json(test::forge::list_json({7})));
    REQUIRE(can);
    CHECK(can->page == 50);
    CHECK(old(test::forge::no_issue()));
    CHECK(old(json("[{\"id\":7}]")).error().kind == error_kind::unsupported);
    CHECK(old(json("{}")).error().kind == error_kind::unsupported);
    CHECK(old(front_page(404)).error().kind == error_kind::unsupported);

    // A version, and a 404 that is another's.
    for (auto const& other :
         {front_page(404), json(R"({"message":"no Route matched with those values"})", 404)}) {
        auto const none = site{}.on_version().on("/api/v1/settings/api", other).probe();
        REQUIRE_FALSE(none);
        CHECK(none.error().kind == error_kind::unsupported);
    }
}

TEST_CASE("Gitea probe: what is no Gitea is unsupported")
{
    for (auto const& other :
         {front_page(404),                           // Redmine, Roundup
          json(R"({"error":"404 Not Found"})", 404), // GitLab
          json(R"({"message":"Not Found"})", 404),   // GitHub
          front_page(200),
          json("{}"),
          json(R"({"version":"latest"})"),
          json(R"(["1.22.3"])"),
          answer(200, "text/plain", "1.22.3")}) {
        site s;
        s.on("/api/v1/version", other);
        auto const can = s.probe();
        REQUIRE_FALSE(can);
        CHECK(can.error().kind == error_kind::unsupported);
        CHECK(s.at.asked().size() == 1);
    }
    CHECK(
        site{}.on_version().on("/api/v1/settings/api", json(R"({"theme":"dark"})")).probe().error().kind
        == error_kind::unsupported);
    site root{"https://forge.example.org/"};
    CHECK(root.probe().error().kind == error_kind::unsupported);
    CHECK(root.at.asked().empty());
}

TEST_CASE("Gitea probe: what prevents an answer is told as such")
{
    struct row {
        result<adapters::reply> version;
        error_kind kind;
    };
    for (auto const& r : std::vector<row>{
             {error{.kind = error_kind::timeout}, error_kind::timeout},
             {front_page(503), error_kind::maintenance},
             {front_page(502), error_kind::protocol_error},
             {refused(403, "Only signed in user is allowed to call APIs."), error_kind::auth_failed},
             {front_page(403), error_kind::auth_failed},
             {answer(200, "text/html", "<title>Making sure you're not a bot!</title>"),
              error_kind::bot_wall}})
        CHECK(site{}.on("/api/v1/version", r.version).probe().error().kind == r.kind);
}

TEST_CASE("Gitea probe: a login is proved before it is believed")
{
    auto const with = [](bool user, adapters::reply const& who) {
        site s;
        s.at.set_credential(user);
        s.on_version().on_settings().on("/api/v1/user", who);
        auto can = s.probe();
        auto const& login = s.at.asked().back().login;
        REQUIRE(login);
        CHECK(
            login->place
            == (user ? adapters::login_place::where::basic : adapters::login_place::where::header));
        CHECK(login->prefix == (user ? "" : "token "));
        return can;
    };
    auto const me = with(false, json(R"({"id":1,"login":"jo"})"));
    REQUIRE(me);
    CHECK(me->login == "token");
    CHECK(me->identity == "jo");
    CHECK(with(true, json(R"({"id":1,"login":"jo"})"))->login == "basic");
    CHECK(
        with(false, refused(403, "token does not have at least one of required scope(s): [read:user]"))
            ->identity
        == "logged in");
    CHECK(
        with(false, refused(401, "invalid username, password or token")).error().kind
        == error_kind::auth_failed);
    CHECK(with(false, json("{}")).error().kind == error_kind::auth_failed);
    CHECK(with(false, front_page(403)).error().kind == error_kind::auth_failed);
}
