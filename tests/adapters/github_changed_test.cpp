#include "adapters/github.hpp"
#include "tests/adapters/github_issues.hpp"
#include "tests/support/found.hpp"
#include "tests/support/print.hpp"
#include "tests/support/run.hpp"

#include <catch2/catch.hpp>

using namespace checkwatches;
using test::ended;
using test::github_issue;
using test::github_json;
using test::github_list;
using test::github_says;

namespace {

std::string const list = "/repos/acme/widget/issues?state=all&sort=created&direction=asc&per_page=100"
                         "&since=2026-11-19T23%3A58%3A00Z";
std::string const second = "https://api.github.com/repositories/1/issues?page=2";

struct tracker {
    test::scripted_remote at{"https://github.com/acme/widget"};
    capabilities can{.protocol = "rest", .batch = 100, .changed_since = true, .page = 100, .each = 1};

    adapters::findings look_changed(std::vector<std::string> const& ids)
    {
        auto const since = parse_time("2026-11-20T00:00:00Z").value();
        return test::run(adapters::make_github()->look_changed(at, can, ids, since));
    }
};

std::vector<std::string> const ids{"7001", "7002", "7003"};

} // namespace

TEST_CASE("GitHub changed: the project's list brings what changed, and what it leaves out did not")
{
    tracker t;
    t.at.on("GET", list, github_list({{.number = "5"}, {.number = "7002", .state = "closed"}}, second));
    t.at.on("GET", "/repositories/1/issues?page=2", github_list({}));
    auto const got = t.look_changed(ids);
    CHECK_FALSE(got.trouble);
    CHECK(ended(got, "7001") == outcome::unmodified);
    CHECK(test::seen(got, "7002").words.status == "closed");
    CHECK(ended(got, "7003") == outcome::unmodified);
    CHECK(t.at.asked().size() == 2);
    for (auto const& rq : t.at.asked())
        CHECK_FALSE(rq.conditional);
}

TEST_CASE("GitHub changed: a list that is too long, unreadable or missing settles nothing by its silence")
{
    std::vector<adapters::reply> const answers{
        github_list({{.number = "5"}}, "https://api.github.com" + list),
        github_json(200, R"([{"state":"open"}])"),
        github_json(200, R"([7])"),
        github_says(410, "Issues are disabled for this repo"),
        github_says(404, "Not Found")};
    for (auto const& a : answers) {
        CAPTURE(a.body);
        tracker t;
        t.at.on("GET", list, a);
        for (auto const& id : ids)
            t.at.on("GET", "/repos/acme/widget/issues/" + id, github_issue({.number = id}));
        auto const got = t.look_changed(ids);
        CHECK_FALSE(got.trouble);
        for (auto const& id : ids)
            CHECK(ended(got, id) == outcome::seen);
        CHECK(t.at.count(list) <= 3);
    }
}

TEST_CASE("GitHub changed: trouble on the way calls nothing unmodified")
{
    std::vector<result<adapters::reply>> const answers{
        error{.kind = error_kind::timeout},
        github_json(200, "{}"),
        github_json(200, "["),
        github_says(401, "Bad credentials"),
        github_says(403, "You have exceeded a secondary rate limit."),
        test::answer(200, "text/html", "<title>Welcome</title>")};
    for (auto const& a : answers) {
        tracker t;
        t.at.on("GET", list, github_list({{.number = "7001"}}, second));
        t.at.on("GET", "/repositories/1/issues?page=2", a);
        auto const got = t.look_changed(ids);
        REQUIRE(got.trouble);
        CHECK(got.found.size() == 1);
        CHECK(ended(got, "7001") == outcome::seen);
        CHECK(t.at.asked().size() == 2);
    }
}

TEST_CASE("GitHub changed: more ids than a batch are settled by one list, or by GraphQL in hundreds")
{
    std::vector<std::string> many;
    for (int i = 1; i <= 250; ++i)
        many.push_back(std::to_string(i));
    tracker t;
    t.can.protocol = "graphql";
    t.can.each = 0;
    t.at.on("GET", list, github_list({{.number = "3"}}));
    auto const quiet = t.look_changed(many);
    CHECK_FALSE(quiet.trouble);
    CHECK(quiet.found.size() == 250);
    CHECK(t.at.asked().size() == 1);

    tracker busy;
    busy.can = t.can;
    busy.at.on("GET", list, github_says(404, "Not Found"));
    busy.at.serve([](adapters::request const& rq) -> result<adapters::reply> {
        REQUIRE(rq.method == "POST");
        std::string nodes;
        constexpr std::string_view mark = "(number:";
        for (auto at = rq.body.find(mark); at != std::string::npos; at = rq.body.find(mark, at + 1)) {
            auto const end = rq.body.find(')', at);
            auto const id = rq.body.substr(at + mark.size(), end - at - mark.size());
            nodes += fmt::format(R"(,"i{0}":{{"__typename":"Issue","number":{0},"state":"OPEN"}})", id);
        }
        return github_json(200, R"({"data":{"repository":{"url":"x")" + nodes + "}}}");
    });
    auto const read = busy.look_changed(many);
    CHECK_FALSE(read.trouble);
    CHECK(read.found.size() == 250);
    CHECK(ended(read, "250") == outcome::seen);
    CHECK(busy.at.asked().size() == 4);
}
