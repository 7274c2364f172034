#include "adapters/jira.hpp"
#include "tests/support/print.hpp"
#include "tests/support/run.hpp"
#include "tests/support/scripted_remote.hpp"

#include <catch2/catch.hpp>

using namespace checkwatches;
using test::answer;

namespace {

adapters::reply json(unsigned status, std::string body)
{
    return answer(status, "application/json;charset=UTF-8", std::move(body));
}

adapters::reply info(std::string const& deployment)
{
    return json(
        200,
        R"({"baseUrl":"https://plums.example.org","version":"9.12.0","versionNumbers":[9,12,0],"deploymentType":")"
            + deployment + "\"}");
}

adapters::reply const nothing_found = json(200, R"({"issues":[],"total":0,"isLast":true})");
adapters::reply const removed = json(
    410, R"({"errorMessages":["The requested API has been removed."],"errors":{}})");

struct site {
    explicit site(result<adapters::reply> first) { at.on("GET", "/rest/api/2/serverInfo", std::move(first)); }

    test::scripted_remote at{"https://plums.example.org/"};

    void on(std::string path, result<adapters::reply> what)
    {
        at.on("POST", "/rest/api/" + std::move(path), std::move(what));
    }
    result<capabilities> probe() { return test::run(adapters::make_jira()->probe(at)); }
};

} // namespace

TEST_CASE("Jira probe: Data Center is asked by its search, Cloud by bulk fetch")
{
    site server{info("Server")};
    server.on("2/search", nothing_found);
    auto const old = server.probe();
    REQUIRE(old);
    CHECK(old->protocol == "search");
    CHECK(old->version == "9.12.0");
    CHECK(old->batch == 200);
    CHECK(old->changed_since);
    CHECK(old->comments);
    CHECK(server.at.asked().size() == 2);

    site cloud{info("Cloud")};
    cloud.on("3/issue/bulkfetch", nothing_found);
    cloud.on("3/search/jql", nothing_found);
    auto const can = cloud.probe();
    REQUIRE(can);
    CHECK(can->protocol == "bulk");
    CHECK(can->batch == 100);
    CHECK(can->changed_since);
    CHECK(cloud.at.asked().size() == 3);
}

TEST_CASE("Jira probe: the old search that was removed, and other closed ways")
{
    site moved{info("Server")};
    moved.on("2/search", removed);
    moved.on("3/issue/bulkfetch", nothing_found);
    moved.on("3/search/jql", json(404, "{}"));
    auto const can = moved.probe();
    REQUIRE(can);
    CHECK(can->protocol == "bulk");
    CHECK_FALSE(can->changed_since);

    site odd{info("Cloud")};
    odd.on("3/issue/bulkfetch", json(404, "{}"));
    odd.on("3/search/jql", nothing_found);
    CHECK(odd.probe()->protocol == "jql");

    site shut{info("Server")};
    shut.on("*", json(404, "{}"));
    auto const alone = shut.probe();
    REQUIRE(alone);
    CHECK(alone->protocol == "single");
    CHECK(alone->each == 1);

    site strict{info("Server")};
    strict.on("2/search", json(400, R"({"errorMessages":["Error in the JQL Query"],"errors":{}})"));
    CHECK(strict.probe()->protocol == "search");
    CHECK_FALSE(strict.probe()->changed_since);
}

TEST_CASE("Jira probe: a login is proved before it is believed")
{
    site s{info("Server")};
    s.at.set_credential(false);
    s.at.on("GET", "/rest/api/2/myself", json(200, R"({"name":"watcher","displayName":"W."})"));
    s.on("2/search", nothing_found);
    auto const can = s.probe();
    REQUIRE(can);
    CHECK(can->login == "bearer");
    CHECK(can->identity == "watcher");
    REQUIRE(s.at.asked()[1].login);
    CHECK(s.at.asked()[1].login->prefix == "Bearer ");

    auto silent = info("Cloud");
    silent.headers.emplace_back("X-Seraph-LoginReason", "AUTHENTICATED_FAILED");
    for (auto const& first : {silent, answer(401, "text/html", "<title>Unauthorized (401)</title>")}) {
        site wrong{first};
        wrong.at.set_credential(true);
        CHECK(wrong.probe().error().kind == error_kind::auth_failed);
    }
    site unknown{info("Server")};
    unknown.at.set_credential(true);
    unknown.at.on("GET", "/rest/api/2/myself", json(401, R"({"errorMessages":["no"],"errors":{}})"));
    CHECK(unknown.probe().error().kind == error_kind::auth_failed);
}

TEST_CASE("Jira probe: what is no Jira is unsupported, and what cannot be told is told as such")
{
    struct sample {
        result<adapters::reply> what;
        error_kind kind;
    };
    for (auto const& s : std::vector<sample>{
             {answer(404, "text/html", "<title>nginx</title>"), error_kind::unsupported},
             {answer(200, "text/html", "<title>Plums</title>"), error_kind::unsupported},
             {json(200, R"({"version":"1.22.0"})"), error_kind::unsupported},
             {json(200, "[]"), error_kind::unsupported},
             {json(404, R"({"message":"Not Found"})"), error_kind::unsupported},
             {json(401, R"({"message":"401 Unauthorized"})"), error_kind::auth_failed},
             {answer(502, "text/html", "<title>Bad gateway</title>"), error_kind::protocol_error},
             {answer(503, "text/html", "<title>Back soon</title>"), error_kind::maintenance},
             {answer(200, "text/html", "<title>Just a moment...</title>"), error_kind::bot_wall},
             {error{.kind = error_kind::timeout}, error_kind::timeout}}) {
        site other{s.what};
        auto const can = other.probe();
        REQUIRE_FALSE(can);
        CHECK(can.error().kind == s.kind);
        CHECK(other.at.asked().size() == 1);
    }
}
