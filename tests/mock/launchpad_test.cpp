#include <catch2/catch.hpp>

#include "ground.hpp"

namespace checkwatches::mock {

namespace {

std::string const every_status =
    "&status=New&status=Incomplete&status=Opinion&status=Invalid&status=Won%27t+Fix&status=Expired"
    "&status=Confirmed&status=Triaged&status=In+Progress&status=Fix+Committed&status=Fix+Released";

// The path of a link to the mock.
std::string path_of(boost::json::value const& link)
{
    std::string_view const text = link.as_string();
    REQUIRE(text.starts_with("http://127.0.0.1:4711/"));
    return std::string{text.substr(21)};
}

} // namespace

TEST_CASE("a bug and its tasks link to each other")
{
    ground at{"kind=launchpad,bugs=30"};
    auto const bug = at.json("/devel/bugs/12");
    CHECK(bug.at("id") == 12);
    CHECK(bug.at("duplicate_of_link").is_null());
    CHECK(at.json("/devel/bugs/20").at("duplicate_of_link") == "http://127.0.0.1:4711/devel/bugs/10");
    CHECK(bug.at("date_last_updated") == "2026-01-01T12:30:00.000012+00:00");

    // Bug 12 is the package's and the series'; bug 6 the project's too.
    auto const tasks = at.json(path_of(bug.at("bug_tasks_collection_link")));
    CHECK(tasks.at("total_size") == 2);
    CHECK(tasks.at("entries").at(0).at("target_link") == "http://127.0.0.1:4711/devel/frob/+source/gadget");
    CHECK(at.json("/devel/bugs/6/bug_tasks").at("entries").as_array().size() == 3);
    for (auto const& task : tasks.at("entries").as_array()) {
        auto const same = at.json(path_of(task.at("self_link")));
        CHECK(same == task);
        CHECK(same.at("bug_link") == "http://127.0.0.1:4711/devel/bugs/12");
    }
    at.bugs.change(12, {.status = "Fix Released", .priority = "Critical", .task = 1}, 1'770'000'000);
    auto const series = at.json("/devel/frob/quartz/+source/gadget/+bug/12");
    CHECK(series.at("status") == "Fix Released");
    CHECK(series.at("importance") == "Critical");
    CHECK(at.get("/devel/gadget/+bug/12").status == 404);
    CHECK(at.get("/devel/gadget/+bug/1").status == 200);
}

TEST_CASE("what is hidden is as missing as what does not exist")
{
    ground at{"kind=launchpad,bugs=30"};
    for (auto const target :
         {"/devel/bugs/13", "/devel/bugs/9999", "/devel/bugs/13/bug_tasks", "/devel/nosuch"}) {
        auto const a = at.get(target);
        CHECK(a.status == 404);
        CHECK(header(a, "Content-Type") == "text/plain;charset=utf-8");
        CHECK(contains(a.body, "Object: <"));
    }
    std::string const right = "OAuth realm=\"x\", oauth_consumer_key=\"app\", oauth_token=\""
                              + std::string{good_key} + "\", oauth_signature=\"&secret\"";
    CHECK(at.get("/devel/bugs/13", {{"Authorization", right}}).status == 200);
    CHECK(at.get("/devel/bugs/1", {{"Authorization", "OAuth oauth_token=\"\""}}).status == 200);
    auto const wrong = at.get("/devel/bugs/1", {{"Authorization", "OAuth oauth_token=\"k\""}});
    CHECK(wrong.status == 401);
    CHECK(wrong.body == "Unknown access token (k).");
    CHECK(at.get("/2.0/bugs/1").status == 404);
    CHECK(contains(at.get("/devel/").body, "#service-root"));
}

TEST_CASE("searchTasks leaves out the resolved and the duplicates, if it is not told otherwise")
{
    ground at{"kind=launchpad,bugs=90"};
    auto const search = "/devel/gadget?ws.op=searchTasks&ws.size=300&order_by=id";
    at.bugs.change(1, {.status = "Fix Released"}, 1'770'000'000);
    at.bugs.change(2, {.status = "New"}, 1'770'000'000);
    // 37 and 74 are duplicates with tasks on the project.
    at.bugs.change(37, {.status = "New"}, 1'770'000'000);
    auto const usual = "," + told_ids(at.get(search));
    CHECK_FALSE(contains(usual, ",1,"));
    CHECK(contains(usual, ",2,"));
    CHECK_FALSE(contains(usual, ",37,"));
    auto const wide = "," + told_ids(at.get(search + every_status + "&omit_duplicates=false"));
    CHECK(contains(wide, ",1,"));
    CHECK(contains(wide, ",37,"));
    CHECK_FALSE(contains(wide, ",13,"));
    CHECK_FALSE(contains(wide, ",4,"));

    CHECK(told_ids(at.get(search + every_status + "&modified_since=2026-02-02T02:40:01Z")).empty());
    CHECK(
        told_ids(at.get(search + every_status + "&omit_duplicates=false&modified_since=2026-02-02T02:39:59Z"))
        == "1,2,37,");
}

TEST_CASE("what searchTasks does not understand is a 400 that names it")
{
    ground at{"kind=launchpad,bugs=30"};
    std::string const search = "/devel/gadget?ws.op=searchTasks";
    auto const choice = at.get(search + "&status=Fixed");
    CHECK(choice.status == 400);
    CHECK(choice.body.starts_with("status: Invalid value \"Fixed\". Acceptable values are: New, Incomplete"));
    CHECK(at.get(search + "&order_by=weather").status == 400);
    CHECK(at.get(search + "&ws.size=301").status == 400);
    CHECK(at.get(search + "&ws.size=300").status == 200);
    CHECK(at.get(search + "&modified_since=yesterday").status == 400);
    CHECK(at.get("/devel/nosuch?ws.op=searchTasks").status == 404);
}

TEST_CASE("a collection is followed by its links")
{
    ground at{"kind=launchpad,bugs=30"};
    std::string target = "/devel/bugs?ws.op=searchTasks&ws.size=7&order_by=id&omit_duplicates=false"
                         + every_status;
    auto const all = told_ids(
        at.get("/devel/bugs?ws.op=searchTasks&ws.size=300&order_by=id&omit_duplicates=false" + every_status));
    std::string seen;
    for (int page = 0; page < 50; ++page) {
        auto const a = at.get(target);
        seen += told_ids(a);
        auto const body = boost::json::parse(a.body).as_object();
        auto const* next = body.if_contains("next_collection_link");
        CHECK(body.contains("total_size_link") == (next != nullptr));
        CHECK(body.contains("total_size") == (next == nullptr));
        if (next == nullptr)
            break;
        if (page == 0) {
            auto const size = at.get(path_of(body.at("total_size_link")));
            CHECK(std::stoul(size.body) == split(all, ',').size() - 1);
        }
        target = path_of(*next);
        CHECK(contains(target, "memo="));
    }
    CHECK(seen == all);
    CHECK(at.json("/devel/gadget?ws.op=searchTasks&ws.start=9999").at("entries").as_array().empty());
    ground plain{"kind=launchpad,bugs=30,size_link=0"};
    CHECK(plain.json("/devel/gadget?ws.op=searchTasks&ws.size=1").as_object().contains("total_size"));
}

TEST_CASE("an entry has an ETag, whatever the compressor makes of it")
{
    ground at{"kind=launchpad,gzip_etag=1"};
    auto const a = at.get("/devel/bugs/1");
    auto const tag = header(a, "ETag");
    CHECK(tag.ends_with("-gzip\""));
    CHECK(at.get("/devel/bugs/1", {{"If-None-Match", tag}}).status == 304);
    std::string const bare{boost::json::parse(a.body).at("http_etag").as_string()};
    CHECK(at.get("/devel/bugs/1", {{"If-None-Match", bare}}).status == 304);
    at.bugs.change(1, {.status = "Expired"}, 1'770'000'000);
    CHECK(at.get("/devel/bugs/1", {{"If-None-Match", tag}}).status == 200);
}

TEST_CASE("a task's ETag is its own: the bug's changes with every task")
{
    ground at{"kind=launchpad,bugs=30"};
    auto const tag = [&](std::string target) { return header(at.get(std::move(target)), "ETag"); };
    auto const bug = tag("/devel/bugs/3");
    auto const project = tag("/devel/gadget/+bug/3");
    auto const package = tag("/devel/frob/+source/gadget/+bug/3");
    CHECK(project != package);
    auto const before = at.bugs.find(3)->now().status;
    at.bugs.change(3, {.status = before == "New" ? "Triaged" : "New"}, 1'770'000'000);
    CHECK(tag("/devel/bugs/3") != bug);
    CHECK(tag("/devel/gadget/+bug/3") != project);
    CHECK(tag("/devel/frob/+source/gadget/+bug/3") == package);
    // Back again, the task is as it was; the bug has changed.
    at.bugs.change(3, {.status = before}, 1'770'000'100);
    CHECK(tag("/devel/gadget/+bug/3") == project);
    CHECK(tag("/devel/bugs/3") != bug);
}

TEST_CASE("modified_since means later than, to the microsecond")
{
    ground at{"kind=launchpad,bugs=30"};
    at.bugs.change(7, {.status = "Expired"}, 1'770'000'000); // 2026-02-02T02:40:00.000007Z
    auto const found = [&](std::string_view since) {
        return told_ids(
            at.get("/devel/gadget?ws.op=searchTasks&status=Expired&modified_since=" + std::string{since}));
    };
    CHECK(found("2026-02-02T02:39:59Z") == "7,");
    CHECK(found("2026-02-02T02:40:00Z") == "7,");
    CHECK(found("2026-02-02T02:40:00.000006%2B00:00") == "7,");
    CHECK(found("2026-02-02T02:40:00.000007%2B00:00").empty());
    CHECK(found("2026-02-02T02:40:01Z").empty());
}

TEST_CASE("getBugData tells the first task")
{
    ground at{"kind=launchpad,bugs=30"};
    auto const list = at.json("/devel/bugs?ws.op=getBugData&bug_id=20");
    CHECK(list.at(0).at("id") == 20);
    CHECK(list.at(0).at("status").as_string() == at.bugs.find(20)->now().status);
    CHECK(at.get("/devel/bugs?ws.op=getBugData&bug_id=13").body == "[]");
}

} // namespace checkwatches::mock
