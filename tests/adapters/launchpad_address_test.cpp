#include "adapters/launchpad.hpp"
#include "adapters/launchpad/entries.hpp"
#include "tests/support/print.hpp"
#include "tests/support/run.hpp"
#include "tests/support/scripted_remote.hpp"

#include <catch2/catch.hpp>

using namespace checkwatches;
using test::url;

namespace {

struct sample {
    std::string address;
    std::string base;
    std::string id;
};

} // namespace

TEST_CASE("Launchpad: the addresses of one task are one bug")
{
    auto const launchpad = adapters::make_launchpad();
    std::vector<sample> const samples{
        {"https://bugs.launchpad.net/ubuntu/+source/avahi/+bug/7001",
         "https://launchpad.net/",
         "ubuntu/+source/avahi/+bug/7001"},
        {"http://launchpad.net/Ubuntu/+source/avahi/+bug/07001/comments/3",
         "https://launchpad.net/",
         "ubuntu/+source/avahi/+bug/7001"},
        {"https://api.launchpad.net/devel/ubuntu/noble/+source/g%2B%2B/+bug/9",
         "https://launchpad.net/",
         "ubuntu/noble/+source/g++/+bug/9"},
        {"https://bugs.launchpad.net/devel/+bug/9", "https://launchpad.net/", "devel/+bug/9"},
        {"https://bugs.launchpad.net/evolution/+bug/123/+activity",
         "https://launchpad.net/",
         "evolution/+bug/123"},
        {"https://bugs.launchpad.net/bugs/7001", "https://launchpad.net/", "7001"},
        {"https://launchpad.net/bugs/7001/+text", "https://launchpad.net/", "7001"},
        {"https://launchpad.net/malone/bugs/7001", "https://launchpad.net/", "7001"},
        {"https://api.launchpad.net/1.0/bugs/7001", "https://launchpad.net/", "7001"},
        {"https://pad.lv/7001", "https://launchpad.net/", "7001"},
        {"https://bugs.staging.launchpad.net/evolution/+bug/123",
         "https://staging.launchpad.net/",
         "evolution/+bug/123"},
        {"http://127.0.0.1:8085/evolution/+bug/123", "http://127.0.0.1:8085/", "evolution/+bug/123"},
        {"http://127.0.0.1:8085/bugs/123", "http://127.0.0.1:8085/", "123"},
        {"https://bugs.launchpad.net/evolution/+bug/12x", "https://launchpad.net/", "evolution/+bug/12x"}};
    for (auto const& s : samples) {
        CAPTURE(s.address);
        auto const ref = launchpad->recognise(url(s.address));
        REQUIRE(ref);
        CHECK(ref->base.text() == s.base);
        CHECK(ref->remote_id == s.id);
        auto const again = launchpad->recognise(launchpad->bug_url(ref->base, ref->remote_id));
        REQUIRE(again);
        CHECK(again->base == ref->base);
        CHECK(again->remote_id == ref->remote_id);
    }
}

TEST_CASE("Launchpad: what names no bug is not recognised")
{
    auto const launchpad = adapters::make_launchpad();
    for (auto const* const other :
         {"https://launchpad.net/",
          "https://launchpad.net/bugs",
          "https://launchpad.net/bugs/cve",
          "https://launchpad.net/+bug/7001",
          "https://bugs.launchpad.net/evolution/+bugs",
          "https://bugs.launchpad.net/evolution/+bug/",
          "https://bugs.launchpad.net/evolution/+bug/+filebug",
          "https://pad.lv/about",
          "https://notlaunchpad.net.example.org/p/x/bugs/12/",
          "https://example.org/bugs/12/comments",
          "https://example.org/bugs/?12"})
        CHECK_FALSE(launchpad->recognise(url(other)));
}

TEST_CASE("Launchpad: people read a bug at bugs.launchpad.net")
{
    auto const launchpad = adapters::make_launchpad();
    auto const base = url("https://launchpad.net");
    CHECK(
        launchpad->bug_url(base, "ubuntu/+source/avahi/+bug/7001").text()
        == "https://bugs.launchpad.net/ubuntu/+source/avahi/+bug/7001");
    CHECK(launchpad->bug_url(base, "7001").text() == "https://bugs.launchpad.net/bugs/7001");
    CHECK(
        launchpad->bug_url(url("http://127.0.0.1:8085"), "7001").text() == "http://127.0.0.1:8085/bugs/7001");
}

TEST_CASE("Launchpad: one spelling of an id")
{
    auto const launchpad = adapters::make_launchpad();
    CHECK(launchpad->normalise("#07001") == "7001");
    CHECK(launchpad->normalise("/Evolution/+bug/0123") == "evolution/+bug/123");
    for (auto const* const wrong :
         {"",
          "evolution",
          "evolution/+bug/",
          "evolution/+bug/x",
          "/+bug/1",
          "evo lution/+bug/1",
          "a/../?b/+bug/1"})
        CHECK_FALSE(launchpad->normalise(wrong));
}

TEST_CASE("Launchpad: the task that speaks for a bare bug")
{
    using adapters::launchpad::task_entry;
    auto const chosen = [](std::vector<std::string> const& ids) {
        std::vector<task_entry> tasks;
        for (auto const& id : ids)
            tasks.push_back({.id = id + "/+bug/1", .status = "New"});
        auto const* const one = adapters::launchpad::chosen_task(tasks);
        return one == nullptr ? std::string{} : one->id.substr(0, one->id.find("/+bug/"));
    };
    CHECK(chosen({}).empty());
    CHECK(chosen({"ubuntu/+source/plum"}) == "ubuntu/+source/plum");
    CHECK(chosen({"ubuntu/+source/plum", "ubuntu/noble/+source/plum", "plum"}) == "plum");
    CHECK(chosen({"ubuntu", "plum"}) == "plum");
    CHECK(chosen({"elementaryos", "elementaryos/+source/plum", "plum"}) == "plum");
    CHECK(chosen({"plum", "plum/trunk"}) == "plum");
    CHECK(chosen({"plum", "pear", "ubuntu/+source/plum"}) == "plum"); // two projects: the first given
    CHECK(chosen({"ubuntu/noble/+source/plum", "ubuntu/+source/plum"}) == "ubuntu/noble/+source/plum");
}

namespace {

result<capabilities> probe(test::scripted_remote& at)
{
    return test::run(adapters::make_launchpad()->probe(at));
}

adapters::reply service_root()
{
    return test::answer(
        200,
        "application/json",
        R"({"bugs_collection_link":"https://api.launchpad.net/devel/bugs",)"
        R"("resource_type_link":"https://api.launchpad.net/devel/#service-root"})");
}

} // namespace

TEST_CASE("Launchpad probe: the service root, where the API is")
{
    struct place {
        std::string base;
        std::string api;
        std::string asked;
    };
    std::vector<place> const places{
        {"https://launchpad.net", "", "https://api.launchpad.net/devel/"},
        {"https://staging.launchpad.net", "", "https://api.staging.launchpad.net/devel/"},
        {"https://pad.example.org", "", "https://api.pad.example.org/devel/"},
        {"http://127.0.0.1:8085", "", "http://127.0.0.1:8085/devel/"},
        {"http://127.0.0.1:8085", "http://127.0.0.1:8086/1.0", "http://127.0.0.1:8086/1.0/"}};
    for (auto const& p : places) {
        test::scripted_remote at{p.base};
        if (!p.api.empty())
            at.set_api(p.api);
        at.next(service_root());
        auto const can = probe(at);
        REQUIRE(can);
        CHECK(can->protocol == "rest");
        CHECK(can->importance);
        CHECK(can->identity.empty());
        CHECK(can->version == (p.api.empty() ? "devel" : "1.0"));
        REQUIRE(at.asked().size() == 1);
        CHECK(at.asked()[0].url.text() == p.asked);
        CHECK_FALSE(at.asked()[0].login);
    }
}

TEST_CASE("Launchpad probe: other answers")
{
    struct other {
        result<adapters::reply> what;
        error_kind kind;
    };
    std::vector<other> const others{
        {test::answer(404, "text/html", "<html>"), error_kind::unsupported},
        {test::answer(200, "text/html", "<html><title>Welcome</title></html>"), error_kind::unsupported},
        {test::answer(200, "application/json", R"({"version":"5.2"})"), error_kind::unsupported},
        {test::answer(200, "application/json", "[1]"), error_kind::unsupported},
        {test::answer(502, "text/html", "<html>"), error_kind::protocol_error},
        {test::answer(503, "text/html", "<html>read-only</html>"), error_kind::maintenance},
        {test::answer(401, "text/plain", "Unknown consumer (x)."), error_kind::auth_failed},
        {test::answer(403, "text/plain", "no"), error_kind::auth_failed},
        {error{.kind = error_kind::timeout}, error_kind::timeout}};
    for (auto const& o : others) {
        test::scripted_remote at{"https://launchpad.net"};
        at.next(o.what);
        auto const can = probe(at);
        REQUIRE_FALSE(can);
        CHECK(can.error().kind == o.kind);
    }
}
