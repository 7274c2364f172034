#include "engine/intake/scan/rpm.hpp"
#include "engine/intake/scan/trailers.hpp"
#include "tests/intake/scan_ground.hpp"
#include "tests/support/print.hpp"

#include <catch2/catch.hpp>

using namespace checkwatches;
using namespace checkwatches::intake::scan;

namespace {

// The address that a short id stands for; several one behind the other.
std::string stands_for(std::string_view text, short_ids const& shorts = {})
{
    test::scan_ground ground;
    shorts.find(text, {.begin = 0, .end = text.size()}, storage::relation::same, ground.bugs, ground.found);
    std::string out;
    for (auto const& link : ground.found)
        out += (out.empty() ? "" : " ") + link.url;
    return out;
}

std::string in_message(std::string_view text, bool of_debian = false)
{
    test::scan_ground ground;
    find_in_message(text, of_debian, ground.shorts, ground.bugs, ground.found);
    return ground.shown(text);
}

} // namespace

TEST_CASE("scan: short ids stand for addresses")
{
    auto const [text, expected] = GENERATE(table<std::string, std::string>({
        {"rhbz#17", "https://bugzilla.redhat.com/show_bug.cgi?id=17"},
        {"(RHBZ#17)", "https://bugzilla.redhat.com/show_bug.cgi?id=17"},
        {"boo#17", "https://bugzilla.opensuse.org/show_bug.cgi?id=17"},
        {"bsc#17,bnc#18",
         "https://bugzilla.suse.com/show_bug.cgi?id=17 https://bugzilla.suse.com/show_bug.cgi?id=18"},
        {"boo#17/bsc#18",
         "https://bugzilla.opensuse.org/show_bug.cgi?id=17 https://bugzilla.suse.com/show_bug.cgi?id=18"},
        {"gh#owner/some.repo#17", "https://github.com/owner/some.repo/issues/17"},
        {"gl#group/sub/project#17", "https://gitlab.com/group/sub/project/-/issues/17"},
        {"kde#17.", "https://bugs.kde.org/show_bug.cgi?id=17"},
        {"deb#17", "https://bugs.debian.org/17"},
        {"lp#17", "https://bugs.launchpad.net/bugs/17"},
        {"bgo#17", "https://bugzilla.gnome.org/show_bug.cgi?id=17"},
        {"fdo#17", "https://bugs.freedesktop.org/show_bug.cgi?id=17"},
        {"bmo#17", "https://bugzilla.mozilla.org/show_bug.cgi?id=17"},
        {"poo#17", "https://progress.opensuse.org/issues/17"},
        {"jsc#PED-17", "https://jira.suse.com/browse/PED-17"},
        {"jsc#17", ""},
        {"jsc#PED-", ""},
        {"boo#", ""},
        {"boo#x", ""},
        {"boo#17a", ""},
        {"boo#1234567890123", ""},
        {"boo #17", ""},
        {"xboo#17", ""},
        {"#boo#17", ""},
        {"https://host/boo#17", ""},
        {"https://host/?boo#17", ""},
        {"#17", ""},
        {"Fixes #17", ""},
        {"gh#17", ""},
        {"gh#owner/name!17", ""},
        {"gh#../..#17", ""},
        {"unknown#17", ""},
    }));
    CAPTURE(text);
    CHECK(stands_for(text) == expected);
}

TEST_CASE("scan: short ids can be added and replaced")
{
    short_ids shorts;
    REQUIRE(shorts.add("ACME", "https://bugs.acme.org/show_bug.cgi?id={id}"));
    REQUIRE(shorts.add("gl", "https://git.acme.org/{project}/-/issues/{id}"));
    REQUIRE(shorts.add("work", "https://jira.acme.org/browse/{key}"));
    CHECK(stands_for("acme#17", shorts) == "https://bugs.acme.org/show_bug.cgi?id=17");
    CHECK(stands_for("gl#a/b#17", shorts) == "https://git.acme.org/a/b/-/issues/17");
    CHECK(stands_for("work#AB-17", shorts) == "https://jira.acme.org/browse/AB-17");

    CHECK_FALSE(shorts.add("", "https://bugs.acme.org/{id}"));
    CHECK_FALSE(shorts.add("1a", "https://bugs.acme.org/{id}"));
    CHECK_FALSE(shorts.add("a-b", "https://bugs.acme.org/{id}"));
    CHECK_FALSE(shorts.add(std::string(17, 'a'), "https://bugs.acme.org/{id}"));
    for (auto const* const address :
         {"",
          "https://bugs.acme.org/",
          "bugs.acme.org/{id}",
          "https://bugs.acme.org/{id}/{key}",
          "https://bugs.acme.org/{number}",
          "https://bugs.acme.org/{id}/{name}",
          "https://bugs.acme.org/17"}) {
        CAPTURE(address);
        CHECK_FALSE(shorts.add("a", address));
    }
}

TEST_CASE("scan: a spec file's changelog is the same, its comments are related, the rest says nothing")
{
    test::scan_ground ground;
    constexpr std::string_view text = "# PATCH-FIX-OPENSUSE fix.patch boo#1\n"
                                      "Name: plum\n"
                                      "Summary: boo#2\n"
                                      "%changelog\n"
                                      "* Mon Jan 1 2024 A <a@b> - 1\n"
                                      "- Resolves: rhbz#3, rhbz#4\n"
                                      "- gh#acme/plum#5\n"
                                      "%files\n"
                                      "boo#6\n"
                                      "  # boo#7";
    find_in_spec(text, ground.shorts, ground.bugs, ground.found);
    CHECK(
        ground.shown(text)
        == "boo# https://bugzilla.opensuse.org/show_bug.cgi?id=1 (related) [boo#1]\n"
           "rhbz# https://bugzilla.redhat.com/show_bug.cgi?id=3 (same) [rhbz#3]\n"
           "rhbz# https://bugzilla.redhat.com/show_bug.cgi?id=4 (same) [rhbz#4]\n"
           "gh# https://github.com/acme/plum/issues/5 (same) [gh#acme/plum#5]\n"
           "boo# https://bugzilla.opensuse.org/show_bug.cgi?id=7 (related) [boo#7]\n");
}

TEST_CASE("scan: trailers of commits")
{
    CHECK(
        in_message("Fix it, see https://bugs.debian.org/1\n"
                   "\n"
                   "Fixes: 0123456789ab (\"a commit\")\n"
                   "Fixes: https://bugs.kde.org/show_bug.cgi?id=2\n"
                   "Closes: https://github.com/acme/widget/issues/3\n"
                   "Resolves: rhbz#4\n"
                   "BugLink:\n  https://bugs.launchpad.net/bugs/5\n"
                   "link: https://bugs.debian.org/6\n"
                   "Link: https://lore.kernel.org/r/20200101\n"
                   "Bug: https://bugs.debian.org/7\n"
                   "Closes: #8\n"
                   "Reviewed-by: https://bugs.debian.org/9\n")
        == "Fixes https://bugs.kde.org/show_bug.cgi?id=2 (same) [https://bugs.kde.org/show_bug.cgi?id=2]\n"
           "Closes https://github.com/acme/widget/issues/3 (same) [https://github.com/acme/widget/issues/3]\n"
           "rhbz# https://bugzilla.redhat.com/show_bug.cgi?id=4 (same) [rhbz#4]\n"
           "BugLink https://bugs.launchpad.net/bugs/5 (same) [https://bugs.launchpad.net/bugs/5]\n"
           "Link https://bugs.debian.org/6 (related) [https://bugs.debian.org/6]\n"
           "Bug https://bugs.debian.org/7 (same) [https://bugs.debian.org/7]\n");
    CHECK(in_message("x\n\nCloses: #8\n", true) == "Closes https://bugs.debian.org/8 (same) [#8]\n");
    CHECK(in_message("x\n\nLP: #8\n", true) == "LP https://bugs.launchpad.net/bugs/8 (same) [#8]\n");
    CHECK(in_message("x\n\nLP: #8\n", false).empty());
}
