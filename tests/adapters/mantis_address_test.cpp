#include "adapters/mantis.hpp"
#include "tests/support/scripted_remote.hpp"

#include <catch2/catch.hpp>

using namespace checkwatches;
using test::url;

namespace {

auto const mantis = adapters::make_mantis();

verdict means(raw_words const& words)
{
    return mantis->interpret(words);
}

} // namespace

TEST_CASE("Mantis: an issue's address names tracker and issue")
{
    struct row {
        char const* address;
        char const* base;
        char const* id;
    };
    for (auto const& r : std::vector<row>{
             {"https://mantis.example.org/view.php?id=0000042#c7", "https://mantis.example.org/", "42"},
             {"https://example.org/bugs/view.php?nbn=1&id=42", "https://example.org/bugs/", "42"},
             {"http://127.0.0.1:8087/bug_view_page.php?id=7", "http://127.0.0.1:8087/", "7"},
             {"https://example.org/bug_view_advanced_page.php?id=7", "https://example.org/", "7"},
             {"https://example.org/view.php?id=4x", "https://example.org/", "4x"}}) {
        CAPTURE(r.address);
        auto const ref = mantis->recognise(url(r.address));
        REQUIRE(ref);
        CHECK(ref->base.text() == r.base);
        CHECK(ref->remote_id == r.id);
        auto const again = mantis->recognise(mantis->bug_url(ref->base, ref->remote_id));
        REQUIRE(again);
        CHECK(again->base == ref->base);
        CHECK(again->remote_id == ref->remote_id);
    }
    for (auto const* const other :
         {"https://example.org/view.php",
          "https://example.org/view.php?id=",
          "https://example.org/preview.php?id=7",
          "https://example.org/view.php/7",
          "https://example.org/show_bug.cgi?id=7",
          "https://example.org/"})
        CHECK_FALSE(mantis->recognise(url(other)));
    CHECK(mantis->normalise("#0042") == "42");
    CHECK_FALSE(mantis->normalise("0"));
    CHECK_FALSE(mantis->normalise("1,2"));
}

TEST_CASE("Mantis: statuses in normal words")
{
    struct row {
        char const* state;
        char const* resolution;
        std::optional<status> means;
    };
    for (auto const& r : std::vector<row>{
             {"new", "open", status::new_},
             {"New", "", status::new_},
             {"feedback", "open", status::incomplete},
             {"acknowledged", "open", status::confirmed},
             {"confirmed", "reopened", status::confirmed},
             {"assigned", "fixed", status::in_progress},
             {"resolved", "fixed", status::fix_released},
             {"closed", "fixed", status::fix_released},
             {"closed", "reopened", status::new_},
             {"resolved", "unable to duplicate", status::invalid},
             {"resolved", "Unable to reproduce", status::invalid},
             {"closed", "not fixable", status::invalid},
             {"closed", "duplicate", status::invalid},
             {"closed", "not a bug", status::invalid},
             {"closed", "no change required", status::invalid},
             {"closed", "suspended", status::invalid},
             {"closed", "wont fix", status::wont_fix},
             {"closed", "won't fix", status::wont_fix},
             {"closed", "open", std::nullopt},
             {"closed", "", std::nullopt},
             {"testing", "open", std::nullopt},
             {"geschlossen", "erledigt", std::nullopt}}) {
        CAPTURE(r.state, r.resolution);
        auto const got = means({.status = r.state, .resolution = r.resolution, .priority = "low"});
        CHECK(got.state == r.means);
        CHECK(got.unmapped.empty() == r.means.has_value());
    }
    auto const unknown = means({.status = "testing", .resolution = "open", .priority = "low"});
    CHECK(unknown.unmapped == std::vector<unmapped_word>{{.field = "status", .word = "testing open"}});
}

TEST_CASE("Mantis: importances in normal words")
{
    struct row {
        char const* priority;
        char const* severity;
        std::optional<importance> means;
    };
    for (auto const& r : std::vector<row>{
             {"immediate", "minor", importance::critical},
             {"urgent", "text", importance::critical},
             {"high", "trivial", importance::high},
             {"normal", "minor", importance::medium},
             {"normal", "major", importance::medium},
             {"low", "minor", importance::low},
             {"none", "minor", importance::undecided},
             {"none", "tweak", importance::low},
             {"normal", "text", importance::low},
             {"low", "crash", importance::high},
             {"normal", "block", importance::high},
             {"immediate", "feature", importance::wishlist},
             {"", "feature", importance::wishlist},
             {"", "crash", importance::high},
             {"normal", "", importance::medium},
             {"normal", "our own", importance::medium},
             {"", "", importance::unknown},
             {"blocker", "crash", std::nullopt},
             {"", "our own", std::nullopt}}) {
        CAPTURE(r.priority, r.severity);
        auto const got = means({.status = "new", .priority = r.priority, .severity = r.severity});
        CHECK(got.weight == r.means);
        CHECK(got.unmapped.empty() == r.means.has_value());
    }
}
