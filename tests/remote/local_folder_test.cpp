#include "adapters/debbugs.hpp"
#include "engine/core/api_url.hpp"
#include "engine/remote/local_folder.hpp"
#include "engine/remote/look_remote.hpp"
#include "tests/support/found.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/print.hpp"
#include "tests/support/run.hpp"
#include "tests/support/temporary_folder.hpp"

#include <catch2/catch.hpp>

#include <fstream>
#include <sys/stat.h>
#include <unistd.h>

namespace {

using namespace checkwatches;
namespace fs = std::filesystem;

class no_client final : public net::client {
public:
    awaitable<result<net::response>> send(net::request const&, net::cookie_jar&) override
    {
        throw std::logic_error{"the network was asked"};
    }
};

// A folder "spool" beside a file "secret", and what is bound to it.
struct world {
    test::temporary_folder disk;
    std::string spool = disk.file("spool");
    test::manual_clock time{utc_time{}};
    no_client client;
    bound_remote bound{client, bind_to("https://bugs.debian.org/", "file://" + spool, {}).value()};
    std::unique_ptr<adapters::adapter const> debbugs = adapters::make_debbugs();

    world()
    {
        write("../secret", "secret");
        write("db-h/42/1042.summary", "Format-Version: 3\nSubject: plum\nSeverity: minor\n");
        write("archive/07/7.summary", "Format-Version: 3\nDone: x\n");
    }

    void write(std::string const& name, std::string const& text) const
    {
        fs::path const path = fs::path{spool} / name;
        fs::create_directories(spool);
        fs::create_directories(path.parent_path());
        std::ofstream{path} << text;
    }
    result<adapters::reply>
    get(std::string const& relative, std::string tag = {}, std::size_t most = 1000) const
    {
        adapters::request rq{.url = join(*bound.api(), relative)};
        if (!tag.empty())
            rq.headers.emplace_back("If-None-Match", std::move(tag));
        return read_local(*bound.api(), rq, most);
    }
    adapters::findings look(std::vector<std::string> const& ids, std::vector<validator>& known)
    {
        look_remote over{bound, time, known};
        capabilities const can{.protocol = "spool", .batch = 100};
        auto out = test::run(debbugs->look(over, can, ids));
        known = over.validators();
        return out;
    }
};

} // namespace

TEST_CASE("local folder: a file is given with what tells whether it changed")
{
    world w;
    auto const got = w.get("db-h/42/1042.summary");
    REQUIRE(got);
    CHECK(got->status == 200);
    CHECK(got->body.starts_with("Format-Version: 3\n"));
    CHECK(got->request == "GET file://" + w.spool + "/db-h/42/1042.summary");
    CHECK(parse_http_date(got->header("Last-Modified")).has_value());
    std::string const tag{got->header("ETag")};
    auto const again = w.get("db-h/42/1042.summary", tag);
    CHECK(again->status == 304);
    CHECK(again->body.empty());
    w.write("db-h/42/1042.summary", "Format-Version: 3\nSubject: plum\nSeverity: grave\n");
    CHECK(w.get("db-h/42/1042.summary", tag)->status == 200);

    CHECK(w.get("db-h/")->body.find("<a href=\"42/\">") != std::string::npos);
    CHECK(w.get("db-h/42/9942.summary")->status == 404);
    CHECK(w.get("db-h/43/1043.summary")->status == 404);
    CHECK(w.get("db-h/42/1042.summary/x")->status == 404);
    CHECK(w.get("db-h/42/1042.summary%00x")->status == 404);
    auto const post = read_local(
        *w.bound.api(), {.method = "POST", .url = join(*w.bound.api(), "db-h/42/1042.summary")}, 1000);
    CHECK(post->status == 405);
}

TEST_CASE("local folder: nothing outside of it, nothing but files, nothing without end")
{
    world w;
    fs::create_symlink("../secret", w.spool + "/out");
    fs::create_directory_symlink(w.disk.path(), w.spool + "/up");
    fs::create_symlink("db-h/42/1042.summary", w.spool + "/in");
    fs::create_symlink("loop", w.spool + "/loop");
    REQUIRE(::mkfifo((w.spool + "/pipe").c_str(), 0600) == 0);
    fs::create_directory(w.disk.file("spool-of-others"));
    for (auto const* const name :
         {"out",
          "up/secret",
          "loop",
          "pipe",
          "db-h",
          "../secret",
          "%2e%2e/secret",
          "db-h/../../secret",
          "..%2Fsecret",
          "up/spool-of-others/",
          "db-h/../db-h/42/1042.summary"}) {
        INFO(name);
        CHECK(w.get(name)->status == 403);
    }
    CHECK(w.get("in")->status == 200);
    CHECK(w.get("db-h/42/1042.summary", {}, 10).error().kind == error_kind::too_large);
    w.write("exact", "0123456789");
    CHECK(w.get("exact", {}, 10)->body == "0123456789");
    if (::geteuid() != 0) { // root may read everything
        fs::permissions(w.spool + "/exact", fs::perms::none);
        CHECK(w.get("exact")->status == 403);
    }
    fs::remove_all(w.spool);
    auto const gone = w.get("db-h/42/1042.summary");
    REQUIRE(gone.has_error());
    CHECK(gone.error().kind == error_kind::maintenance);
    CHECK(gone.error().message.find("the folder " + w.spool + " cannot be read") == 0);
}

TEST_CASE("a spool of Debbugs on the local disk is proved and looked at without the network")
{
    world w;
    auto const can = test::run(w.debbugs->probe(w.bound));
    REQUIRE(can);
    CHECK(can->protocol == "spool");

    std::vector<validator> known;
    auto const got = w.look({"1042", "7", "8", "x"}, known);
    CHECK_FALSE(got.trouble);
    CHECK(test::seen(got, "1042").words.severity == "minor");
    CHECK(test::seen(got, "1042").modified.has_value());
    CHECK(test::seen(got, "7").words.status == "done");
    CHECK(test::ended(got, "8") == outcome::not_found);
    CHECK(known.size() == 2);
    CHECK(test::ended(w.look({"1042"}, known), "1042") == outcome::unmodified);
    CHECK(w.bound.not_modified() == 1);
    CHECK(w.bound.answers() == w.bound.requests());

    // A disk that is not mounted makes no bug go away.
    fs::remove_all(w.spool);
    auto const none = w.look({"1042"}, known);
    CHECK(none.found.empty());
    REQUIRE(none.trouble);
    CHECK(none.trouble->kind == error_kind::maintenance);
    CHECK(test::run(w.debbugs->probe(w.bound)).error().kind == error_kind::maintenance);
}

TEST_CASE("a tracker elsewhere reaches no local file")
{
    no_client client;
    bound_remote bound{client, bind_to("https://bugs.debian.org/", std::nullopt, {}).value()};
    adapters::request rq{.url = parse_api_url("file:///etc/passwd").value()};
    CHECK(test::run(bound.ask(std::move(rq))).error().kind == error_kind::protocol_error);
    CHECK(bind_to("file:///srv/spool", std::nullopt, {}).has_error());
}
