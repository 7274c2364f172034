#include <catch2/catch.hpp>

#include "ground.hpp"

namespace checkwatches::mock {

TEST_CASE("Savane's page of an item has its fields in a table, by any of its addresses")
{
    ground at{"kind=savannah,bugs=30"};
    at.bugs.change(3, {.status = "Closed", .resolution = "Wont Fix", .severity = "2 - Minor"}, 1'770'000'000);
    for (auto const* const address : {"/bugs/?3", "/bugs/index.php?3", "/bugs/?func=detailitem&item_id=3"}) {
        auto const page = at.get(address);
        CHECK(told_ids(page) == "3,");
        CHECK(contains(page.body, "<a href=\"?3\">bug #3</a>"));
        CHECK(contains(page.body, ">Wont Fix</td>"));
        CHECK(contains(page.body, ">Closed</td>"));
        CHECK(contains(page.body, ">2 - Minor</td>"));
    }
    ground tasks{"kind=savannah,bugs=30,tracker=task,flavour=2.6"};
    CHECK(contains(tasks.get("/task/?3").body, "<h2 class=\"priorc\"><em>"));
}

TEST_CASE("Savane's errors are a page")
{
    ground at{"kind=savannah,bugs=30"};
    auto const missing = at.get("/bugs/index.php?99");
    CHECK(missing.status == 404);
    CHECK(contains(missing.body, "<p>Item not found</p>"));
    CHECK(contains(at.get("/bugs/?13").body, "This item is private"));
    CHECK(contains(at.get("/bugs/").body, "No group chosen"));
    CHECK_FALSE(contains(at.get("/patch/?3").body, "Exiting"));
    ground old{"kind=savannah,bugs=30,flavour=2.6,error_status=200"};
    auto const box = old.get("/bugs/?99");
    CHECK(box.status == 200);
    CHECK(contains(box.body, "class=\"feedbackerror\""));
}

} // namespace checkwatches::mock
