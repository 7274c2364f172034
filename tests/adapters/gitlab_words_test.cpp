#include "adapters/gitlab.hpp"
#include "tests/support/print.hpp"

#include <catch2/catch.hpp>

using namespace checkwatches;

namespace {

verdict means(raw_words const& words)
{
    return adapters::make_gitlab()->interpret(words);
}

using labels = std::vector<std::string>;

} // namespace

TEST_CASE("GitLab: what states and labels mean")
{
    struct row {
        std::string state;
        std::string resolution;
        labels with;
        std::optional<status> expected;
    };
    std::vector<row> const rows{
        {"opened", "", {}, status::new_},
        {"reopened", "", {}, status::new_},
        {"opened", "", {"bug", "component: core"}, status::new_},
        {"opened", "", {"Workflow::In Dev"}, status::in_progress},
        {"opened", "", {"workflow::in review"}, status::in_progress},
        {"opened", "", {"workflow::verification"}, status::fix_committed},
        {"opened", "", {"workflow::ready for development"}, status::triaged},
        {"opened", "", {"backend::workflow::in_dev"}, status::in_progress},
        {"opened", "", {"status::needs-info"}, status::incomplete},
        {"opened", "", {"awaiting feedback"}, status::incomplete},
        {"opened", "", {"2. Needs Information"}, status::incomplete},
        {"opened", "", {"Confirmed"}, status::confirmed},
        {"opened", "", {"Confirmed", "needs info"}, status::incomplete},
        {"opened", "", {"Doing"}, status::in_progress},
        {"opened", "", {"production"}, status::new_}, // a plain word
        {"opened", "", {"not confirmed yet"}, status::new_},
        {"opened", "", {"wontfix"}, status::new_}, // reopened, and the label stayed
        {"opened", "To do", {"workflow::in dev"}, status::in_progress},
        {"opened", "To do", {"Doing"}, status::in_progress},
        {"opened", "In progress", {"Confirmed"}, status::in_progress},
        {"closed", "", {}, status::fix_released},
        {"closed", "", {"workflow::in dev"}, status::fix_released},
        {"closed", "", {"workflow::complete"}, status::fix_released},
        {"closed", "", {"WONTFIX"}, status::wont_fix},
        {"closed", "", {"Won't Fix"}, status::wont_fix},
        {"closed", "", {"resolution::not a bug"}, status::invalid},
        {"closed", "", {"duplicate"}, status::invalid},
        {"closed", "", {"stale"}, status::expired},
        {"closed", "duplicate", {}, status::invalid},
        {"closed", "Duplicate", {"workflow::complete"}, status::invalid},
        {"closed", "Done", {}, status::fix_released},
        {"closed", "Done", {"wontfix"}, status::wont_fix},
        {"closed", "Won't do", {}, status::wont_fix},
        // Not guessed.
        {"locked", "", {}, std::nullopt},
        {"opened", "", {"workflow::frobnicating"}, std::nullopt},
        {"opened", "Frobnicating", {}, std::nullopt},
        {"closed", "", {"status::frobnicated"}, std::nullopt}};
    for (auto const& r : rows) {
        INFO(r.state << " " << r.resolution << " " << (r.with.empty() ? "" : r.with.front()));
        auto const v = means({.status = r.state, .resolution = r.resolution, .labels = r.with});
        CHECK(v.state == r.expected);
        CHECK(v.weight == importance::unknown);
        CHECK(v.unmapped.size() == (r.expected ? 0 : 1));
    }
    CHECK(
        means({.status = "opened", .labels{"workflow::frobnicating"}}).unmapped
        == std::vector<unmapped_word>{{.field = "status", .word = "workflow::frobnicating"}});
    CHECK(
        means({.status = "opened", .resolution = "Frob"}).unmapped
        == std::vector<unmapped_word>{{.field = "status", .word = "opened Frob"}});
    CHECK(means({}) == verdict{.weight = importance::unknown});
}

TEST_CASE("GitLab: how urgent labels and severities are")
{
    struct row {
        labels with;
        std::string severity;
        std::string type;
        std::optional<importance> expected;
    };
    std::vector<row> const rows{
        {{"priority::1"}, "", "", importance::critical},
        {{"Priority::2"}, "", "", importance::high},
        {{"priority::3"}, "", "", importance::medium},
        {{"priority::4"}, "", "", importance::low},
        {{"severity::1"}, "", "", importance::critical},
        {{"severity::4"}, "", "", importance::low},
        {{"severity::1", "priority::3"}, "", "", importance::medium},
        {{"priority::high"}, "", "", importance::high},
        {{"priority::2", "type::feature"}, "", "", importance::high},
        {{"type::feature"}, "HIGH", "", importance::wishlist},
        {{"Enhancement"}, "", "", importance::wishlist},
        {{"1. Feature"}, "", "", importance::wishlist},
        {{}, "CRITICAL", "incident", importance::critical},
        {{}, "LOW", "incident", importance::low},
        {{"P1"}, "", "", importance::critical},
        {{"S2", "P3"}, "", "", importance::high},
        {{"critical"}, "", "", importance::critical},
        {{"1", "normal"}, "", "", importance::unknown},
        {{"priority"}, "", "", importance::unknown},
        {{"priority::frob"}, "", "", std::nullopt},
        {{}, "FROB", "", std::nullopt}};
    for (auto const& r : rows) {
        INFO(r.severity << " " << (r.with.empty() ? "" : r.with.front()));
        auto const v = means({.status = "opened", .severity = r.severity, .type = r.type, .labels = r.with});
        CHECK(v.weight == r.expected);
        CHECK(v.state == status::new_);
        CHECK(v.unmapped.size() == (r.expected ? 0 : 1));
    }
    CHECK(
        means({.status = "opened", .labels{"priority::frob"}}).unmapped
        == std::vector<unmapped_word>{{.field = "importance", .word = "priority::frob"}});
}
