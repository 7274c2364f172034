#include "adapters/gitlab.hpp"
#include "tests/adapters/gitlab_pages.hpp"
#include "tests/support/print.hpp"
#include "tests/support/run.hpp"

#include <catch2/catch.hpp>

using namespace checkwatches;
using test::answer;
using test::json;

namespace {

struct tracker {
    test::scripted_remote at{"https://git.example.org/tools/plum"};
    capabilities can{.protocol = "rest", .batch = 100, .comments = true, .login = "token"};

    result<std::vector<comment>> read(std::optional<utc_time> since = std::nullopt)
    {
        return test::run(adapters::make_gitlab()->read_comments(at, can, "7", since));
    }
    void on_issue(adapters::reply what)
    {
        at.on("GET", "/api/v4/projects/tools%2Fplum/issues/7", std::move(what));
    }
    void on_notes(int page, adapters::reply what)
    {
        at.on(
            "GET",
            fmt::format(
                "/api/v4/projects/tools%2Fplum/issues/7/"
                "notes?activity_filter=only_comments&order_by=created_at&sort=desc&per_page=100&page={}",
                page),
            std::move(what));
    }
};

std::string note(int id, int day, std::string_view flags = "\"system\":false")
{
    return fmt::format(
        R"({{"id":{0},"body":"note {0}","author":{{"username":"al","name":""}},)"
        R"("created_at":"2026-02-{1:02}T10:00:00.500Z",{2}}})",
        id,
        day,
        flags);
}

adapters::reply next(adapters::reply of, std::string page)
{
    of.headers.emplace_back("X-Next-Page", std::move(page));
    return of;
}

std::string ids(std::vector<comment> const& of)
{
    std::string out;
    for (auto const& c : of)
        out += (out.empty() ? "" : " ") + c.remote_id;
    return out;
}

constexpr utc_time february(int day)
{
    return std::chrono::sys_days{std::chrono::year{2026} / 2 / day};
}

} // namespace

TEST_CASE("GitLab comments: the report and what people wrote, oldest first, over all pages")
{
    tracker t;
    t.on_issue(json(test::issue_json({.id = "7"})));
    t.on_notes(
        1,
        next(
            json(
                "[" + note(5, 5) + "," + note(4, 4, "\"system\":true") + ","
                + note(3, 3, "\"system\":false,\"internal\":true") + "]"),
            "2"));
    t.on_notes(2, next(json("[" + note(5, 5) + "," + note(2, 2) + "," + note(1, 1) + "]"), ""));
    auto const got = t.read();
    REQUIRE(got);
    CHECK(ids(*got) == "description 1 2 5");
    CHECK(got->front().author == "Jo Doe");
    CHECK(got->front().text == "It broke");
    CHECK(format_time(*got->front().at) == "2026-01-04T15:31:51Z");
    CHECK(got->back().author == "al");
    CHECK(got->back().text == "note 5");
    for (auto const& rq : t.at.asked())
        CHECK(rq.login);
}

TEST_CASE("GitLab comments: since a time, no older page is read")
{
    tracker t;
    t.on_issue(json(test::issue_json({.id = "7"})));
    t.on_notes(1, next(json("[" + note(5, 5) + "," + note(2, 2) + "," + note(1, 1) + "]"), "2"));
    auto const got = t.read(february(2) + std::chrono::hours{10} + std::chrono::milliseconds{500});
    REQUIRE(got);
    CHECK(ids(*got) == "2 5");
    CHECK(t.at.asked().size() == 2);
}

TEST_CASE("GitLab comments: pages are bounded, and what is behind them is not left out in silence")
{
    tracker t;
    t.on_issue(json(test::issue_json({.id = "7"})));
    int id = 100;
    t.at.serve([&](adapters::request const&) -> result<adapters::reply> {
        return next(json("[" + note(--id, 5) + "]"), "9");
    });
    auto const got = t.read();
    REQUIRE_FALSE(got);
    CHECK(got.error().kind == error_kind::too_large);
    CHECK(t.at.asked().size() == 21);
}

TEST_CASE("GitLab comments: errors speak of the bug or of the tracker")
{
    tracker missing;
    missing.on_issue(test::not_found());
    CHECK(missing.read().error().kind == error_kind::not_found);
    tracker no_project;
    no_project.on_issue(test::no_project());
    CHECK(no_project.read().error().kind == error_kind::protocol_error);
    tracker forbidden;
    forbidden.on_issue(json(R"({"message":"403 Forbidden"})", 403));
    CHECK(forbidden.read().error().kind == error_kind::forbidden);
    tracker odd;
    odd.on_issue(json("[]"));
    CHECK(odd.read().error().kind == error_kind::unparsable);
    tracker down;
    down.on_issue(json(test::issue_json({.id = "7"})));
    down.on_notes(1, answer(502, "text/html", "<title>502</title>"));
    CHECK(down.read().error().kind == error_kind::protocol_error);
    tracker anonymous;
    anonymous.can.login.clear();
    CHECK(anonymous.read().error().kind == error_kind::unsupported);
    CHECK(anonymous.at.asked().empty());
}
