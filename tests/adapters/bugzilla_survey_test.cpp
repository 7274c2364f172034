#include "tests/adapters/bugzilla_pages.hpp"

#include <catch2/catch.hpp>

using namespace checkwatches;
using namespace checkwatches::test;
using namespace checkwatches::test::bugzilla;

namespace {

// A REST server with bugs 1 to `last`, some of them hidden, that answers a search with `cap` bugs at most.
struct rest_server {
    int last = 1'000'000;
    std::set<int> hidden{};
    std::size_t cap = 10'000;
    std::size_t longest_line = 8190;

    bool has(int id) const { return id <= last && !hidden.contains(id); }

    canned_remote::answer operator()(request const& rq) const
    {
        if (rq.url.target().size() > longest_line)
            return html("414 Request-URI Too Long", "", 414);
        if (rq.url.path.ends_with("/bug"))
            return search(rq);
        int const id = std::stoi(rq.url.path.substr(rq.url.path.rfind('/') + 1));
        if (has(id))
            return json(fmt::format(R"({{"bugs":[{}]}})", bug(id)));
        return hidden.contains(id) ? json_error(401, 102, "Not for you.")
                                   : json_error(404, 101, "No such bug.");
    }

    reply search(request const& rq) const
    {
        auto const limit = static_cast<std::size_t>(std::stoi(rq.url.parameter("limit").value_or("20")));
        std::string list;
        std::size_t n = 0;
        for (auto const& id : searched_ids(rq))
            if (has(std::stoi(id)) && n != std::min(limit, cap)) {
                list += (n++ == 0 ? "" : ",") + bug(std::stoi(id));
            }
        return json("{\"bugs\":[" + list + "]}");
    }

    static std::string bug(int id)
    {
        return fmt::format(R"({{"id":{},"status":"NEW","resolution":"","summary":"bug {}"}})", id, id);
    }
};

canned_remote at_server(rest_server const& server)
{
    return canned_remote{"https://bugs.example.org/bugzilla/", server};
}

capabilities rest(std::size_t batch = 500)
{
    return {.protocol = "rest", .version = "5.2", .batch = batch};
}

std::size_t count(findings const& all, std::string_view how)
{
    return static_cast<std::size_t>(
        std::ranges::count_if(all.found, [&](auto const& one) { return ending(all, one.remote_id) == how; }));
}

} // namespace

TEST_CASE("bugzilla: a server that answers 20 of 500 loses no bug")
{
    auto const cap = GENERATE(20U, 33U, 100U, 499U);
    auto at = at_server({.cap = cap});
    auto const found = look(at, rest(), numbers(1, 500));
    CHECK_FALSE(found.trouble);
    CHECK(count(found, "seen") == 500);
    CHECK(at.asked.size() <= 500 / cap + 3);
    // Once the cap is known, no more than that is asked for at once.
    if (cap == 20)
        CHECK(searched_ids(at.asked.back()).size() == cap);
}

TEST_CASE("bugzilla: a capped server's missing and private bugs are told apart too")
{
    auto at = at_server({.last = 480, .hidden = {13, 77, 400}, .cap = 20});
    auto const found = look(at, rest(), numbers(1, 500));
    CHECK_FALSE(found.trouble);
    CHECK(count(found, "seen") == 477);
    CHECK(count(found, "forbidden") == 3);
    CHECK(count(found, "not_found") == 20);
}

TEST_CASE("bugzilla: few missing bugs are asked singly at once")
{
    auto at = at_server({.hidden = {4, 8}});
    auto const found = look(at, rest(), numbers(1, 100));
    CHECK(count(found, "forbidden") == 2);
    CHECK(at.asked.size() == 3);
}

TEST_CASE("bugzilla: many missing bugs are first asked again together")
{
    auto at = at_server({.last = 70});
    auto const found = look(at, rest(), numbers(1, 100));
    CHECK(count(found, "seen") == 70);
    CHECK(count(found, "not_found") == 30);
    CHECK(at.asked.size() == 32);
    CHECK(searched_ids(at.asked[1]) == numbers(71, 100));
}

TEST_CASE("bugzilla: no request line is too long, and no id is left out of them")
{
    auto const digits = GENERATE(1, 1'000'000, 1'000'000'000);
    auto ids = numbers(digits, digits + 2999);
    auto at = at_server({.last = 2'000'000'000});
    auto const found = look(at, rest(3000), ids);
    CHECK_FALSE(found.trouble);
    CHECK(count(found, "seen") == ids.size());
    CHECK(at.asked.size() <= 6);
    std::vector<std::string> asked;
    for (auto const& rq : at.asked) {
        CHECK(rq.url.target().size() <= 7000);
        std::ranges::copy(searched_ids(rq), std::back_inserter(asked));
    }
    CHECK(asked == ids);
}

TEST_CASE("bugzilla: a batch has as many ids as the tracker takes")
{
    auto at = at_server({});
    look(at, rest(20), numbers(1, 50));
    REQUIRE(at.asked.size() == 3);
    CHECK(searched_ids(at.asked[0]).size() == 20);
    CHECK(searched_ids(at.asked[2]) == numbers(41, 50));
    CHECK(at.asked[2].url.parameter("limit") == "10");
}

TEST_CASE("bugzilla: a server with shorter lines gets shorter ones")
{
    auto at = at_server({.longest_line = 600});
    auto const found = look(at, rest(), numbers(1001, 1400));
    CHECK_FALSE(found.trouble);
    CHECK(count(found, "seen") == 400);
}

TEST_CASE("bugzilla: an answer that is too large is asked for in halves")
{
    canned_remote at{"https://bugs.example.org/", [](request const& rq) -> canned_remote::answer {
                         if (searched_ids(rq).size() > 30)
                             return error{.kind = error_kind::too_large, .message = "more than 8 MB"};
                         return rest_server{}(rq);
                     }};
    auto const found = look(at, rest(), numbers(1, 100));
    CHECK_FALSE(found.trouble);
    CHECK(count(found, "seen") == 100);
}

TEST_CASE("bugzilla: a server that makes no sense at all is left in peace")
{
    canned_remote at{
        "https://bugs.example.org/", [](request const&) -> canned_remote::answer { return json("{"); }};
    auto const found = look(at, rest(), numbers(1, 500));
    REQUIRE(found.trouble);
    CHECK(found.trouble->kind == error_kind::protocol_error);
    CHECK(at.asked.size() <= 40);
    CHECK(count(found, "seen") == 0);
    CHECK(found.trouble->request.size() < 250); // and not the line with all the ids
}

TEST_CASE("bugzilla: what one look may cost is bounded, and what is left stays due")
{
    auto at = at_server({.last = 100});
    auto ids = numbers(1, 500);
    auto const found = look(at, rest(), ids);
    CHECK(count(found, "seen") == 100);
    CHECK(count(found, "not_found") == 60);
    CHECK(found.found.size() == 160); // no outcome for the other 340
    REQUIRE(found.trouble);
    CHECK(found.trouble->kind == error_kind::deferred);
    CHECK_FALSE(to_outcome(found.trouble->kind));

    // Each further look at what is left gets on.
    std::erase_if(ids, [&](std::string const& id) { return ending(found, id) != "-"; });
    auto const more = look(at, rest(), ids);
    CHECK(count(more, "not_found") == 60);
}

TEST_CASE("bugzilla: a server that answers one bug at a time has a bound as well")
{
    auto at = at_server({.cap = 1});
    auto const found = look(at, rest(), numbers(1, 500));
    REQUIRE(found.trouble);
    CHECK(found.trouble->kind == error_kind::deferred);
    CHECK(at.asked.size() == 200);
    CHECK(count(found, "seen") == found.found.size());
    CHECK(found.found.size() >= 190);
}

TEST_CASE("bugzilla: anonymous readers ask Mozilla for few single bugs")
{
    auto const [login, credential, singles] = GENERATE(table<std::string, bool, std::size_t>({
        {"", false, 15},
        {"header", true, 60},
        {"header", false, 15},
    }));
    auto at = at_server({.last = 1});
    at.credential = credential;
    auto mozilla = rest();
    mozilla.version = "20260801.1";
    mozilla.login = login;
    auto const found = look(at, mozilla, numbers(1, 200));
    CHECK(count(found, "not_found") == singles);
    CHECK(found.trouble->kind == error_kind::deferred);
}

TEST_CASE("bugzilla: an id that is given twice is asked and answered once")
{
    auto at = at_server({});
    auto const found = look(at, rest(), {"5", "6", "5"});
    CHECK(found.found.size() == 2);
    CHECK(searched_ids(at.asked.front()) == std::vector<std::string>{"5", "6"});
}
