#include "adapters/debbugs.hpp"

#include <catch2/catch.hpp>

#include <array>

using namespace checkwatches;

TEST_CASE("Debbugs: state and tags in normal words")
{
    struct sample {
        char const* state;
        std::vector<std::string> tags;
        status means;
    };
    std::vector<sample> const samples{
        {"open", {}, status::new_},
        {"open", {"patch", "security", "l10n"}, status::new_},
        {"open", {"moreinfo"}, status::incomplete},
        {"open", {"unreproducible"}, status::incomplete},
        {"open", {"help"}, status::confirmed},
        {"open", {"confirmed"}, status::confirmed},
        {"open", {"upstream", "moreinfo"}, status::confirmed},
        {"open", {"fixed-upstream"}, status::confirmed},
        {"open", {"pending", "confirmed"}, status::fix_committed},
        {"open", {"fixed"}, status::fix_committed},
        {"open", {"fixed-in-experimental"}, status::fix_committed},
        {"open", {"WontFix", "pending", "help"}, status::wont_fix},
        {"open", {"not-wontfix"}, status::new_},
        {"forwarded", {}, status::confirmed},
        {"forwarded", {"wontfix", "pending"}, status::confirmed},
        {"done", {}, status::fix_released},
        {"done", {"moreinfo", "patch"}, status::fix_released},
        {"done", {"wontfix"}, status::wont_fix},
        {"done", {"notabug"}, status::invalid},
        {"done", {"wontfix", "notabug"}, status::wont_fix},
    };
    auto const kind = adapters::make_debbugs();
    for (auto const& s : samples) {
        INFO(s.state << " " << (s.tags.empty() ? "" : s.tags.front()));
        auto const means = kind->interpret({.status = s.state, .severity = "normal", .labels = s.tags});
        CHECK(means.state == s.means);
        CHECK(means.unmapped.empty());
    }
}

TEST_CASE("Debbugs: severities in normal words")
{
    struct sample {
        char const* severity;
        importance means;
    };
    constexpr std::array samples{
        sample{"critical", importance::critical},
        sample{"grave", importance::high},
        sample{"serious", importance::high},
        sample{"important", importance::medium},
        sample{"normal", importance::medium},
        sample{"Minor", importance::low},
        sample{"wishlist", importance::wishlist},
        sample{"", importance::unknown},
    };
    auto const kind = adapters::make_debbugs();
    for (auto const& s : samples) {
        INFO(s.severity);
        CHECK(kind->interpret({.status = "open", .severity = s.severity}).weight == s.means);
    }
    // A severity of old that says that an upload has fixed it.
    CHECK(kind->interpret({.status = "open", .severity = "fixed"}).state == status::fix_committed);
    CHECK(kind->interpret({.status = "done", .severity = "fixed"}).state == status::fix_released);
}

TEST_CASE("Debbugs: unknown words are not guessed")
{
    auto const kind = adapters::make_debbugs();
    auto const means = kind->interpret({.status = "frobnicated", .severity = "huge"});
    CHECK_FALSE(means.state);
    CHECK_FALSE(means.weight);
    CHECK(
        means.unmapped
        == std::vector<unmapped_word>{
            {.field = "status", .word = "frobnicated"}, {.field = "importance", .word = "huge"}});
    CHECK_FALSE(kind->interpret({}).state);
    CHECK(kind->interpret({}).unmapped.empty());
}
