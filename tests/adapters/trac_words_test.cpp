#include "adapters/trac.hpp"

#include <catch2/catch.hpp>

using namespace checkwatches;

namespace {

verdict of(raw_words const& words)
{
    return adapters::make_trac()->interpret(words);
}

std::optional<status> state(std::string status, std::string resolution = {})
{
    return of({.status = std::move(status), .resolution = std::move(resolution)}).state;
}

std::optional<importance> weight(std::string priority, std::string severity = {}, std::string type = "defect")
{
    return of({.status = "new",
               .priority = std::move(priority),
               .severity = std::move(severity),
               .type = std::move(type)})
        .weight;
}

} // namespace

TEST_CASE("Trac: an open ticket's status decides")
{
    for (auto const* const word : {"new", "open", "reopened", "unconfirmed", "New"})
        CHECK(state(word) == status::new_);
    for (auto const* const word : {"accepted", "assigned", "confirmed", "ASSIGNED"})
        CHECK(state(word) == status::confirmed);
    for (auto const* const word :
         {"needinfo", "needsinfo", "needs_info", "infoneeded", "info_needed", "infoneeded_new", "pending"})
        CHECK(state(word) == status::incomplete);
    for (auto const* const word :
         {"in_work", "started", "in_progress", "inprogress", "testing", "qa", "review", "needs_review"})
        CHECK(state(word) == status::in_progress);
    CHECK(state("In Progress") == status::in_progress);
    CHECK(state("needs-review") == status::in_progress);
    CHECK(state("triaged") == status::triaged);
    CHECK(state("assigned", "--") == status::confirmed);
}

TEST_CASE("Trac: the resolution decides where there is one")
{
    for (auto const* const word : {"fixed", "fixverified", "Fixed"})
        CHECK(state("closed", word) == status::fix_released);
    for (auto const* const word :
         {"invalid", "worksforme", "works for me", "duplicate", "notabug", "not_a_bug"})
        CHECK(state("closed", word) == status::invalid);
    for (auto const* const word : {"wontfix", "won't fix", "wont_fix", "cantfix", "maybelater"})
        CHECK(state("closed", word) == status::wont_fix);
    CHECK(state("closed", "obsolete") == status::expired);
    CHECK(state("testing", "fixed") == status::fix_released);
    CHECK(state("reopened", "fixed") == status::new_);
}

TEST_CASE("Trac: closed for no reason is not guessed")
{
    for (auto const* const none : {"", "--"}) {
        auto const v = of({.status = "closed", .resolution = none});
        CHECK_FALSE(v.state.has_value());
        REQUIRE(v.unmapped.size() == 1);
        CHECK(v.unmapped[0].field == "status");
    }
}

TEST_CASE("Trac: unknown words are listed, each side for itself")
{
    auto const v = of({.status = "closed", .resolution = "frobnicated", .priority = "minor"});
    CHECK_FALSE(v.state.has_value());
    CHECK(v.weight == importance::low);
    CHECK(v.unmapped == std::vector<unmapped_word>{{.field = "status", .word = "closed frobnicated"}});

    auto const w = of({.status = "new", .priority = "P7", .severity = "sev-odd"});
    CHECK(w.state == status::new_);
    CHECK_FALSE(w.weight.has_value());
    CHECK(w.unmapped == std::vector<unmapped_word>{{.field = "importance", .word = "P7 sev-odd"}});
}

TEST_CASE("Trac: importance is enhancement, then priority, then severity")
{
    for (auto const* const word : {"blocker", "critical", "highest", "Blocker"})
        CHECK(weight(word) == importance::critical);
    for (auto const* const word : {"major", "high"})
        CHECK(weight(word) == importance::high);
    for (auto const* const word : {"normal", "medium"})
        CHECK(weight(word) == importance::medium);
    for (auto const* const word : {"minor", "low", "trivial", "lowest"})
        CHECK(weight(word) == importance::low);
    CHECK(weight("major", "trivial", "enhancement") == importance::wishlist);
    CHECK(weight("minor", "critical") == importance::low);
    CHECK(weight("", "critical") == importance::critical);
    CHECK(weight("--", "critical") == importance::critical);
    CHECK(weight("", "") == importance::unknown);
}

TEST_CASE("Trac: no words, no status, and nothing to map")
{
    auto const v = of({});
    CHECK_FALSE(v.state.has_value());
    CHECK(v.unmapped.empty());
}
