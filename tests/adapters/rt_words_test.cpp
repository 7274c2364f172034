#include "adapters/rt.hpp"
#include "tests/support/scripted_remote.hpp"

#include <catch2/catch.hpp>

using namespace checkwatches;

namespace {

verdict of(raw_words const& words)
{
    return adapters::make_rt()->interpret(words);
}

std::optional<importance> weight(std::string priority, std::string severity = {})
{
    return of({.status = "new", .priority = std::move(priority), .severity = std::move(severity)}).weight;
}

} // namespace

TEST_CASE("RT: addresses of tickets")
{
    struct row {
        char const* url;
        char const* base;
        char const* id;
    };
    row const rows[]{
        {"https://rt.example.org/Ticket/Display.html?id=42", "https://rt.example.org/", "42"},
        {"https://example.org/rt/Ticket/Display.html?user=x&id=0042#txn-7", "https://example.org/rt/", "42"},
        {"https://rt.example.org/Bug/Display.html?id=42", "https://rt.example.org/", "42"},
        {"https://rt.cpan.org/Public/Bug/Display.html?id=42", "https://rt.cpan.org/", "42"},
        {"https://rt.cpan.org/Ticket/Display.html?id=42", "https://rt.cpan.org/", "42"},
        {"https://rt.example.org/Ticket/ModifyAll.html?id=42", "https://rt.example.org/", "42"},
        {"https://rt.example.org/SelfService/Display.html?id=42", "https://rt.example.org/", "42"},
        {"https://rt.example.org/Ticket/Display.html?id=abc", "https://rt.example.org/", "abc"}};
    auto const kind = adapters::make_rt();
    for (auto const& r : rows) {
        auto const got = kind->recognise(test::url(r.url));
        INFO(r.url);
        REQUIRE(got);
        CHECK(got->base.text() == r.base);
        CHECK(got->remote_id == r.id);
    }
    for (auto const* const url :
         {"https://rt.example.org/Ticket/Display.html",
          "https://rt.example.org/Ticket/Display.html?id=",
          "https://rt.example.org/Search/Results.html?id=42",
          "https://trac.example.org/ticket/42",
          "https://bugs.example.org/view.php?id=42"})
        CHECK_FALSE(kind->recognise(test::url(url)));

    CHECK(
        kind->bug_url(test::url("https://rt.example.org/"), "42").text()
        == "https://rt.example.org/Ticket/Display.html?id=42");
    CHECK(
        kind->bug_url(test::url("https://rt.cpan.org/"), "42").text()
        == "https://rt.cpan.org/Public/Bug/Display.html?id=42");
    CHECK(kind->normalise("#042") == "42");
    CHECK_FALSE(kind->normalise("0"));
    CHECK_FALSE(kind->normalise("42a"));
}

TEST_CASE("RT: statuses, without regard to case")
{
    std::pair<char const*, status> const rows[]{
        {"new", status::new_},
        {"Open", status::confirmed},
        {"stalled", status::confirmed},
        {"approved", status::triaged},
        {"patched", status::fix_committed},
        {"pending release", status::fix_committed},
        {"resolved", status::fix_released},
        {"rejected", status::invalid},
        {"deleted", status::invalid}};
    for (auto const& [word, meant] : rows) {
        CHECK(of({.status = word}).state == meant);
        CHECK(of({.status = word}).unmapped.empty());
    }
    auto const odd = of({.status = "waiting for godot"});
    CHECK_FALSE(odd.state.has_value());
    CHECK(odd.unmapped == std::vector<unmapped_word>{{.field = "status", .word = "waiting for godot"}});
}

TEST_CASE("RT: importance by a severity, else by the number of the priority")
{
    std::pair<char const*, importance> const numbers[]{
        {"0", importance::undecided},
        {"1", importance::low},
        {"49", importance::low},
        {"50", importance::medium},
        {"74", importance::medium},
        {"75", importance::high},
        {"90", importance::critical},
        {"100", importance::critical},
        {"High", importance::high},
        {"", importance::unknown}};
    for (auto const& [word, meant] : numbers)
        CHECK(weight(word) == meant);
    for (auto const* const word : {"101", "-3", "99999999999999999999", "soon"}) {
        auto const v = of({.status = "new", .priority = word});
        CHECK_FALSE(v.weight.has_value());
        REQUIRE(v.unmapped.size() == 1);
        CHECK(v.unmapped[0].field == "importance");
    }
    CHECK(weight("0", "Critical") == importance::critical);
    CHECK(weight("90", "Wishlist") == importance::wishlist);
    CHECK(weight("90", "Unimportant") == importance::low);
    CHECK_FALSE(weight("90", "odd").has_value());
}
