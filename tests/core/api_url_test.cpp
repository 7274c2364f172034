#include "engine/core/api_url.hpp"

#include <catch2/catch.hpp>

using namespace checkwatches;

TEST_CASE("the address of an API may be a local folder")
{
    auto const folder = parse_api_url("file:///srv/bugs/my%20spool/");
    REQUIRE(folder.has_value());
    CHECK(is_local(*folder));
    CHECK(folder->path == "/srv/bugs/my%20spool/");
    CHECK(folder->host.empty());
    CHECK(folder->origin() == "file://");
    CHECK(folder->text() == "file:///srv/bugs/my%20spool/");
    CHECK(join(*folder, "db-h/42/1042.summary").text() == "file:///srv/bugs/my%20spool/db-h/42/1042.summary");
    CHECK(parse_api_url("FILE:///srv")->text() == "file:///srv");

    auto const web = parse_api_url("https://bugs.example.org:8443/api");
    REQUIRE(web.has_value());
    CHECK_FALSE(is_local(*web));
    CHECK(web->text() == "https://bugs.example.org:8443/api");
}

TEST_CASE("what is no address of a local folder is refused and the reason is told")
{
    struct sample {
        std::string_view text{};
        std::string_view why{};
    };
    auto const s = GENERATE(
        sample{"file:spool", "relative path"},
        sample{"file:/srv/spool", "has no // before its path"},
        sample{"file://spool", "has a host, or a relative path"},
        sample{"file://srv/spool", "has a host, or a relative path"},
        sample{"file://joe:secret@localhost/srv", "has a host, or a relative path"},
        sample{"file://", "has no path"},
        sample{"file:///srv/../etc", "has . or .. in its path"},
        sample{"file:///srv/%2e%2E/etc", "has . or .. in its path"},
        sample{"file:///srv/%2E%2E%2Fetc", "has . or .. in its path"},
        sample{"file:///srv/spool?x", "has a ? or # in it"},
        sample{"file:///srv/spool#x", "has a ? or # in it"},
        sample{"file:///srv/my spool", "is not a URL"},
        sample{"/srv/spool", "is not a URL"},
        sample{"ftp://h/x", "is not an http or https URL"});
    INFO(s.text);
    auto const got = parse_api_url(s.text);
    REQUIRE(got.has_error());
    CHECK(got.error().kind == error_kind::usage);
    CHECK_THAT(got.error().message, Catch::Contains(std::string{s.why}));
    CHECK_THAT(got.error().message, !Catch::Contains("secret"));
}
