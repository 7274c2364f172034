#include "tests/adapters/bugzilla_pages.hpp"

#include <catch2/catch.hpp>

using namespace checkwatches;
using namespace checkwatches::test;
using namespace checkwatches::test::bugzilla;

namespace {

capabilities const can{.protocol = "csv", .version = "5.0.6", .batch = 500};

reply csv(std::string body)
{
    return canned(200, "text/csv; charset=UTF-8", std::move(body));
}

std::string const header =
    "bug_id,\"bug_status\",\"resolution\",\"priority\",\"bug_severity\",\"short_desc\"\n";

reply const two_rows = csv(
    header + "2,\"IN_PROGRESS\",\" ---\",\"Normal\",\"major\",\"Ünïcödé, \"\"quoted\"\"\"\n"
    + "1,\"RESOLVED\",\"FIXED\",\"Low\",\"normal\",\"b\"\n");

canned_remote at_server(reply list, reply single)
{
    return canned_remote{
        "https://bugs.example.org/", [list, single](request const& rq) -> canned_remote::answer {
            return rq.url.path == "/buglist.cgi" ? list : single;
        }};
}

reply single_xml(std::string_view bug)
{
    return canned(200, "application/xml", fmt::format("<bugzilla version=\"5.0.6\">{}</bugzilla>", bug));
}

} // namespace

TEST_CASE("bugzilla csv: rows in any order")
{
    auto at = at_server(two_rows, not_there());
    auto const found = look(at, can, {"1", "2"});
    CHECK_FALSE(found.trouble);
    CHECK(
        seen(found, "2").words
        == raw_words{.status = "IN_PROGRESS", .priority = "Normal", .severity = "major"});
    CHECK(seen(found, "2").title == "Ünïcödé, \"quoted\"");
    CHECK(seen(found, "1").words.resolution == "FIXED");
    CHECK_FALSE(seen(found, "1").modified);
    CHECK(
        at.lines()
        == std::vector<std::string>{
            "GET /buglist.cgi?ctype=csv&bug_id=1,2&bug_id_type=anyexact"
            "&columnlist=bug_id,bug_status,resolution,priority,bug_severity,short_desc&limit=0"});
}

TEST_CASE("bugzilla csv: each version's name of the filter")
{
    auto const [version, filter] = GENERATE(table<std::string, std::string>({
        {"2.22", "&bug_id_type=include&"},
        {"3.6", "&bugidtype=include&"},
        {"3.6.3", "&bugidtype=include&"},
        {"4.0", "&bug_id_type=anyexact&"},
        {"4", "&bug_id_type=anyexact&"},
        {"", "&bug_id_type=anyexact&"},
    }));
    auto at = at_server(two_rows, not_there());
    auto other = can;
    other.version = version;
    look(at, other, {"1", "2"});
    CHECK(contains(at.lines().front(), filter));
}

TEST_CASE("bugzilla csv: what a list leaves out is asked where errors are told")
{
    auto at = at_server(two_rows, single_xml("<bug error=\"NotPermitted\"><bug_id>3</bug_id></bug>"));
    auto const found = look(at, can, {"1", "2", "3"});
    CHECK(ending(found, "3") == "forbidden");
    CHECK(at.lines().back().starts_with("GET /show_bug.cgi?ctype=xml&"));
}

TEST_CASE("bugzilla csv: a list alone cannot say why a bug is missing")
{
    auto const single = GENERATE(
        not_there(), html("Missing Bug ID"), login_page(), html("Forbidden", "", 403));
    auto at = at_server(csv(header), single);
    auto const found = look(at, can, {"1", "2", "3"});
    CHECK_FALSE(found.trouble);
    for (auto const& id : {"1", "2", "3"})
        CHECK(ending(found, id) == "not_answered");
    CHECK(at.asked.size() == 2); // the second single question would bring no more than the first
}

TEST_CASE("bugzilla csv: a wall before the single question is the tracker's trouble")
{
    auto const [single, kind] = GENERATE(table<reply, error_kind>({
        {challenge(), error_kind::bot_wall},
        {down(), error_kind::maintenance},
    }));
    auto at = at_server(two_rows, single);
    auto const found = look(at, can, {"1", "2", "3"});
    REQUIRE(found.trouble);
    CHECK(found.trouble->kind == kind);
    CHECK(ending(found, "1") == "seen");
    CHECK(ending(found, "3") == "-");
}

TEST_CASE("bugzilla csv: a table without the columns is not read")
{
    auto const body = GENERATE(
        std::string{}, std::string{"a,b\n1,2\n"}, std::string{"bug_id,priority\n1,P1\n"}, header + "1,\"NEW");
    auto at = at_server(csv(body), not_there());
    auto const found = look(at, can, {"1", "2"});
    CHECK(std::ranges::none_of(
        found.found, [&](auto const& one) { return ending(found, one.remote_id) == "seen"; }));
    CHECK((found.trouble || ending(found, "1") == "unparsable"));
}
