#include "adapters/github.hpp"
#include "tests/adapters/github_issues.hpp"
#include "tests/support/print.hpp"
#include "tests/support/run.hpp"

#include <catch2/catch.hpp>

using namespace checkwatches;
using test::github_issue;
using test::github_json;
using test::github_says;

namespace {

std::string const issue = "/repos/acme/widget/issues/7";
std::string const comments = issue + "/comments?per_page=100";

struct tracker {
    test::scripted_remote at{"https://github.com/acme/widget"};

    result<std::vector<comment>> read(std::string_view since = {}, std::string const& id = "7")
    {
        std::optional<utc_time> from;
        if (!since.empty())
            from = parse_time(since);
        return test::run(adapters::make_github()->read_comments(at, {.protocol = "rest"}, id, from));
    }
};

std::string comment_json(int id, std::string_view at, std::string_view user = R"({"login":"jo"})")
{
    return fmt::format(
        R"({{"id":{},"user":{},"created_at":"{}","updated_at":"2026-11-19T09:08:07Z","body":"Text\n{}"}})",
        id,
        user,
        at,
        id);
}

adapters::reply comment_list(std::string const& rows, std::string_view next = {})
{
    auto out = github_json(200, "[" + rows + "]");
    if (!next.empty())
        out.headers.emplace_back("Link", fmt::format("<{}>; rel=\"next\"", next));
    return out;
}

} // namespace

TEST_CASE("GitHub comments: the report first, then all pages")
{
    tracker t;
    t.at.on("GET", issue, github_issue({.number = "7", .comments = 2}));
    t.at.on(
        "GET",
        comments,
        comment_list(
            comment_json(11, "2026-02-01T00:00:00Z"),
            "https://api.github.com/repositories/1/issues/7/comments?page=2"));
    t.at.on(
        "GET",
        "/repositories/1/issues/7/comments?page=2",
        comment_list(comment_json(12, "2026-03-01T00:00:00Z", "null")));
    auto const got = t.read();
    REQUIRE(got);
    CHECK(
        *got
        == std::vector<comment>{
            {.remote_id = "issue-97",
             .author = "al",
             .at = parse_time("2026-01-01T00:00:00Z"),
             .text = "It broke.\r\nBadly."},
            {.remote_id = "issuecomment-11",
             .author = "jo",
             .at = parse_time("2026-02-01T00:00:00Z"),
             .text = "Text\n11"},
            {.remote_id = "issuecomment-12", .at = parse_time("2026-03-01T00:00:00Z"), .text = "Text\n12"}});
}

TEST_CASE("GitHub comments: only what was written since; an edited old one is not")
{
    tracker t;
    t.at.on("GET", issue, github_issue({.number = "7", .comments = 2}));
    t.at.on(
        "GET",
        comments + "&since=2026-02-01T00%3A00%3A00Z",
        comment_list(
            comment_json(10, "2026-01-05T00:00:00Z") + "," + comment_json(11, "2026-02-01T00:00:00Z")));
    auto const got = t.read("2026-02-01T00:00:00Z");
    REQUIRE(got);
    REQUIRE(got->size() == 1);
    CHECK(got->front().remote_id == "issuecomment-11");
}

TEST_CASE("GitHub comments: none, or a quiet issue, cost one request")
{
    tracker none;
    none.at.on("GET", issue, github_issue({.number = "7"}));
    CHECK(none.read().value().size() == 1);
    CHECK(none.at.asked().size() == 1);

    tracker quiet;
    quiet.at.on("GET", issue, github_issue({.number = "7", .comments = 9}));
    CHECK(quiet.read("2026-11-20T00:00:00Z").value().empty());
    CHECK(quiet.at.asked().size() == 1);
}

TEST_CASE("GitHub comments: errors speak of the bug or the tracker")
{
    struct sample {
        result<adapters::reply> what;
        error_kind kind;
    };
    std::vector<sample> const samples{
        {github_says(404, "Not Found"), error_kind::not_found},
        {github_says(410, "This issue was deleted"), error_kind::gone},
        {github_says(403, "Resource not accessible"), error_kind::forbidden},
        {github_says(401, "Bad credentials"), error_kind::auth_failed},
        {github_says(403, "secondary rate limit"), error_kind::rate_limited},
        {github_json(200, "[]"), error_kind::unparsable},
        {github_issue({.number = "8"}), error_kind::moved},
        {error{.kind = error_kind::timeout}, error_kind::timeout}};
    for (auto const& s : samples) {
        tracker t;
        t.at.on("GET", issue, s.what);
        CHECK(t.read().error().kind == s.kind);
    }
    tracker t;
    CHECK(t.read({}, "x").error().kind == error_kind::invalid_id);
    t.at.on("GET", issue, github_issue({.number = "7", .comments = 1}));
    t.at.on("GET", comments, comment_list("", "https://evil.example.org/"));
    CHECK(t.read().error().kind == error_kind::protocol_error);
    tracker endless;
    endless.at.on("GET", issue, github_issue({.number = "7", .comments = 1}));
    endless.at.on("GET", comments, comment_list("", "https://api.github.com" + comments));
    CHECK(endless.read().error().kind == error_kind::too_large);
    CHECK(endless.at.asked().size() == 31);
}
