#include "adapters/rt.hpp"
#include "tests/adapters/rt_pages.hpp"
#include "tests/support/print.hpp"
#include "tests/support/run.hpp"

#include <catch2/catch.hpp>

using namespace checkwatches;
using namespace test;

// Comments by REST 2.0; those by REST 1.0 stand in rt_rest1_test.cpp.
namespace {

constexpr utc_time ten = std::chrono::sys_days{std::chrono::year{2026} / 11 / 20} + std::chrono::hours{10};
constexpr auto history_path = "/REST/2.0/ticket/1/history?*";
constexpr auto parts_path = "/REST/2.0/attachments?fields=TransactionId*";
constexpr auto texts_path = "/REST/2.0/attachments?fields=Content&*";

struct tracker {
    scripted_remote at{"https://rt.example.org/"};
    capabilities can{.protocol = "rest2", .batch = 100, .comments = true, .login = "token"};
    std::unique_ptr<adapters::adapter const> kind = adapters::make_rt();

    result<std::vector<comment>> read(std::optional<utc_time> since = {})
    {
        return run(kind->read_comments(at, can, "1", since));
    }
};

adapters::reply list(std::string const& items, bool more = false)
{
    return rest2(
        200,
        fmt::format(
            R"({{"items":[{}]{}}})", items, more ? R"(,"next_page":"https://inside.example/?page=2")" : ""));
}

std::string row(int id, std::string_view type, std::string_view hour)
{
    return fmt::format(
        R"({{"type":"transaction","id":"{}","Type":"{}","Creator":{{"type":"user","id":"jo"}},"Created":"2026-11-20T{}:00:00Z"}})",
        id,
        type,
        hour);
}

std::string part(int id, int transaction, std::string_view type, std::string_view file = {})
{
    return fmt::format(
        R"({{"id":"{}","TransactionId":{},"ContentType":"{}","Filename":"{}"}})",
        id,
        transaction,
        type,
        file);
}

std::string text(int id, std::string_view content)
{
    return fmt::format(R"({{"id":"{}","Content":"{}"}})", id, content);
}

} // namespace

TEST_CASE("RT comments by REST 2.0: the texts of what was written, each once, oldest first")
{
    tracker t;
    t.at.on("GET", history_path, list(row(72, "Comment", "10") + "," + row(71, "Status", "09"), true));
    t.at.on(
        "GET",
        history_path,
        list(row(72, "Comment", "10") + "," + row(70, "Create", "08") + "," + row(73, "Correspond", "11")));
    t.at.on(
        "POST",
        parts_path,
        list(
            part(1, 70, "multipart/mixed") + "," + part(2, 70, "text/plain", "log.txt") + ","
            + part(3, 70, "text/html") + "," + part(4, 70, "text/plain") + "," + part(5, 72, "text/html")
            + "," + part(6, 73, "image/png", "p.png") + "," + part(7, 99, "text/plain")));
    t.at.on("POST", texts_path, list(text(4, "It broke.\\n\\nBadly\\n") + "," + text(5, "<p>Mine too</p>")));
    auto const all = t.read();
    REQUIRE(all);
    REQUIRE(all->size() == 2);
    CHECK(all->at(0).remote_id == "70");
    CHECK(all->at(0).author == "jo");
    CHECK(all->at(0).at == ten - std::chrono::hours{2});
    CHECK(all->at(0).text == "It broke.\n\nBadly");
    CHECK(all->at(1).text == "<p>Mine too</p>");
    auto const& asked = t.at.asked();
    REQUIRE(asked.size() == 4);
    CHECK(asked[1].url.parameter("page") == "2");
    CHECK(asked[1].url.host == "rt.example.org");
    CHECK(asked[1].login->prefix == "token ");
    CHECK(asked[3].body == R"([{"field":"id","value":"5"},{"field":"id","value":"4"}])");
}

TEST_CASE("RT comments by REST 2.0: since a time, nothing older is fetched")
{
    tracker t;
    t.at.on("GET", history_path, list(row(70, "Create", "08") + "," + row(72, "Comment", "10")));
    t.at.on("POST", parts_path, list(part(5, 72, "text/plain")));
    t.at.on("POST", texts_path, list(text(5, "Mine too")));
    auto const later = t.read(ten);
    REQUIRE(later);
    REQUIRE(later->size() == 1);
    CHECK(t.at.asked()[1].body == R"([{"field":"TransactionId","value":"72"}])");

    tracker quiet;
    quiet.at.on("GET", history_path, list(row(70, "Create", "08")));
    CHECK(quiet.read(ten)->empty());
    CHECK(quiet.at.asked().size() == 1);
}

TEST_CASE("RT comments by REST 2.0: of an empty history the ticket says why")
{
    std::pair<adapters::reply, error_kind> const rows[]{
        {rest2_message(404, "Not Found"), error_kind::not_found},
        {rest2_message(403, "Forbidden"), error_kind::forbidden},
        {rest2(200, R"({"id":1,"Status":"open"})"), error_kind::forbidden},
        {answer(404, "text/html", "<title>nginx</title>"), error_kind::protocol_error},
        {rest2_message(401, "Unauthorized"), error_kind::auth_failed}};
    for (auto const& [what, kind] : rows) {
        tracker t;
        t.at.on("GET", history_path, list(""));
        t.at.on("GET", "/REST/2.0/ticket/1", what);
        CHECK(t.read().error().kind == kind);
    }
}

TEST_CASE("RT comments by REST 2.0: nothing is left out silently")
{
    tracker endless;
    endless.at.on("GET", history_path, list(row(70, "Create", "08"), true));
    CHECK(endless.read().error().kind == error_kind::too_large);

    tracker lost;
    lost.at.on("GET", history_path, list(row(70, "Create", "08")));
    lost.at.on("POST", parts_path, list(part(4, 70, "text/plain")));
    lost.at.on("POST", texts_path, list(""));
    CHECK(lost.read().error().kind == error_kind::protocol_error);

    // A refusal of the attachments speaks of no ticket.
    for (unsigned const status : {403U, 404U}) {
        tracker closed;
        closed.at.on("GET", history_path, list(row(70, "Create", "08")));
        closed.at.on("POST", parts_path, rest2_message(status, "no"));
        auto const kind = closed.read().error().kind;
        CHECK(kind != error_kind::forbidden);
        CHECK(kind != error_kind::not_found);
    }
    for (auto const& what :
         {rest2(200, "{}"), rest2(200, "{"), answer(200, "text/html", "<title>Login</title>")}) {
        tracker broken;
        broken.at.on("GET", history_path, what);
        CHECK_FALSE(broken.read());
    }
}

TEST_CASE("RT comments by REST 2.0: texts that are too much at once are asked for in smaller lots")
{
    tracker t;
    t.at.on("GET", history_path, list(row(70, "Create", "08") + "," + row(72, "Comment", "10")));
    t.at.on("POST", parts_path, list(part(4, 70, "text/plain") + "," + part(5, 72, "text/plain")));
    t.at.on("POST", texts_path, error{.kind = error_kind::too_large});
    t.at.on("POST", texts_path, list(text(4, "one")));
    t.at.on("POST", texts_path, list(text(5, "two")));
    CHECK(t.read()->size() == 2);

    tracker huge;
    huge.at.on("GET", history_path, list(row(70, "Create", "08")));
    huge.at.on("POST", parts_path, list(part(4, 70, "text/plain")));
    huge.at.on("POST", texts_path, error{.kind = error_kind::too_large});
    CHECK(huge.read().error().kind == error_kind::too_large);
}
