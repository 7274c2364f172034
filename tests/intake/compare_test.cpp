#include "adapters/registry.hpp"
#include "engine/intake/adopt/compare.hpp"

#include <catch2/catch.hpp>

#include <string>

namespace {

using namespace checkwatches;
using namespace checkwatches::intake;
using namespace std::chrono_literals;

utc_time at(std::string_view text)
{
    return parse_time(text).value();
}
utc_time const now = at("2026-11-20T00:00:00Z");

// A bug of a kind as it is stored once it was seen with these words.
storage::bug_state seen(std::string const& kind, raw_words words)
{
    static adapters::registry const kinds;
    auto const means = kinds.find(kind)->interpret(words);
    return {
        .state = means.state,
        .weight = means.weight,
        .words = std::move(words),
        .last_outcome = outcome::seen,
        .seen_at = now,
        .changed_at = at("2026-11-01T00:00:00Z")};
}

compared against(std::string const& kind, storage::bug_state const& ours, other_view const& theirs)
{
    static adapters::registry const kinds;
    return compare(
        theirs,
        ours,
        kind,
        [&](raw_words const& words) { return kinds.find(kind)->interpret(words); },
        now,
        std::chrono::days{7});
}

std::string how(std::string const& kind, storage::bug_state const& ours, other_view const& theirs)
{
    return std::string{word(against(kind, ours, theirs).how)};
}

} // namespace

TEST_CASE("Launchpad's ways to write a status are compared by what they mean")
{
    struct sample {
        std::string kind;
        raw_words ours;
        std::string theirs;
        std::string how;
    };
    auto const one = GENERATE(
        sample{"bugzilla", {.status = "RESOLVED", .resolution = "FIXED"}, "RESOLVED FIXED", "agree"},
        sample{"bugzilla", {.status = "RESOLVED", .resolution = "FIXED"}, "CLOSED FIXED", "agree"},
        sample{"bugzilla", {.status = "RESOLVED", .resolution = "FIXED"}, "RESOLVED WONTFIX", "differ"},
        sample{"bugzilla", {.status = "NEW"}, "FROBNICATED", "not_comparable"},
        sample{"trac", {.status = "closed", .resolution = "wontfix"}, "wontfix", "agree"},
        sample{"trac", {.status = "closed", .resolution = "wontfix"}, "fixed", "differ"},
        sample{"trac", {.status = "new"}, "reopened", "agree"},
        sample{
            "debbugs",
            {.status = "open", .severity = "normal", .labels = {"wontfix"}},
            "open normal wontfix",
            "agree"},
        sample{"debbugs", {.status = "open", .severity = "normal"}, "done normal", "differ"},
        sample{"mantis", {.status = "closed", .resolution = "won't fix"}, "closed: won't fix", "agree"},
        sample{"mantis", {.status = "closed", .resolution = "won't fix"}, "closed: fixed", "differ"},
        sample{"github", {.status = "open", .labels = {"bug"}}, "open bug needs triage", "agree"},
        sample{"github", {.status = "open"}, "closed bug", "differ"},
        sample{"gitlab", {.status = "opened"}, "opened", "agree"},
        sample{"rt", {.status = "stalled"}, "open", "agree"},
        sample{"rt", {.status = "stalled"}, "resolved", "differ"},
        sample{"roundup", {.status = "open"}, "8", "not_comparable"});
    INFO(one.kind << ": " << one.theirs);
    CHECK(how(one.kind, seen(one.kind, one.ours), {.status = one.theirs}) == one.how);
}

TEST_CASE("words that are the same agree, whether anybody knows them or not")
{
    auto const ours = seen("bugzilla", {.status = "FROBNICATED", .resolution = "TWICE"});
    CHECK(how("bugzilla", ours, {.status = "frobnicated twice"}) == "agree");
    CHECK(how("bugzilla", ours, {.status = "NEW"}) == "not_comparable");
}

TEST_CASE("importance counts where both know it")
{
    auto const ours = seen("bugzilla", {.status = "NEW", .priority = "P2", .severity = "major"});
    CHECK(how("bugzilla", ours, {.status = "NEW", .importance = "P2 major"}) == "agree");
    auto const other = against("bugzilla", ours, {.status = "NEW", .importance = "P2 enhancement"});
    CHECK(other.how == comparison::differ);
    CHECK((other.importance && !other.status));
    CHECK(how("bugzilla", ours, {.status = "NEW", .importance = "sparkling"}) == "agree");
    CHECK(how("bugzilla", ours, {.status = "FROBNICATED", .importance = "P2 major"}) == "not_comparable");
    CHECK(how("bugzilla", ours, {.importance = "P2 major"}) == "agree");
}

TEST_CASE("normal words are understood where the other side may use them")
{
    auto const ours = seen("bugzilla", {.status = "RESOLVED", .resolution = "WONTFIX"});
    CHECK(how("bugzilla", ours, {.status = "Won't Fix", .is_normal = true}) == "agree");
    CHECK(how("bugzilla", ours, {.status = "Fix Released", .is_normal = true}) == "differ");
    CHECK(how("bugzilla", ours, {.status = "Won't Fix"}) == "not_comparable");
}

TEST_CASE("an old look explains a difference, and an old agreement is no news")
{
    auto const ours = seen("bugzilla", {.status = "RESOLVED", .resolution = "FIXED"});
    other_view theirs{.status = "NEW", .checked_at = at("2026-11-19T00:00:00Z")};
    CHECK(how("bugzilla", ours, theirs) == "differ");
    theirs.checked_at = at("2026-10-31T00:00:00Z"); // before it changed
    CHECK(how("bugzilla", ours, theirs) == "stale_there");
    theirs.checked_at = at("2026-11-05T00:00:00Z"); // after it changed, and long ago
    CHECK(how("bugzilla", ours, theirs) == "stale_there");
    theirs.status = "RESOLVED FIXED";
    CHECK(how("bugzilla", ours, theirs) == "stale_there");
    theirs.checked_at.reset();
    CHECK(how("bugzilla", ours, theirs) == "agree");
}

TEST_CASE("errors are told apart by whose they are")
{
    auto ours = seen("bugzilla", {.status = "NEW"});
    CHECK(how("bugzilla", ours, {.status = "NEW", .failure = "Timeout"}) == "they_fail");
    CHECK(how("bugzilla", ours, {.status = "NEW", .is_private = true}) == "not_comparable");
    CHECK(how("bugzilla", ours, {}) == "not_comparable");
    ours.last_outcome = outcome::timeout;
    CHECK(how("bugzilla", ours, {.status = "NEW", .failure = "Timeout"}) == "neither");
    CHECK(how("bugzilla", ours, {.status = "NEW"}) == "we_fail");
    CHECK(how("bugzilla", ours, {}) == "neither");
    CHECK(how("bugzilla", {}, {.status = "NEW"}) == "we_fail");
}
