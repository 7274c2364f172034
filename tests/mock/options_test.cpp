#include "bench/mock/options.hpp"
#include "tests/support/print.hpp"

#include <catch2/catch.hpp>

namespace checkwatches::mock {

TEST_CASE("a tracker is described on one line")
{
    auto const read = parse_tracker(
        "kind=bugzilla,name=kde,flavour=kde,bugs=300,latency=200,fault=stall,fault_after=3,fault_lasts=2,"
        "key=header,require_login=1");
    REQUIRE(read);
    CHECK(read->name == "kde");
    CHECK(read->bugs == 300);
    CHECK(read->latency == std::chrono::milliseconds{200});
    CHECK(read->fault.what == fault::stall);
    CHECK(read->fault.after == 3);
    CHECK(read->fault.lasts == 2);
    CHECK(read->bugzilla.version == "5.0.6");
    CHECK(read->bugzilla.words == "kde");
    CHECK(read->bugzilla.key == key_place::header);
    CHECK(read->bugzilla.require_login);
}

TEST_CASE("what a tracker cannot be is refused by name")
{
    for (std::string const text :
         {"kind=tracker",
          "kind=bugzilla,colour=red",
          "kind=trac,bugs=many",
          "kind=trac,rpc=maybe",
          "kind=launchpad,flavour=9",
          "kind=bugzilla,fault=hiccup",
          "kind",
          "kind=trac,bugs=-1",
          "kind=trac,require_login=2",
          "kind=launchpad,words=kde"}) {
        CAPTURE(text);
        auto const read = parse_tracker(text);
        REQUIRE(read.has_error());
        CHECK(read.error().kind == error_kind::usage);
    }
}

TEST_CASE("old Bugzillas offer what they did")
{
    auto const of = [](std::string const& version) {
        return parse_tracker("kind=bugzilla,flavour=" + version).value().bugzilla;
    };
    CHECK(of("5.0.6").rest);
    CHECK_FALSE(of("4.4.12").rest);
    CHECK(of("4.4.12").xmlrpc);
    CHECK(of("4.4.12").words == "stock");
    CHECK(of("3.4").xmlrpc);
    CHECK(of("3.4").words == "classic");
    CHECK_FALSE(of("3.2").xmlrpc);
    CHECK_FALSE(of("2.20").xml_cgi);
    CHECK(of("2.16").xml_cgi);
    CHECK(of("2.10").xml_cgi);
    CHECK_FALSE(of("2.10").web);
    CHECK_FALSE(of("bmo").xmlrpc);
    CHECK(of("bmo").key == key_place::header);
    CHECK(of("rhbz").key == key_place::bearer);
}

TEST_CASE("a fault has a beginning and an end")
{
    fault_plan plan{.what = fault::garbage, .after = 2, .lasts = 3};
    std::string met;
    for (int i = 0; i < 8; ++i)
        met += plan.next() == fault::none ? '.' : 'x';
    CHECK(met == "..xxx...");

    for (auto const word : {"none", "refuse", "401", "429_bare", "slow_drip", "gzip_bomb"}) {
        auto const read = parse_fault(word);
        REQUIRE(read);
        CHECK(name(*read) == word);
    }
    CHECK_FALSE(parse_fault("418"));
}

} // namespace checkwatches::mock
