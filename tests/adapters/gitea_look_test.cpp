#include "adapters/gitea.hpp"
#include "tests/adapters/gitea_issues.hpp"
#include "tests/support/found.hpp"
#include "tests/support/print.hpp"
#include "tests/support/run.hpp"

#include <catch2/catch.hpp>

#include <numeric>

using namespace checkwatches;
using test::ended;
using test::seen;
using test::forge::front_page;
using test::forge::issue_json;
using test::forge::json;
using test::forge::no_issue;
using test::forge::page;
using test::forge::refused;

namespace {

constexpr utc_time since = std::chrono::sys_days{std::chrono::year{2026} / 11 / 20} + std::chrono::hours{10};
using strings = std::vector<std::string>;

struct tracker {
    test::scripted_remote at{"https://forge.example.org/plum/pear"};
    capabilities can{.protocol = "rest", .batch = 100, .changed_since = true, .page = 50, .each = 1};
    std::unique_ptr<adapters::adapter const> gitea = adapters::make_gitea();

    adapters::findings look(strings const& ids) { return test::run(gitea->look(at, can, ids)); }
    adapters::findings look_changed(strings const& ids)
    {
        return test::run(gitea->look_changed(at, can, ids, since));
    }
    void on_one(std::string const& id, result<adapters::reply> what)
    {
        at.on("GET", "/api/v1/repos/plum/pear/issues/" + id, std::move(what));
    }
    void on_page(int number, result<adapters::reply> what)
    {
        at.on(
            "GET",
            fmt::format("/api/v1/repos/plum/pear/issues?state=all&limit={}&page={}", can.page, number),
            std::move(what));
    }
    void on_changes(int number, result<adapters::reply> what)
    {
        at.on(
            "GET",
            fmt::format(
                "/api/v1/repos/plum/pear/issues?state=all&limit={}&page={}&since=2026-11-20T09%3A59%3A00Z",
                can.page,
                number),
            std::move(what));
    }
};

// `count` numbers down from `first`.
std::vector<int> down_from(int first, int count)
{
    std::vector<int> out(static_cast<std::size_t>(count));
    std::iota(out.rbegin(), out.rend(), first - count + 1);
    return out;
}

} // namespace

TEST_CASE("Gitea: a single issue is read whole")
{
    tracker t;
    t.on_one(
        "7",
        json(issue_json(
            7,
            "closed",
            test::forge::labels_json({"Kind/Bug", "Priority/High", "Reviewed/Invalid"})
                + R"(,"pull_request":null)")));
    t.on_one("8", json(issue_json(8, "closed", R"(,"pull_request":{"merged":true,"draft":false})")));
    auto const got = t.look({"7", "8"});
    CHECK_FALSE(got.trouble);
    auto const one = seen(got, "7");
    CHECK(one.words.status == "closed");
    CHECK(one.words.resolution.empty());
    CHECK(one.words.priority == "Priority/High");
    CHECK(one.words.type == "issue");
    CHECK(one.words.labels == strings{"Kind/Bug", "Priority/High", "Reviewed/Invalid"});
    CHECK(one.title == "pear 7");
    CHECK(format_time(one.modified.value()) == "2026-05-06T07:08:09Z");
    CHECK(seen(got, "8").words.type == "pull request");
    CHECK(seen(got, "8").words.resolution == "merged");
    CHECK(t.at.asked().size() == 2);
    CHECK_FALSE(t.at.asked().front().login);
}

TEST_CASE("Gitea: every id has one right end")
{
    tracker t;
    t.at.set_credential(false);
    t.on_one("1", json(issue_json(1, "open")));
    t.on_one("2", no_issue());
    t.on_one("3", json(issue_json(4, "open")));
    auto const got = t.look({"1", "2", "3", "x"});
    CHECK_FALSE(got.trouble);
    CHECK(ended(got, "1") == outcome::seen);
    CHECK(ended(got, "2") == outcome::not_found);
    CHECK(ended(got, "3") == outcome::not_answered);
    CHECK(ended(got, "x") == outcome::invalid_id);
    CHECK(t.at.asked().front().login->prefix == "token ");
}

TEST_CASE("Gitea: a page that holds several is read, and what is alone is asked for singly")
{
    tracker t;
    t.can.page = 10;
    // 300 issues: 291 … 300 on the first page, 251 … 260 on the fifth.
    t.on_page(1, page(down_from(300, 10), 300));
    t.on_page(5, page(down_from(260, 10), 300));
    t.on_one("101", json(issue_json(101, "open")));
    t.on_one("900", no_issue());
    auto const got = t.look({"295", "252", "259", "256", "101", "900"});
    CHECK_FALSE(got.trouble);
    for (auto const* const id : {"295", "252", "259", "256", "101"})
        CHECK(ended(got, id) == outcome::seen);
    CHECK(ended(got, "900") == outcome::not_found);
    CHECK(t.at.asked().size() == 4);
}

TEST_CASE("Gitea: a page cut to the server's own limit is not taken for the last")
{
    // Asked for 50, it gives 10 and a Link that counts in fifties.
    auto const cut = [](int total) {
        tracker t;
        auto first = page(down_from(20, 10), total);
        if (total == 0)
            first = json(test::forge::list_json(down_from(20, 10)));
        if (total == 0)
            first.headers.emplace_back("Link", "<https://forge.example.org/x?page=2>; rel=\"next\"");
        t.on_page(1, first);
        t.on_page(2, page(down_from(10, 10), 20));
        auto const got = t.look({"1", "2", "3", "20"});
        CHECK_FALSE(got.trouble);
        for (auto const* const id : {"1", "2", "3", "20"})
            CHECK(ended(got, id) == outcome::seen);
        CHECK(t.at.asked().size() == 2);
    };
    cut(20);
    cut(0);
}

TEST_CASE("Gitea: where numbers were deleted the list is left, and no issue is lost")
{
    tracker t;
    t.can.page = 10;
    t.on_page(1, page(down_from(300, 10), 25)); // all else was deleted, but for fifteen
    t.on_page(26, page({}, 25));
    for (auto const* const id : {"41", "42"})
        t.on_one(id, json(issue_json(std::stoi(id), "open")));
    for (auto const* const id : {"43", "44"})
        t.on_one(id, no_issue());
    auto const got = t.look({"41", "42", "43", "44"});
    CHECK_FALSE(got.trouble);
    CHECK(ended(got, "41") == outcome::seen);
    CHECK(ended(got, "44") == outcome::not_found);
}

TEST_CASE("Gitea: a repository that is private or missing has no issues for us")
{
    tracker t;
    t.on_page(1, no_issue());
    auto const got = t.look({"1", "2", "3", "4"});
    CHECK_FALSE(got.trouble);
    for (auto const* const id : {"1", "2", "3", "4"})
        CHECK(ended(got, id) == outcome::not_found);
    CHECK(t.at.asked().size() == 1);
}

TEST_CASE("Gitea: an issue of a repository that was renamed has moved")
{
    tracker t;
    auto away = json(issue_json(7, "open"));
    away.url = test::url("https://forge.example.org/api/v1/repos/plum/new/issues/7");
    away.body.replace(away.body.find("pear/issues"), 4, "new");
    t.on_one("7", away);
    auto list = page({14, 13, 12, 11}, 4);
    list.url = test::url("https://forge.example.org/api/v1/repos/plum/new/issues?state=all");
    t.on_page(1, list);

    auto const one = t.look({"7"});
    CHECK(ended(one, "7") == outcome::moved);
    CHECK(
        std::get<adapters::absence>(test::find(one, "7")->what).detail
        == "https://forge.example.org/plum/new/issues/7");
    CHECK(ended(t.look({"11", "12", "13", "14"}), "13") == outcome::moved);

    // The same path at another origin is a detour.
    auto detour = json(issue_json(8, "open"));
    detour.url = test::url("https://www.forge.example.org/api/v1/repos/plum/pear/issues/8");
    t.on_one("8", detour);
    CHECK(ended(t.look({"8"}), "8") == outcome::seen);
}

TEST_CASE("Gitea: trouble of the tracker is no issue's end")
{
    struct row {
        result<adapters::reply> what;
        error_kind kind;
    };
    for (auto const& r : std::vector<row>{
             {error{.kind = error_kind::timeout}, error_kind::timeout},
             {refused(401, "invalid username, password or token"), error_kind::auth_failed},
             {refused(403, "Only signed in user is allowed to call APIs."), error_kind::auth_failed},
             {front_page(404), error_kind::protocol_error},
             {json(R"({"message":"no Route matched with those values"})", 404), error_kind::protocol_error},
             {front_page(200), error_kind::protocol_error},
             {front_page(502), error_kind::protocol_error},
             {front_page(503), error_kind::maintenance},
             {json("{\"number\":"), error_kind::protocol_error},
             {json("[]"), error_kind::protocol_error}}) {
        tracker one;
        for (auto const* const id : {"1", "2", "3"})
            one.on_one(id, r.what);
        auto const got = one.look({"1", "2", "3"});
        REQUIRE(got.trouble);
        CHECK(got.trouble->kind == r.kind);
        CHECK(got.found.empty());
    }
    tracker many;
    many.on_page(1, front_page(404));
    CHECK(many.look({"1", "2", "3", "4"}).trouble->kind == error_kind::protocol_error);
    CHECK(many.at.asked().size() == 1);
}

TEST_CASE("Gitea: one issue that breaks the server does not stop the others")
{
    tracker t;
    t.on_one("1", refused(500, "GetIssueByIndex"));
    t.on_one("2", json(issue_json(2, "open")));
    t.on_one("3", json("{\"id\":3}"));
    auto const got = t.look({"1", "2", "3"});
    CHECK_FALSE(got.trouble);
    CHECK(ended(got, "1") == outcome::not_answered);
    CHECK(ended(got, "2") == outcome::seen);
    CHECK(ended(got, "3") == outcome::unparsable);
}

TEST_CASE("Gitea changed: the list of changes brings the records, and the rest is unmodified")
{
    tracker t;
    t.can.page = 2;
    t.on_changes(1, page({90, 3}, 3));
    t.on_changes(2, page({2}, 3));
    auto const got = t.look_changed({"1", "2", "3", "x"});
    CHECK_FALSE(got.trouble);
    CHECK(ended(got, "1") == outcome::unmodified);
    CHECK(ended(got, "2") == outcome::seen);
    CHECK(ended(got, "3") == outcome::seen);
    CHECK(ended(got, "x") == outcome::invalid_id);
    CHECK(t.at.asked().size() == 2);
}

TEST_CASE("Gitea changed: without a count an empty or shorter page is the end")
{
    tracker t;
    t.can.page = 2;
    t.on_changes(1, json(test::forge::list_json({90, 3})));
    t.on_changes(2, json(test::forge::list_json({2})));
    CHECK(ended(t.look_changed({"1", "2", "3"}), "1") == outcome::unmodified);
    tracker quiet;
    quiet.on_changes(1, json("[]"));
    CHECK(ended(quiet.look_changed({"1"}), "1") == outcome::unmodified);
    CHECK(quiet.at.asked().size() == 1);
}

TEST_CASE("Gitea changed: a list that did not hold still, or is too long, leaves the rest to be read")
{
    tracker moving;
    moving.can.page = 2;
    moving.on_changes(1, page({90, 80}, 4));
    moving.on_changes(2, page({60}, 3)); // 70 has come to the first page
    moving.on_one("1", json(issue_json(1, "open")));
    CHECK(ended(moving.look_changed({"1"}), "1") == outcome::seen);

    tracker lively;
    lively.can.page = 2;
    lively.on_changes(1, page({90, 80}, 400));
    lively.on_one("1", json(issue_json(1, "open")));
    CHECK(ended(lively.look_changed({"1"}), "1") == outcome::seen);
    CHECK(lively.at.asked().size() == 2);

    tracker stuck; // it does not know `page`
    stuck.can.page = 2;
    stuck.on_changes(1, page({90, 80}, 4));
    stuck.on_changes(2, page({90, 80}, 4));
    stuck.on_one("1", json(issue_json(1, "open")));
    CHECK(ended(stuck.look_changed({"1"}), "1") == outcome::seen);

    tracker down;
    down.on_changes(1, front_page(503));
    CHECK(down.look_changed({"1"}).trouble->kind == error_kind::maintenance);
}
