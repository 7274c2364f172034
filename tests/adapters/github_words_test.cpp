#include "adapters/github.hpp"
#include "adapters/github/words.hpp"

#include <catch2/catch.hpp>

using namespace checkwatches;
using texts = std::vector<std::string>;

namespace {

verdict of(std::string status, std::string reason = {}, texts labels = {}, std::string type = {})
{
    return adapters::make_github()->interpret(
        {.status = std::move(status),
         .resolution = std::move(reason),
         .type = std::move(type),
         .labels = std::move(labels)});
}

std::optional<status> open_with(std::string label)
{
    return of("open", {}, {std::move(label)}).state;
}

std::optional<importance> weight(texts labels, std::string type = {})
{
    return of("open", {}, std::move(labels), std::move(type)).weight;
}

} // namespace

TEST_CASE("GitHub: closed is not fixed, the reason decides")
{
    struct sample {
        std::string reason;
        texts labels;
        std::optional<status> state;
    };
    std::vector<sample> const samples{
        {"completed", {}, status::fix_released},
        {"completed", {"wontfix", "duplicate"}, status::fix_released},
        {"not_planned", {}, status::wont_fix},
        {"not_planned", {"stale"}, status::expired},
        {"not_planned", {"Not a bug"}, status::invalid},
        {"not_planned", {"wontfix", "works-for-me"}, status::invalid},
        {"duplicate", {}, status::invalid},
        {"duplicate", {"wontfix"}, status::invalid},
        {"", {}, status::fix_released},
        {"", {"duplicate"}, status::invalid},
        {"", {"Won't fix"}, status::wont_fix},
        {"", {"resolution/wontfix"}, status::wont_fix},
        {"", {"expired"}, status::expired},
        {"reopened", {}, status::fix_released}};
    for (auto const& s : samples) {
        CAPTURE(s.reason, s.labels);
        auto const v = of("closed", s.reason, s.labels);
        CHECK(v.state == s.state);
        CHECK(v.unmapped.empty());
    }
}

TEST_CASE("GitHub: an open issue is New, or what its labels say")
{
    CHECK(of("open").state == status::new_);
    CHECK(of("open", "reopened").state == status::new_);
    for (auto const* const label : {"bug", "help wanted", "closed", "unconfirmed", "in progress soon"})
        CHECK(open_with(label) == status::new_);
    for (auto const* const label : {"In Progress", "status: in-progress", "WIP", "has-pr", "🚧 wip"})
        CHECK(open_with(label) == status::in_progress);
    for (auto const* const label : {"needs-info", "Awaiting Response", "question", "more-information-needed"})
        CHECK(open_with(label) == status::incomplete);
    for (auto const* const label : {"confirmed", "Reproduced", "accepted", "verified", "bug-confirmed"})
        CHECK(open_with(label) == status::confirmed);
    for (auto const* const label : {"triaged", "triage/accepted", "Status: Triaged"})
        CHECK(open_with(label) == status::triaged);
    for (auto const* const label : {"fixed-in-2.4", "fixed in next", "pending release", "fixed upstream"})
        CHECK(open_with(label) == status::fix_committed);
    CHECK(of("open", {}, {"confirmed", "needs-info", "wip"}).state == status::in_progress);
    CHECK(of("open", {}, {"confirmed", "needs-info"}).state == status::incomplete);
    CHECK(of("open", {}, {"confirmed", "triaged"}).state == status::triaged);
}

TEST_CASE("GitHub: a pull request's state says it all")
{
    CHECK(of("merged", {}, {}, "pull request").state == status::fix_released);
    CHECK(of("closed", {}, {}, "pull request").state == status::wont_fix);
    CHECK(of("open", {}, {"needs-info"}, "pull request").state == status::in_progress);
}

TEST_CASE("GitHub: unknown words are listed and not guessed")
{
    auto const reason = of("closed", "frobnicated", {"P1"});
    CHECK_FALSE(reason.state);
    CHECK(reason.weight == importance::high);
    CHECK(reason.unmapped == std::vector<unmapped_word>{{.field = "status", .word = "closed frobnicated"}});
    CHECK_FALSE(of("frozen").state);
    CHECK_FALSE(of("merged").state);
    CHECK(of("frozen", {}, {}, "pull request").unmapped.size() == 1);

    auto const label = of("open", {}, {"bug", "Priority: someday"});
    CHECK(label.state == status::new_);
    CHECK_FALSE(label.weight);
    CHECK(label.unmapped == std::vector<unmapped_word>{{.field = "importance", .word = "Priority: someday"}});
    CHECK(weight({"Priority: someday", "P2"}) == importance::medium);
    CHECK(weight({"priority: 1"}) == std::nullopt);

    auto const nothing = of("");
    CHECK_FALSE(nothing.state);
    CHECK(nothing.unmapped.empty());
}

TEST_CASE("GitHub: importance by whole labels")
{
    for (auto const* const label :
         {"P0",
          "critical",
          "BLOCKER",
          "urgent",
          "sev0",
          "sev-1",
          "priority/critical-urgent",
          "severity: critical"})
        CHECK(weight({label}) == importance::critical);
    for (auto const* const label :
         {"P1", "high", "major", "Priority: High", "priority::high", "high priority", "🔥 High-Priority"})
        CHECK(weight({label}) == importance::high);
    for (auto const* const label : {"p2", "medium", "moderate", "Priority - Normal", "importance/medium"})
        CHECK(weight({label}) == importance::medium);
    for (auto const* const label : {"P3", "p4", "low", "minor", "trivial", "priority_low", "prio: low"})
        CHECK(weight({label}) == importance::low);
    for (auto const* const label :
         {"enhancement", "Feature", "feature request", "kind/feature", "type: enhancement"})
        CHECK(weight({label}) == importance::wishlist);
    CHECK(weight({}, "Feature") == importance::wishlist);
    CHECK(weight({}) == importance::undecided);
    CHECK(weight({"priority/needs-triage"}) == importance::undecided);
    // Not the whole label, so nothing is said.
    for (auto const* const label :
         {"highlight", "low-hanging fruit", "not critical", "P1-regression", "非critical"})
        CHECK(weight({label}) == importance::undecided);
    CHECK(weight({"P3", "enhancement", "P1", "P2"}) == importance::high);
    CHECK(weight({"P3"}, "Feature") == importance::low);
}

TEST_CASE("GitHub: a label's plain form")
{
    using adapters::github::plain_label;
    CHECK(plain_label("Priority: High") == "priority-high");
    CHECK(plain_label("  __a//b -- c::") == "a-b-c");
    CHECK(plain_label("Won't fix") == "wont-fix");
    CHECK(plain_label("Won’t fix ✅") == "wont-fix");
    CHECK(plain_label("🐛 Bug ⚠️") == "bug");
    CHECK(plain_label("Größe") == "größe");
    CHECK(plain_label("🐛").empty());
    CHECK(plain_label("\xF0\x9F") == "\xF0\x9F");
    CHECK(plain_label("a\xE2") == "a\xE2");
}
