#include "adapters/ledger.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

using namespace checkwatches;
using namespace checkwatches::adapters;

namespace {

std::vector<std::string> const asked{"7", "9", "11"};

sighting seen(std::string status)
{
    sighting out;
    out.words.status = std::move(status);
    return out;
}

// What came home as one text: "7=NEW 9:not_found(no such bug)".
std::string shown(findings const& home)
{
    std::string out;
    for (auto const& f : home.found) {
        if (!out.empty())
            out += ' ';
        out += f.remote_id;
        if (auto const* const s = std::get_if<sighting>(&f.what))
            out += "=" + s->words.status;
        else
            out += ":" + std::string{word(std::get<absence>(f.what).why)} + "("
                   + std::get<absence>(f.what).detail + ")";
    }
    return out;
}

} // namespace

TEST_CASE("ids that nobody answered for are not_answered, in the order asked")
{
    ledger book{asked};
    book.sighted("11", seen("NEW"));
    book.absent("7", outcome::not_found, "no such bug");
    CHECK(book.open() == std::vector<std::string>{"9"});
    CHECK(book.is_open("9"));
    CHECK_FALSE(book.is_open("7"));
    auto const home = std::move(book).close();
    CHECK(shown(home) == "7:not_found(no such bug) 9:not_answered() 11=NEW");
    CHECK_FALSE(home.trouble);
}

TEST_CASE("with trouble the ids that are still open are left out")
{
    ledger book{asked};
    book.sighted("9", seen("NEW"));
    book.trouble(error{.kind = error_kind::timeout, .message = "first"});
    book.trouble(error{.kind = error_kind::tls_failed, .message = "second"});
    book.sighted("7", seen("CLOSED"));
    auto const home = std::move(book).close();
    CHECK(shown(home) == "7=CLOSED 9=NEW");
    REQUIRE(home.trouble);
    CHECK(home.trouble->message == "first");
}

TEST_CASE("the first answer for an id counts")
{
    ledger book{asked};
    book.sighted("7", seen("NEW"));
    book.sighted("7", seen("CLOSED"));
    book.absent("7", outcome::gone);
    book.absent("9", outcome::forbidden);
    book.sighted("9", seen("NEW"));
    CHECK(shown(std::move(book).close()) == "7=NEW 9:forbidden() 11:not_answered()");
}

TEST_CASE("answers for ids that were not asked are dropped")
{
    ledger book{asked};
    book.sighted("8", seen("NEW"));
    book.absent("", outcome::gone);
    CHECK_FALSE(book.is_open("8"));
    CHECK(book.open() == asked);
    CHECK(shown(std::move(book).close()) == "7:not_answered() 9:not_answered() 11:not_answered()");
}

TEST_CASE("an id that is asked twice is answered once")
{
    std::vector<std::string> const twice{"7", "9", "7"};
    ledger book{twice};
    CHECK(book.open() == std::vector<std::string>{"7", "9"});
    book.sighted("7", seen("NEW"));
    CHECK(shown(std::move(book).close()) == "7=NEW 9:not_answered()");
}

TEST_CASE("nothing asked, nothing found")
{
    auto const home = ledger{{}}.close();
    CHECK(home.found.empty());
    CHECK_FALSE(home.trouble);
}

TEST_CASE("headers of a reply are found without case, the first of a name")
{
    reply const answer{.headers = {{"content-type", "text/csv"}, {"X-A", "1"}, {"x-a", "2"}}};
    CHECK(answer.header("Content-Type") == "text/csv");
    CHECK(answer.header("x-A") == "1");
    CHECK(answer.header("X-B").empty());
}
