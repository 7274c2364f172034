#include "adapters/jira.hpp"
#include "tests/support/found.hpp"
#include "tests/support/print.hpp"
#include "tests/support/run.hpp"
#include "tests/support/scripted_remote.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace checkwatches;
using test::answer;
using test::ended;
using test::seen;
using test::url;

namespace {

constexpr utc_time since = std::chrono::sys_days{std::chrono::year{2026} / 11 / 20} + std::chrono::hours{10};

adapters::reply json(unsigned status, std::string body)
{
    return answer(status, "application/json;charset=UTF-8", std::move(body));
}

adapters::reply refusal(unsigned status, std::string_view message)
{
    return json(status, fmt::format(R"({{"errorMessages":["{}"],"errors":{{}}}})", message));
}

// An issue; a resolution is null where it is empty.
std::string issue(
    std::string_view key,
    std::string_view status,
    std::string_view category,
    std::string_view resolution = {},
    std::string_view links = {})
{
    auto const why = resolution.empty() ? "null" : fmt::format(R"({{"id":"1","name":"{}"}})", resolution);
    return fmt::format(
        R"({{"id":"10001","key":"{}","self":"https://j/rest/api/2/issue/10001","fields":{{"summary":"ripe",)"
        R"("status":{{"id":"6","name":"{}","statusCategory":{{"id":3,"key":"{}","name":"x"}}}},)"
        R"("resolution":{},"priority":{{"id":"3","name":"Major"}},"updated":"2026-03-03T14:32:47.000+0000",)"
        R"("issuetype":{{"name":"Bug","subtask":false}},"labels":["plum"],"issuelinks":[{}]}}}})",
        key,
        status,
        category,
        why,
        links);
}

std::string list_of(std::vector<std::string> const& issues)
{
    std::string out = "\"issues\":[";
    for (std::size_t i = 0; i != issues.size(); ++i)
        out += (i == 0 ? "" : ",") + issues[i];
    return out + "]";
}

adapters::reply page(std::vector<std::string> const& issues, std::size_t total)
{
    return json(
        200, fmt::format(R"({{"startAt":0,"maxResults":200,"total":{},{}}})", total, list_of(issues)));
}

struct tracker {
    explicit tracker(std::string_view protocol) : can{.protocol = std::string{protocol}, .batch = 200} {}

    test::scripted_remote at{"https://plums.example.org/jira/"};
    capabilities can;

    void on_search(result<adapters::reply> what)
    {
        at.on("POST", "/jira/rest/api/2/search", std::move(what));
    }
    void on_issue(std::string const& key, result<adapters::reply> what)
    {
        at.on("GET", "/jira/rest/api/2/issue/" + key + "?fields=*", std::move(what));
    }
    adapters::findings look(std::vector<std::string> const& ids)
    {
        return test::run(kind->look(at, can, ids));
    }
    adapters::findings look_changed(std::vector<std::string> const& ids)
    {
        return test::run(kind->look_changed(at, can, ids, since));
    }

    std::unique_ptr<adapters::adapter const> kind = adapters::make_jira();
};

std::string const bad_key = "An issue with key 'PLUM-13' does not exist for field 'key'.";

} // namespace

TEST_CASE("Jira: an issue's address names tracker and key")
{
    auto const jira = adapters::make_jira();
    struct sample {
        char const* address;
        char const* base;
        char const* key;
    };
    for (auto const& s : std::vector<sample>{
             {"https://plums.example.org/browse/PLUM-12", "https://plums.example.org/", "PLUM-12"},
             {"https://plums.example.org/jira/browse/plum-012?focusedId=7#x",
              "https://plums.example.org/jira/",
              "PLUM-12"},
             {"https://plums.example.org/projects/PLUM/issues/PLUM-7/",
              "https://plums.example.org/",
              "PLUM-7"},
             {"https://p.atlassian.net/browse/P2_X-1", "https://p.atlassian.net/", "P2_X-1"},
             {"https://p.atlassian.net/jira/software/c/projects/PLUM/issues/PLUM-7",
              "https://p.atlassian.net/",
              "PLUM-7"},
             {"https://p.atlassian.net/jira/software/projects/PLUM/boards/3?selectedIssue=PLUM-7",
              "https://p.atlassian.net/",
              "PLUM-7"},
             {"https://plums.example.org/jira/secure/RapidBoard.jspa?rapidView=1&selectedIssue=PLUM-7",
              "https://plums.example.org/jira/",
              "PLUM-7"},
             {"http://127.0.0.1:8080/browse/PLUM-7x", "http://127.0.0.1:8080/", "PLUM-7x"}}) {
        INFO(s.address);
        auto const ref = jira->recognise(url(s.address));
        REQUIRE(ref);
        CHECK(ref->base.text() == s.base);
        CHECK(ref->remote_id == s.key);
    }
    for (auto const* const other :
         {"https://plums.example.org/browse/plums",
          "https://plums.example.org/browse/",
          "https://plums.example.org/PLUM-7",
          "https://plums.example.org/projects/plums/issues/7",
          "https://plums.example.org/issues/7",
          "https://github.com/plums/browse/PLUM-7"})
        CHECK_FALSE(jira->recognise(url(other)));
    CHECK(
        jira->bug_url(url("https://plums.example.org/jira"), "PLUM-7").text()
        == "https://plums.example.org/jira/browse/PLUM-7");
    CHECK(jira->normalise(" plum-007 ") == "PLUM-7");
    for (auto const* const bad : {"PLUM", "PLUM-", "PLUM-0", "PLUM-7x", "7-7", "PL UM-7", "-7", "PLUM-#7"})
        CHECK_FALSE(jira->normalise(bad));
}

TEST_CASE("Jira: one query for many; what it leaves out is asked alone")
{
    tracker t{"search"};
    t.on_search(page(
        {issue("PLUM-1", "In Progress", "indeterminate"),
         issue(
             "PLUM-20",
             "Closed",
             "done",
             "Duplicate",
             R"({"type":{"name":"Blocks"},"outwardIssue":{"key":"PLUM-3"}},)"
             R"({"type":{"name":"Duplicate"},"inwardIssue":{"key":"PLUM-30"}},)"
             R"({"type":{"name":"Duplicate"},"outwardIssue":{"key":"PLUM-10"}})"),
         issue("PEAR-5", "Open", "new")},
        3));
    t.on_issue("PLUM-13", refusal(401, "You do not have the permission to see the specified issue."));
    t.on_issue("PLUM-99", refusal(404, "Issue Does Not Exist"));
    t.on_issue("OLD-5", json(200, issue("PEAR-5", "Open", "new")));
    auto const got = t.look({"PLUM-1", "PLUM-13", "PLUM-20", "PLUM-99", "OLD-5", "PLUM-x"});
    CHECK_FALSE(got.trouble);
    auto const one = seen(got, "PLUM-1");
    CHECK(
        one.words
        == raw_words{
            .status = "In Progress",
            .priority = "Major",
            .type = "Bug",
            .labels = {"plum", "status category: indeterminate"}});
    CHECK(one.title == "ripe");
    REQUIRE(one.modified);
    CHECK(format_time(*one.modified) == "2026-03-03T14:32:47Z");
    CHECK(seen(got, "PLUM-20").duplicate_of == "PLUM-10");
    CHECK(seen(got, "PLUM-20").words.resolution == "Duplicate");
    CHECK(ended(got, "PLUM-13") == outcome::forbidden);
    CHECK(ended(got, "PLUM-99") == outcome::not_found);
    CHECK(ended(got, "PLUM-x") == outcome::invalid_id);
    CHECK(ended(got, "OLD-5") == outcome::moved);
    CHECK(
        std::get<adapters::absence>(test::find(got, "OLD-5")->what).detail
        == "https://plums.example.org/jira/browse/PEAR-5");
    auto const& asked = t.at.asked().front();
    CHECK(asked.body.starts_with(R"({"jql":"key in (\"PLUM-1\",\"PLUM-13\",)"));
    CHECK(asked.body.find(R"("validateQuery":false)") != std::string::npos);
}

TEST_CASE("Jira: a page that the server clips is read on")
{
    tracker t{"search"};
    t.on_search(page({issue("PLUM-1", "Open", "new")}, 2));
    t.on_search(page({issue("PLUM-2", "Open", "new")}, 2));
    auto const got = t.look({"PLUM-1", "PLUM-2"});
    CHECK(ended(got, "PLUM-2") == outcome::seen);
    REQUIRE(t.at.asked().size() == 2);
    CHECK(t.at.asked()[1].body.find(R"("startAt":1,)") != std::string::npos);
}

TEST_CASE("Jira: a key that spoils the query is left out of it, and asked alone")
{
    tracker t{"search"};
    t.on_search(refusal(400, bad_key));
    t.on_search(page({issue("PLUM-1", "Open", "new"), issue("PLUM-2", "Open", "new")}, 2));
    t.on_issue("PLUM-13", refusal(404, "Issue Does Not Exist"));
    auto const got = t.look({"PLUM-1", "PLUM-13", "PLUM-2"});
    CHECK_FALSE(got.trouble);
    CHECK(ended(got, "PLUM-1") == outcome::seen);
    CHECK(ended(got, "PLUM-2") == outcome::seen);
    CHECK(ended(got, "PLUM-13") == outcome::not_found);
    CHECK(t.at.asked()[1].body.find("PLUM-13") == std::string::npos);
    CHECK(t.at.asked().size() == 3);
}

TEST_CASE("Jira: where the refusal names no key, each half is asked")
{
    tracker t{"search"};
    t.at.serve([](adapters::request const& rq) -> result<adapters::reply> {
        if (rq.method == "GET")
            return refusal(404, "Issue Does Not Exist");
        if (rq.body.find("PLUM-13") != std::string::npos)
            return refusal(400, "The query cannot be carried out.");
        std::vector<std::string> issues;
        for (auto const* const key : {"PLUM-1\\", "PLUM-2\\", "PLUM-3\\"})
            if (rq.body.find(key) != std::string::npos)
                issues.push_back(issue(std::string_view{key}.substr(0, 6), "Open", "new"));
        return page(issues, issues.size());
    });
    auto const got = t.look({"PLUM-1", "PLUM-2", "PLUM-13", "PLUM-3"});
    CHECK_FALSE(got.trouble);
    for (auto const* const key : {"PLUM-1", "PLUM-2", "PLUM-3"})
        CHECK(ended(got, key) == outcome::seen);
    CHECK(ended(got, "PLUM-13") == outcome::not_found);
    CHECK(t.at.count("/jira/rest/api/2/search") == 5);
}

TEST_CASE("Jira: what prevents a query is trouble, and makes no issue absent")
{
    auto wrong_login = page({}, 0);
    wrong_login.headers.emplace_back("X-Seraph-LoginReason", "AUTHENTICATED_FAILED");
    auto nobody = page({}, 0);
    nobody.headers.emplace_back("X-AUSERNAME", "anonymous");
    auto captcha = answer(403, "text/html", "<html></html>");
    captcha.headers.emplace_back("X-Authentication-Denied-Reason", "CAPTCHA_CHALLENGE; login-url=x");
    struct sample {
        result<adapters::reply> what;
        error_kind kind;
    };
    for (auto const& s : std::vector<sample>{
             {wrong_login, error_kind::auth_failed},
             {nobody, error_kind::auth_failed},
             {captcha, error_kind::auth_failed},
             {refusal(401, "Login Required"), error_kind::auth_failed},
             {refusal(403, "Forbidden"), error_kind::auth_failed},
             {json(404, "{}"), error_kind::protocol_error},
             {json(200, "{\"issues\":[{"), error_kind::protocol_error},
             {json(200, "{}"), error_kind::protocol_error},
             {answer(503, "text/html", "<title>Back soon</title>"), error_kind::maintenance},
             {answer(400, "text/html", "<title>Too large</title>"), error_kind::protocol_error},
             {error{.kind = error_kind::timeout}, error_kind::timeout}}) {
        tracker t{"search"};
        t.at.set_credential(true);
        t.can.login = "basic";
        t.on_search(s.what);
        auto const got = t.look({"PLUM-1", "PLUM-2"});
        CHECK(got.found.empty());
        REQUIRE(got.trouble);
        CHECK(got.trouble->kind == s.kind);
        CHECK(t.at.asked().size() == 1);
    }
}

TEST_CASE("Jira: a missing issue is missing in Jira's own words")
{
    for (auto const& r :
         {answer(404, "text/html", "<title>nginx</title>"),
          answer(410, "text/html", "<title>nginx</title>"),
          json(404, R"({"message":"no Route matched with those values"})")}) {
        tracker away{"single"};
        away.at.on("GET", "/jira/rest/api/2/issue/*", r);
        auto const lost = away.look({"PLUM-1", "PLUM-2"});
        CHECK(lost.found.empty());
        REQUIRE(lost.trouble);
        CHECK(lost.trouble->kind == error_kind::protocol_error);
    }
    tracker t{"single"};
    t.on_issue("PLUM-1", refusal(404, "Issue Does Not Exist"));
    t.on_issue("PLUM-2", answer(404, "text/html", "<title>nginx</title>"));
    auto const got = t.look({"PLUM-1", "PLUM-2"});
    CHECK_FALSE(got.trouble);
    CHECK(ended(got, "PLUM-1") == outcome::not_found);
    CHECK(ended(got, "PLUM-2") == outcome::not_found);
}

TEST_CASE("Jira: where the old search was removed, the bulk fetch is asked")
{
    tracker t{"search"};
    t.on_search(refusal(410, "The requested API has been removed."));
    t.at.on(
        "POST",
        "/jira/rest/api/3/issue/bulkfetch",
        json(200, "{" + list_of({issue("PLUM-1", "Done", "done", "Done")}) + ",\"issueErrors\":[]}"));
    CHECK(ended(t.look({"PLUM-1"}), "PLUM-1") == outcome::seen);

    tracker gone{"search"};
    gone.at.on("POST", "/jira/rest/api/*", refusal(410, "The requested API has been removed."));
    auto const got = gone.look({"PLUM-1"});
    REQUIRE(got.trouble);
    CHECK(got.found.empty());
}

TEST_CASE("Jira changed: a time in milliseconds; the rest is unmodified")
{
    tracker t{"search"};
    t.on_search(page({issue("PLUM-2", "Closed", "done", "Fixed")}, 1));
    auto const got = t.look_changed({"PLUM-1", "PLUM-2"});
    CHECK(ended(got, "PLUM-1") == outcome::unmodified);
    CHECK(seen(got, "PLUM-2").words.resolution == "Fixed");
    REQUIRE(t.at.asked().size() == 1);
    auto const earlier = (since - std::chrono::minutes{5}).time_since_epoch().count();
    CHECK(t.at.asked()[0].body.find(fmt::format("AND updated >= {} ", earlier)) != std::string::npos);
}

TEST_CASE("Jira changed: an issue that nobody asked for leaves nothing unmodified")
{
    tracker t{"search"};
    t.on_search(page({issue("PEAR-5", "Open", "new")}, 1));
    t.on_search(page({issue("PLUM-1", "Open", "new"), issue("PEAR-5", "Open", "new")}, 2));
    t.on_issue("OLD-5", json(200, issue("PEAR-5", "Open", "new")));
    auto const got = t.look_changed({"PLUM-1", "OLD-5"});
    CHECK(ended(got, "PLUM-1") == outcome::seen);
    CHECK(ended(got, "OLD-5") == outcome::moved);
}

TEST_CASE("Jira changed: a row that cannot be read leaves nothing unmodified")
{
    for (auto const* const row : {"7", "null", R"({"id":"10001"})"}) {
        tracker t{"search"};
        t.on_search(page({row}, 1));
        t.on_search(page({issue("PLUM-1", "Open", "new")}, 1));
        CHECK(ended(t.look_changed({"PLUM-1"}), "PLUM-1") == outcome::seen);
    }
}

TEST_CASE("Jira changed: Cloud's pages go on by their token, short or not")
{
    tracker t{"bulk"};
    auto const jql = "/jira/rest/api/3/search/jql";
    t.at.on("POST", jql, json(200, R"({"issues":[],"nextPageToken":"a\"b","isLast":false})"));
    t.at.on("POST", jql, json(200, "{" + list_of({issue("PLUM-2", "Open", "new")}) + ",\"isLast\":true}"));
    auto const got = t.look_changed({"PLUM-1", "PLUM-2"});
    CHECK(ended(got, "PLUM-1") == outcome::unmodified);
    CHECK(ended(got, "PLUM-2") == outcome::seen);
    REQUIRE(t.at.asked().size() == 2);
    CHECK(t.at.asked()[1].body.ends_with(R"(,"nextPageToken":"a\"b"})"));
}

TEST_CASE("Jira: words")
{
    struct sample {
        raw_words words;
        std::optional<status> state;
        std::optional<importance> weight;
    };
    auto const in = [](std::string_view category) {
        return std::vector<std::string>{"plum", "status category: " + std::string{category}};
    };
    for (auto const& s : std::vector<sample>{
             {{.status = "Open", .priority = "Blocker"}, status::new_, importance::critical},
             {{.status = "To Do", .priority = "P1", .labels = in("new")}, status::new_, importance::critical},
             {{.status = "Reopened", .resolution = "Fixed", .priority = "P2"},
              status::confirmed,
              importance::high},
             {{.status = "In Progress", .resolution = "Fixed", .labels = in("indeterminate")},
              status::in_progress,
              importance::undecided},
             {{.status = "Waiting for customer", .priority = "Medium", .labels = in("indeterminate")},
              status::incomplete,
              importance::medium},
             {{.status = "Awaiting Response"}, status::incomplete, importance::undecided},
             {{.status = "Waiting for support", .labels = in("indeterminate")},
              status::in_progress,
              importance::undecided},
             {{.status = "Awaiting release"}, std::nullopt, importance::undecided},
             {{.status = "Frobnicating", .priority = "Trivial", .labels = in("indeterminate")},
              status::in_progress,
              importance::low},
             {{.status = "Frobbing", .priority = "None", .labels = in("new")},
              status::new_,
              importance::undecided},
             {{.status = "Resolved", .resolution = "Fixed", .type = "Improvement", .labels = in("done")},
              status::fix_released,
              importance::wishlist},
             {{.status = "Resolved", .labels = in("indeterminate")},
              status::fix_committed,
              importance::undecided},
             {{.status = "Closed", .resolution = "Won't Do", .labels = in("done")},
              status::wont_fix,
              importance::undecided},
             {{.status = "Closed", .resolution = "Duplicate"}, status::invalid, importance::undecided},
             {{.status = "Closed", .resolution = "Incomplete"}, status::expired, importance::undecided},
             {{.status = "Closed", .resolution = "Unresolved", .labels = in("done")},
              status::fix_released,
              importance::undecided},
             {{.status = "Frobbed", .resolution = "Done", .labels = in("done")},
              status::fix_released,
              importance::undecided},
             {{.status = "Closed", .resolution = "Frobbed", .labels = in("done")},
              std::nullopt,
              importance::undecided},
             {{.status = "Frobbed", .priority = "Frob", .labels = in("done")}, std::nullopt, std::nullopt}}) {
        INFO(s.words.status << " " << s.words.resolution);
        auto const got = adapters::make_jira()->interpret(s.words);
        CHECK(got.state == s.state);
        CHECK(got.weight == s.weight);
        CHECK(got.unmapped.size() == (s.state ? 0U : 1U) + (s.weight ? 0U : 1U));
    }
}

TEST_CASE("Jira: the comments of an issue, page by page")
{
    tracker t{"search"};
    t.at.on(
        "GET",
        "/jira/rest/api/2/issue/PLUM-7?fields=description,reporter,created",
        json(
            200,
            R"({"key":"PLUM-7","fields":{"description":"it rots","reporter":{"displayName":"Ann"},)"
            R"("created":"2026-04-01T07:00:00.000+0000"}})"));
    auto const comments = "/jira/rest/api/2/issue/PLUM-7/comment?startAt=";
    t.at.on(
        "GET",
        comments + std::string{"0&*"},
        json(
            200,
            R"({"startAt":0,"maxResults":2,"total":3,"comments":[)"
            R"({"id":"51","author":{"name":"bo"},"body":"*so* it does","created":"2026-04-02T09:00:00.000+0200"},)"
            R"({"id":"52","author":{"name":"bo"},"body":"psst","created":"2026-04-03T00:00:00.000+0000",)"
            R"("visibility":{"type":"role","value":"Developers"}}]})"));
    t.at.on(
        "GET",
        comments + std::string{"2&*"},
        json(
            200,
            R"({"startAt":2,"maxResults":2,"total":3,"comments":[)"
            R"({"id":"53","author":{"displayName":"Cy"},"body":"late","created":"2026-04-04T00:00:00.000+0000"}]})"));
    auto const all = test::run(t.kind->read_comments(t.at, t.can, "PLUM-7", std::nullopt));
    REQUIRE(all);
    REQUIRE(all->size() == 3);
    CHECK((*all)[0].text == "it rots");
    CHECK((*all)[0].author == "Ann");
    CHECK((*all)[1].remote_id == "51");
    CHECK((*all)[1].author == "bo");
    CHECK(format_time(*(*all)[1].at) == "2026-04-02T07:00:00Z");
    CHECK((*all)[2].text == "late");
    auto const late = test::run(t.kind->read_comments(t.at, t.can, "PLUM-7", (*all)[2].at));
    REQUIRE(late);
    CHECK(late->size() == 1);
    t.on_issue("PLUM-8", refusal(404, "Issue Does Not Exist"));
    CHECK(
        test::run(t.kind->read_comments(t.at, t.can, "PLUM-8", std::nullopt)).error().kind
        == error_kind::not_found);
}

TEST_CASE("Jira: more comments than are read are not passed off as all")
{
    tracker t{"search"};
    t.at.on(
        "GET",
        "/jira/rest/api/2/issue/PLUM-7?fields=description*",
        json(200, R"({"key":"PLUM-7","fields":{}})"));
    t.at.on(
        "GET",
        "/jira/rest/api/2/issue/PLUM-7/comment?*",
        json(
            200,
            R"({"total":9000,"comments":[{"id":"51","body":"x","created":"2026-04-02T09:00:00.000+0200"}]})"));
    auto const all = test::run(t.kind->read_comments(t.at, t.can, "PLUM-7", std::nullopt));
    REQUIRE_FALSE(all);
    CHECK(all.error().kind == error_kind::too_large);
}
