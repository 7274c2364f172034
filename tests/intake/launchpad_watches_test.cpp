#include "engine/intake/adopt/launchpad_watches.hpp"
#include "tests/support/canned_remote.hpp"
#include "tests/support/print.hpp"
#include "tests/support/run.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

namespace {

using namespace checkwatches;
using namespace checkwatches::intake;
using Catch::Matchers::Contains;

adapters::reply answer(std::string body, unsigned status = 200)
{
    return test::canned(status, "application/json", std::move(body));
}

std::string task(int bug, std::string const& target = "gadget")
{
    return fmt::format(
        R"({{"self_link": "https://lp.example/devel/{}/+bug/{}", "status": "New"}})", target, bug);
}

result<adopted> read(test::canned_remote& at, std::string const& target = "gadget")
{
    at.set_api("https://lp.example/devel");
    return test::run(read_launchpad(at, {.target = target, .most_bugs = 5}, [](std::size_t, std::size_t) {}));
}

} // namespace

TEST_CASE("a bug watch of Launchpad is read with what it knows")
{
    auto const page = read_watch_page(
        answer(
            R"({"start": 0, "total_size": 4, "next_collection_link": "https://lp.example/next", "entries": [
            {"url": "https://h.example/1", "remote_bug": "1", "remote_status": "RESOLVED FIXED",
             "remote_importance": "UNKNOWN", "last_error_type": null,
             "date_last_checked": "2026-01-02T03:04:05.678901+00:00",
             "date_last_changed": "2026-01-01T00:00:00+00:00"},
            {"url": "https://h.example/2", "remote_status": "tag:launchpad.net:2008:redacted",
             "last_error_type": "Timeout"},
            {"url": "tag:launchpad.net:2008:redacted", "remote_bug": "tag:launchpad.net:2008:redacted"},
            {"url": null, "remote_bug": "77"}, 7]})"),
        "12");
    REQUIRE(page);
    CHECK(page->next == "https://lp.example/next");
    REQUIRE(page->watches.size() == 2);
    other_view const first{
        .status = "RESOLVED FIXED",
        .checked_at = parse_time("2026-01-02T03:04:05.678901Z"),
        .changed_at = parse_time("2026-01-01T00:00:00Z")};
    CHECK(page->watches[0].theirs == first);
    CHECK(page->watches[0].usual_label == "lp:12");
    other_view const second{.failure = "Timeout", .is_private = true};
    CHECK(page->watches[1].theirs == second);
    REQUIRE(page->rest.size() == 3);
    for (auto const& rest : page->rest)
        CHECK_THAT(rest.reason, !Contains("redacted"));
    CHECK_THAT(page->rest[1].reason, Contains("77"));
}

TEST_CASE("what is no page of watches is an error")
{
    for (auto const* const body : {"", "[]", "{}", R"({"entries": {}})", R"({"entries": [)"}) {
        INFO(body);
        CHECK(read_watch_page(answer(body), "1").error().kind == error_kind::unparsable);
    }
    CHECK(read_watch_page(answer("no", 404), "1").error().kind == error_kind::not_found);
}

TEST_CASE("a page that leads to another origin is not followed")
{
    test::canned_remote at{
        "https://lp.example/", [](adapters::request const& rq) {
            bool const is_list = rq.url.query.find("searchTasks") != std::string::npos;
            return answer(
                is_list ? "{\"entries\": [" + task(1) + "]}"
                        : R"({"next_collection_link": "https://evil.example/", "entries": []})");
        }};
    auto const list = read(at);
    REQUIRE(list);
    REQUIRE(list->rest.size() == 1);
    CHECK(list->rest[0].how == leftover::why::bad);
    CHECK(list->rest[0].name == "lp:1");
    for (auto const& rq : at.asked)
        CHECK(rq.url.host == "lp.example");
}

TEST_CASE("pages without an end are bounded")
{
    test::canned_remote bugs{
        "https://lp.example/", [n = 0](adapters::request const&) mutable {
            ++n;
            return answer(fmt::format(
                R"({{"next_collection_link": "https://lp.example/{}", "entries": [{}]}})", n, task(n)));
        }};
    auto const list = read(bugs);
    REQUIRE(list.has_error());
    CHECK(list.error().kind == error_kind::usage);
    CHECK(bugs.asked.size() == 6);

    test::canned_remote watches{
        "https://lp.example/", [](adapters::request const& rq) {
            bool const is_list = rq.url.query.find("searchTasks") != std::string::npos;
            return answer(
                is_list ? "{\"entries\": [" + task(1) + "]}"
                        : R"({"next_collection_link": "https://lp.example/x", "entries": []})");
        }};
    auto const one = read(watches);
    REQUIRE(one);
    REQUIRE(one->rest.size() == 1);
    CHECK_THAT(one->rest[0].reason, Contains("pages"));
}

TEST_CASE("a bug is asked for once, however many tasks it has")
{
    test::canned_remote at{"https://lp.example/", [](adapters::request const& rq) {
                               bool const is_list = rq.url.query.find("searchTasks") != std::string::npos;
                               return answer(
                                   is_list ? "{\"entries\": [" + task(7) + ","
                                                 + task(7, "ubuntu/+source/gadget") + "]}"
                                           : R"({"entries": []})");
                           }};
    REQUIRE(read(at));
    REQUIRE(at.asked.size() == 2);
    CHECK(at.lines()[1] == "GET /devel/bugs/7/bug_watches");
}
