#include "engine/intake/scan/text_urls.hpp"
#include "tests/intake/scan_ground.hpp"

#include <catch2/catch.hpp>

using namespace checkwatches;
using namespace checkwatches::intake::scan;

namespace {

// The addresses that a text mentions, one behind the other.
std::string mentioned(std::string_view text)
{
    test::scan_ground ground;
    find_mentions(text, ground.bugs, ground.found);
    std::string out;
    for (auto const& link : ground.found)
        out += (out.empty() ? "" : " ") + link.url;
    return out;
}

} // namespace

TEST_CASE("scan: an address is taken out of what it stands in")
{
    auto const [text, expected] = GENERATE(table<std::string, std::string>({
        {"https://bugs.debian.org/17", "https://bugs.debian.org/17"},
        {"see https://bugs.debian.org/17.", "https://bugs.debian.org/17"},
        {"(https://bugs.debian.org/17)", "https://bugs.debian.org/17"},
        {"<https://bugs.debian.org/17>", "https://bugs.debian.org/17"},
        {"[#17](https://bugs.debian.org/17), and", "https://bugs.debian.org/17"},
        {"[https://bugs.debian.org/17 Debian]", "https://bugs.debian.org/17"},
        {"`https://bugs.debian.org/17`", "https://bugs.debian.org/17"},
        {"**https://bugs.debian.org/17**", "https://bugs.debian.org/17"},
        {"<a href=\"https://bugs.debian.org/17\">17</a>", "https://bugs.debian.org/17"},
        {"&lt;https://bugs.debian.org/17&gt;", "https://bugs.debian.org/17"},
        {"&quot;https://bugs.debian.org/17&quot;", "https://bugs.debian.org/17"},
        {"puts(\"https://bugs.debian.org/17\\n\");", "https://bugs.debian.org/17"},
        {"'https://bugs.debian.org/17'", "https://bugs.debian.org/17"},
        {"https://bugs.debian.org/17,https://bugs.debian.org/18",
         "https://bugs.debian.org/17 https://bugs.debian.org/18"},
        {"https://bugs.debian.org/17\r\n", "https://bugs.debian.org/17"},
        {"|https://bugs.debian.org/17|", "https://bugs.debian.org/17"},
        {"HTTPS://Bugs.Debian.org/17", "https://bugs.debian.org/17"},
        {"https://bugs.debian.org/17#msg5", "https://bugs.debian.org/17"},
        {"https://bugs.kde.org/show_bug.cgi?id=17#c4!", "https://bugs.kde.org/show_bug.cgi?id=17"},
        {"https://bugs.kde.org/show_bug.cgi?ctype=xml&amp;id=17",
         "https://bugs.kde.org/show_bug.cgi?ctype=xml&id=17"},
        {"\xC2\xBBhttps://bugs.debian.org/17\xC2\xAB", "https://bugs.debian.org/17"},
        {"https://web.archive.org/web/2020/https://bugs.debian.org/17", ""},
        {"xhttps://bugs.debian.org/17", ""},
        {"ftp://bugs.debian.org/17", ""},
        {"://bugs.debian.org/17", ""},
        {"https://", ""},
        {"https://bugs.debian.org/17" + std::string(9000, 'a'), ""},
        // What stands in one that is too long is a part of it.
        {"https://a.org/" + std::string(9000, '1') + "/https://bugs.debian.org/17 https://bugs.debian.org/18",
         "https://bugs.debian.org/18"},
    }));
    CAPTURE(text);
    CHECK(mentioned(text) == expected);
}

TEST_CASE("scan: what has no bug's shape, or can have no such bug, is no link")
{
    auto const text = GENERATE(
        as<std::string>{},
        "https://www.gnu.org/licenses/gpl-3.0.html",
        "https://github.com/acme/widget/issues",
        "https://github.com/acme/widget/issues/new",
        "https://github.com/acme/widget/commit/0123456789",
        "https://bugs.kde.org/show_bug.cgi?id=%s",
        "https://bugs.kde.org/show_bug.cgi?id=$1",
        "https://bugs.kde.org/show_bug.cgi",
        "https://bugs.kde.org/buglist.cgi?product=17",
        "https://bugs.debian.org/src:cron",
        "mailto:17@bugs.debian.org");
    CAPTURE(text);
    CHECK(mentioned(text).empty());
}

TEST_CASE("scan: a shape alone is no tracker where the host cannot be one")
{
    auto const [host, plausible] = GENERATE(table<std::string, bool>({
        {"bugs.debian.org", true},
        {"redmine.xn--p1ai", true},
        {"a.io", true},
        {"localhost", false},
        {"tracker", false},
        {"127.0.0.1", false},
        {"::1", false},
        {"bugs.example.com", false},
        {"example.org", false},
        {"notexample.org", true},
        {"tracker.test", false},
        {"build.local", false},
        {"bugs..org", false},
        {".org", false},
        {"bugs.", false},
        {"my_host.org", false},
    }));
    CAPTURE(host);
    CHECK(is_plausible_host(host) == plausible);
    CHECK(mentioned("https://" + host + "/issues/17").empty() == !plausible);
}

TEST_CASE("scan: spellings of one bug are one bug")
{
    test::scan_ground ground;
    auto const bug = [&](std::string_view address) {
        return ground.bugs.name(address, said::as_bug).value().bug;
    };
    CHECK(bug("http://bugs.debian.org/17") == bug("https://bugs.debian.org/cgi-bin/bugreport.cgi?bug=017"));
    CHECK(bug("https://github.com/Acme/Widget/issues/7") == bug("https://github.com/acme/widget/issues/7#c"));
    CHECK(bug("https://bugs.debian.org/17") != bug("https://bugs.debian.org/18"));
}

TEST_CASE("scan: many addresses in passing are looked up alike, again and again")
{
    test::scan_ground ground;
    std::string text;
    for (int n = 0; n != 10'000; ++n)
        text += fmt::format("https://www.gnu.org/{} https://bugs.debian.org/{}\n", n % 5'000, n + 1);
    find_mentions(text, ground.bugs, ground.found);
    CHECK(ground.found.size() == 10'000);
    CHECK(ground.found.back().url == "https://bugs.debian.org/10000");
}
