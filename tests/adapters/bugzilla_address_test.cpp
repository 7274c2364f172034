#include "tests/adapters/bugzilla_pages.hpp"

#include <catch2/catch.hpp>

using namespace checkwatches;
using namespace checkwatches::test;

namespace {

auto const adapter = adapters::make_bugzilla();

// "base id", or "" where the URL is none of Bugzilla's.
std::string recognised(std::string_view url)
{
    auto const ref = adapter->recognise(parse_url(url).value());
    return ref ? ref->base.text() + " " + ref->remote_id : "";
}

} // namespace

TEST_CASE("bugzilla: recognises the addresses of bugs")
{
    auto const [url, expected] = GENERATE(table<std::string, std::string>({
        {"https://bugs.example.org/show_bug.cgi?id=42", "https://bugs.example.org/ 42"},
        {"http://example.org:8080/a/bugzilla/show_bug.cgi?id=%23042",
         "http://example.org:8080/a/bugzilla/ 42"},
        {"https://bugs.example.org/show_bug.cgi?ctype=xml&id=7", "https://bugs.example.org/ 7"},
        {"https://bugs.example.org/show_bug.cgi?id=CVE-2026-0001", "https://bugs.example.org/ CVE-2026-0001"},
        {"https://bugs.example.org/show_bug.cgi?id=1%2C2", "https://bugs.example.org/ 1,2"},
        {"http://www.example.org/issues/show_bug.cgi?issue=99", "http://www.example.org/issues/ 99"},
        {"https://bugzilla.redhat.com/1234567", "https://bugzilla.redhat.com/ 1234567"},
        {"https://bugzilla.mozilla.org/0012", "https://bugzilla.mozilla.org/ 12"},
        {"https://bugzil.la/77", "https://bugzilla.mozilla.org/ 77"},
        {"http://bugzil.la/77", "https://bugzilla.mozilla.org/ 77"},
        {"https://bugs.kde.org/77", "https://bugs.kde.org/ 77"},
        {"http://bugs.gentoo.org/77", "http://bugs.gentoo.org/ 77"},
        {"https://bugs.example.org/show_bug.cgi", ""},
        {"https://bugs.example.org/show_bug.cgi?id=", ""},
        {"https://bugs.example.org/xshow_bug.cgi?id=1", ""},
        {"https://bugs.example.org/buglist.cgi?id=1", ""},
        {"https://bugs.example.org/42", ""},
        {"https://bugzilla.example.org/a/42", ""},
        {"https://bugzilla.example.org/42a", ""},
        {"https://bugzilla.example.org/", ""},
    }));
    CAPTURE(url);
    CHECK(recognised(url) == expected);
}

TEST_CASE("bugzilla: one spelling for each id")
{
    auto const [text, expected] = GENERATE(table<std::string, std::string>({
        {"42", "42"},
        {"#0042", "42"},
        {" 42 ", "42"},
        {"2147483647", "2147483647"},
        {"2147483648", ""},
        {"99999999999999999999", ""},
        {"0", ""},
        {"", ""},
        {"-1", ""},
        {"4 2", ""},
        {"CVE-2026-0001", "CVE-2026-0001"},
        {"abc", "abc"},
        {"a_b.c-1", "a_b.c-1"},
        {"1abc", ""},
        {"a,b", ""},
        {"a/b", ""},
        {"ü", ""},
        {std::string(40, 'a'), std::string(40, 'a')},
        {std::string(41, 'a'), ""},
    }));
    CAPTURE(text);
    CHECK(adapter->normalise(text).value_or("") == expected);
}

TEST_CASE("bugzilla: every id has an address to show")
{
    auto const base = parse_url("https://example.org/bugzilla").value();
    CHECK(adapter->bug_url(base, "42").text() == "https://example.org/bugzilla/show_bug.cgi?id=42");
    CHECK(adapter->bug_url(base, "a b&c").text() == "https://example.org/bugzilla/show_bug.cgi?id=a%20b%26c");
    CHECK(adapter->kind() == "bugzilla");
}
