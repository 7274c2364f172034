#include "adapters/allura.hpp"
#include "tests/support/print.hpp"

#include <catch2/catch.hpp>

using namespace checkwatches;

namespace {

verdict of(std::string state, std::string priority = {}, std::string type = {})
{
    return adapters::make_allura()->interpret(
        {.status = std::move(state), .priority = std::move(priority), .type = std::move(type)});
}

} // namespace

TEST_CASE("Allura: the words that a tool starts with")
{
    CHECK(of("open").state == status::new_);
    CHECK(of("unread").state == status::new_);
    CHECK(of("accepted").state == status::confirmed);
    CHECK(of("pending").state == status::incomplete);
    CHECK(of("in-progress").state == status::in_progress);
    CHECK(of("closed").state == status::fix_released);
    CHECK(of("wont-fix").state == status::wont_fix);
    CHECK(of("Won't Fix").state == status::wont_fix);
}

TEST_CASE("Allura: the former tracker's state and resolution in one word")
{
    struct row {
        std::string resolution;
        status open;
        status pending;
        status closed;
    };
    for (auto const& r : std::vector<row>{
             {"none", status::new_, status::incomplete, status::fix_released},
             {"accepted", status::confirmed, status::confirmed, status::fix_committed},
             {"fixed", status::fix_committed, status::fix_committed, status::fix_released},
             {"duplicate", status::confirmed, status::confirmed, status::invalid},
             {"later", status::confirmed, status::confirmed, status::wont_fix},
             {"remind", status::confirmed, status::confirmed, status::wont_fix},
             {"postponed", status::confirmed, status::wont_fix, status::wont_fix},
             {"invalid", status::invalid, status::invalid, status::invalid},
             {"out-of-date", status::invalid, status::invalid, status::invalid},
             {"works-for-me", status::invalid, status::invalid, status::invalid},
             {"rejected", status::wont_fix, status::wont_fix, status::wont_fix},
             {"wont-fix", status::wont_fix, status::wont_fix, status::wont_fix}}) {
        INFO(r.resolution);
        CHECK(of("open-" + r.resolution).state == r.open);
        CHECK(of("pending-" + r.resolution).state == r.pending);
        CHECK(of("closed-" + r.resolution).state == r.closed);
    }
}

TEST_CASE("Allura: a project's own word is not guessed, however the project counts it")
{
    for (std::string const word : {"ready", "closed-by-bot", "fixed-1.2", "-", "open-", "reopened-fixed"}) {
        INFO(word);
        auto const odd = of(word);
        CHECK_FALSE(odd.state);
        CHECK(odd.unmapped == std::vector<unmapped_word>{{.field = "status", .word = word}});
    }
    CHECK(of("").unmapped.empty());
}

TEST_CASE("Allura: the priority is a number, and a feature request is a wish")
{
    CHECK(of("open", "9").weight == importance::critical);
    CHECK(of("open", "8").weight == importance::high);
    CHECK(of("open", "7").weight == importance::high);
    CHECK(of("open", "5").weight == importance::medium);
    CHECK(of("open", "3").weight == importance::low);
    CHECK(of("open", "").weight == importance::unknown);
    CHECK(of("open", "9", "feature request").weight == importance::wishlist);
    for (std::string const word : {"0", "10", "high"}) {
        auto const odd = of("open", word);
        CHECK_FALSE(odd.weight);
        CHECK(odd.unmapped == std::vector<unmapped_word>{{.field = "importance", .word = word}});
    }
}
