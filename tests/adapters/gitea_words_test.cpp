#include "adapters/gitea.hpp"
#include "adapters/gitea/words.hpp"

#include <catch2/catch.hpp>

using namespace checkwatches;
using labels = std::vector<std::string>;

namespace {

verdict of(std::string state, labels bears, std::string resolution = {}, std::string type = "issue")
{
    return adapters::make_gitea()->interpret(
        {.status = std::move(state),
         .resolution = std::move(resolution),
         .priority = adapters::gitea::importance_label(bears),
         .type = std::move(type),
         .labels = std::move(bears)});
}

} // namespace

TEST_CASE("Gitea: labels tell why an issue was closed, and otherwise it was fixed")
{
    CHECK(of("closed", {}).state == status::fix_released);
    CHECK(of("closed", {"bug", "Kind/Bug"}).state == status::fix_released);
    CHECK(of("closed", {"Reviewed/Duplicate"}).state == status::invalid);
    CHECK(of("closed", {"duplicate"}).state == status::invalid);
    CHECK(of("closed", {"Reviewed/Invalid"}).state == status::invalid);
    CHECK(of("closed", {"Works for me"}).state == status::invalid);
    CHECK(of("closed", {"resolution: cannot_reproduce"}).state == status::invalid);
    CHECK(of("closed", {"Reviewed/Won't Fix"}).state == status::wont_fix);
    CHECK(of("closed", {"wontfix"}).state == status::wont_fix);
    CHECK(of("closed", {"Status/Abandoned"}).state == status::expired);
    CHECK(of("closed", {"wontfix", "duplicate"}).state == status::invalid);
    // A label of another scope, or that only holds the word, says nothing.
    CHECK(of("closed", {"area/invalid"}).state == status::fix_released);
    CHECK(of("closed", {"invalid input"}).state == status::fix_released);
}

TEST_CASE("Gitea: labels tell how far an open issue is")
{
    CHECK(of("open", {}).state == status::new_);
    CHECK(of("open", {"Reviewed/Duplicate", "Status/Blocked"}).state == status::new_);
    CHECK(of("open", {"Reviewed/Confirmed"}).state == status::confirmed);
    CHECK(of("open", {"Status/Need More Info"}).state == status::incomplete);
    CHECK(of("open", {"question"}).state == status::incomplete);
    CHECK(of("open", {"state::in progress"}).state == status::in_progress);
    CHECK(of("open", {"triage/accepted"}).state == status::triaged);
    CHECK(of("open", {"accepted"}).state == status::confirmed);
    CHECK(of("open", {"confirmed", "wip"}).state == status::in_progress);
    CHECK(of("OPEN", {"pending-release"}).state == status::fix_committed);
}

TEST_CASE("Gitea: a pull request is merged, turned down or open")
{
    CHECK(of("closed", {}, "merged", "pull request").state == status::fix_released);
    CHECK(of("closed", {"invalid"}, "", "pull request").state == status::wont_fix);
    CHECK(of("open", {"confirmed"}, "", "pull request").state == status::in_progress);
}

TEST_CASE("Gitea: a reason that is not known is not guessed")
{
    for (auto const* const label : {"Resolution/Frobbed", "Reviewed/Frobbed", "resolution: frobbed"}) {
        auto const got = of("closed", {"bug", label});
        CHECK_FALSE(got.state);
        CHECK(
            got.unmapped
            == std::vector<unmapped_word>{{.field = "status", .word = std::string{"closed "} + label}});
    }
    CHECK_FALSE(of("open", {"Reviewed/Frobbed"}).state);
    CHECK(of("open", {"Reviewed/Frobbed", "wip"}).state == status::in_progress);
    CHECK(of("closed", {"Resolution/Frobbed", "wontfix"}).state == status::wont_fix);
    for (auto const* const label :
         {"Resolution/Fixed", "resolution: done", "Reviewed/Completed", "Reviewed/Confirmed"})
        CHECK(of("closed", {label}).state == status::fix_released);
    CHECK(of("closed", {"Status/Frobbed"}).state == status::fix_released);
}

TEST_CASE("Gitea: an unknown state is not guessed")
{
    auto const got = of("frozen", {"invalid"});
    CHECK_FALSE(got.state);
    CHECK(got.unmapped == std::vector<unmapped_word>{{.field = "status", .word = "frozen"}});
}

TEST_CASE("Gitea: scoped labels and a few plain ones tell the importance")
{
    auto const weight = [](labels bears) { return of("open", std::move(bears)).weight; };
    CHECK(weight({"Priority/Critical"}) == importance::critical);
    CHECK(weight({"Priority/High"}) == importance::high);
    CHECK(weight({"priority: medium"}) == importance::medium);
    CHECK(weight({"severity::low"}) == importance::low);
    CHECK(weight({"priority-high"}) == importance::high);
    CHECK(weight({"Low Priority"}) == importance::low);
    CHECK(weight({"P1"}) == importance::high);
    CHECK(weight({"P3"}) == importance::low);
    CHECK(weight({"blocker"}) == importance::critical);
    CHECK(weight({"Priority/Low", "Priority/High", "Priority/Medium"}) == importance::high);
    CHECK(weight({"Kind/Feature", "Priority/Low"}) == importance::low);
    CHECK(weight({"Kind/Feature"}) == importance::wishlist);
    CHECK(weight({"enhancement"}) == importance::wishlist);
    CHECK(weight({}) == importance::undecided);
    CHECK(weight({"high", "area/critical", "bug"}) == importance::undecided);
}

TEST_CASE("Gitea: a priority of its own is not guessed, and does not hide one that is known")
{
    auto const got = of("open", {"Priority/Someday", "enhancement"});
    CHECK_FALSE(got.weight);
    CHECK(got.unmapped == std::vector<unmapped_word>{{.field = "importance", .word = "Priority/Someday"}});
    CHECK(of("open", {"Priority/Someday", "Priority/Low"}).weight == importance::low);
    CHECK(of("open", {"Priority/Low", "Priority/Someday"}).weight == importance::low);
}
