#include <catch2/catch.hpp>

#include "ground.hpp"

namespace checkwatches::mock {

namespace {

std::string const tool = "/rest/p/plum/bugs/";

} // namespace

TEST_CASE("Allura's search leaves out what is private or missing, and its rows are light")
{
    ground at{"kind=allura,bugs=30"};
    auto const found = at.get(tool + "search?q=ticket_num:(3+OR+13+OR+99+OR+4)&limit=100");
    CHECK(told_ids(found) == "3,4,");
    CHECK_FALSE(contains(found.body, "discussion_thread"));
    auto const page = boost::json::parse(found.body).as_object();
    CHECK(page.at("count") == 2);
    CHECK(page.at("solr_error").is_null());
    at.bugs.change(4, {.priority = "9"}, 1'770'000'000);
    CHECK(
        told_ids(at.get(tool + "search?q=ticket_num:(3+OR+4)+AND+mod_date:[2026-02-02T02:40:00Z+TO+*]"))
        == "4,");
    CHECK(at.json(tool + "search?q=ticket_num:(3+OR+4)&limit=1").at("count") == 2);
}

TEST_CASE("Allura's search fails with 200, and its index may be behind")
{
    ground at{"kind=allura,bugs=30"};
    for (auto const* const q : {"ticket_num:(4294967297)", "ticket_num:(x)", "nonsense", ""}) {
        auto const failed = at.get(tool + "search?q=" + q);
        CHECK(failed.status == 200);
        CHECK(contains(failed.body, "Error running search"));
    }
    ground behind{"kind=allura,bugs=30,lag=600"};
    auto const before = behind.json(tool + "search?q=ticket_num:(3)").at("tickets").at(0).at("status");
    std::string const changed = before == "closed" ? "open" : "closed";
    behind.bugs.change(3, {.status = changed}, seconds_by({}));
    CHECK(behind.json(tool + "search?q=ticket_num:(3)").at("tickets").at(0).at("status") == before);
    CHECK(behind.json(tool + "3/").at("ticket").at("status").as_string() == changed);
}

TEST_CASE("Allura's single ticket is whole; refusals are its own, and a wrong token is one everywhere")
{
    ground at{"kind=allura,bugs=30"};
    CHECK(contains(at.get(tool + "3/").body, "discussion_thread"));
    CHECK(contains(at.get(tool + "99/").body, "A 404 Error has Occurred"));
    CHECK(at.get(tool + "13/").status == 401);
    std::vector<std::pair<std::string, std::string>> const good{
        {"Authorization", "Bearer " + std::string{good_key}}};
    CHECK(at.get(tool + "13/", good).status == 200);
    CHECK(at.get(tool, {{"Authorization", "Bearer x"}}).status == 401);
    CHECK(at.json(tool).at("tracker_config").at("options").at("closed_status_names") == "closed wont-fix");
    ground former{"kind=allura,bugs=30,flavour=sourceforge"};
    CHECK(former.json(tool + "20/").at("ticket").at("status") == "closed-duplicate");
}

} // namespace checkwatches::mock
