#include "engine/intake/scan/deb_changelog.hpp"
#include "engine/intake/scan/dep3.hpp"
#include "engine/intake/scan/file_text.hpp"
#include "engine/intake/scan/metadata.hpp"
#include "tests/intake/scan_ground.hpp"

#include <catch2/catch.hpp>

using namespace checkwatches;
using namespace checkwatches::intake::scan;

namespace {

// "C17" for Debian's bug, "L17" for Launchpad's.
std::string closed(std::string_view text)
{
    test::scan_ground ground;
    find_closed(text, ground.bugs, ground.found);
    std::string out;
    for (auto const& link : ground.found) {
        CHECK(link.is == storage::relation::same);
        out += (out.empty() ? "" : " ") + link.by.substr(0, 1) + link.url.substr(link.url.rfind('/') + 1);
    }
    return out;
}

std::string in_patch(std::string_view text)
{
    test::scan_ground ground;
    find_in_patch_header(text, ground.shorts, ground.bugs, ground.found);
    return ground.shown(text);
}

std::string in_metadata(std::string_view text)
{
    test::scan_ground ground;
    find_in_metadata(text, ground.bugs, ground.found);
    return ground.shown(text);
}

} // namespace

TEST_CASE("scan: a changelog closes what dpkg's regular expressions say")
{
    auto const [text, expected] = GENERATE(table<std::string, std::string>({
        {"Closes: #17", "C17"},
        {"closes:#17", "C17"},
        {"Closes: 17", "C17"},
        {"CLOSES: Bug#17", "C17"},
        {"Closes: bug17", "C17"},
        {"Closes: bug 17", "C17"},
        {"Closes: # 17", "C17"},
        {"Closes: #17, #18,#19", "C17 C18 C19"},
        {"Closes: #17, bug#18, 19", "C17 C18 C19"},
        {"Closes:\n    #17,\n    #18", "C17 C18"},
        {"Closes: #17 #18", "C17"},
        {"Closes: #17; #18", "C17"},
        {"Closes: Bug #17", ""},
        {"Closes: ##17", ""},
        {"Closes #17", ""},
        {"Closes: none", ""},
        {"Closes:", ""},
        {"Closes: #17, and more", "C17"},
        {"Discloses: #17", "C17"}, // the expression has no beginning of a word
        {"closes: #17 closes: #18", "C17 C18"},
        {"LP: #17", "L17"},
        {"lp: #17, #18,\n  #19", "L17 L18 L19"},
        {"LP:#17", ""},
        {"LP: 17", ""},
        {"Closes: #17, LP: #18", "C17 L18"},
        {"Closes LP: #17", "L17"},
        {"Closes: #99999999999999999999999", ""},
    }));
    CAPTURE(text);
    CHECK(closed(text) == expected);
}

TEST_CASE("scan: a number in a changelog is told with its place")
{
    test::scan_ground ground;
    constexpr std::string_view text = "  * Closes: bug#17,\n    # 18, 19. LP: #20\n";
    find_closed(text, ground.bugs, ground.found);
    CHECK(
        ground.shown(text)
        == "Closes https://bugs.debian.org/17 (same) [#17]\n"
           "Closes https://bugs.debian.org/18 (same) [18]\n"
           "Closes https://bugs.debian.org/19 (same) [19]\n"
           "LP https://bugs.launchpad.net/bugs/20 (same) [#20]\n");
}

TEST_CASE("scan: a patch names bugs in its header's fields")
{
    CHECK(
        in_patch("Description: Fix\n"
                 " Bug: https://bugs.debian.org/1 is described here\n"
                 "Bug: https://github.com/acme/widget/issues/12\n"
                 "bug-debian: https://bugs.debian.org/2\n"
                 "Bug-Ubuntu:\n https://bugs.launchpad.net/bugs/3\n"
                 "Forwarded: https://bugs.kde.org/show_bug.cgi?id=4, https://lists.gnu.org/17\n"
                 "Bugs: https://bugs.debian.org/5\n"
                 "Origin: https://bugs.debian.org/6\n"
                 "--- a/x\n+++ b/x\n"
                 "Bug: https://bugs.debian.org/7\n")
        == "Bug https://github.com/acme/widget/issues/12 (same) [https://github.com/acme/widget/issues/12]\n"
           "bug-debian https://bugs.debian.org/2 (same) [https://bugs.debian.org/2]\n"
           "Bug-Ubuntu https://bugs.launchpad.net/bugs/3 (same) [https://bugs.launchpad.net/bugs/3]\n"
           "Forwarded https://bugs.kde.org/show_bug.cgi?id=4 (same) "
           "[https://bugs.kde.org/show_bug.cgi?id=4]\n");
}

TEST_CASE("scan: what a field of a patch says, and what it does not")
{
    auto const [text, expected] = GENERATE(table<std::string, std::string>({
        {"Forwarded: no\n", ""},
        {"Forwarded: not-needed\n", ""},
        {"Forwarded: yes\n", ""},
        {"Forwarded: https://lists.gnu.org/archive/html/bug-sed/2020-01/msg1.html\n", ""},
        {"# Bug: https://bugs.debian.org/7\n",
         "Bug https://bugs.debian.org/7 (same) [https://bugs.debian.org/7]\n"},
        {"## Bug:\n##  https://bugs.debian.org/7\n",
         "Bug https://bugs.debian.org/7 (same) [https://bugs.debian.org/7]\n"},
        {"Bug: https://tracker.example.org/issues/7\n",
         "Bug https://tracker.example.org/issues/7 (same) [https://tracker.example.org/issues/7]\n"},
        {"Bug: http://127.0.0.1:8080/show_bug.cgi?id=7\n",
         "Bug http://127.0.0.1:8080/show_bug.cgi?id=7 (same) [http://127.0.0.1:8080/show_bug.cgi?id=7]\n"},
        {"Bug-Debian: 7\n", "Bug-Debian https://bugs.debian.org/7 (same) [7]\n"},
        {"Bug-Debian: #7, #8\n",
         "Bug-Debian https://bugs.debian.org/7 (same) [#7]\nBug-Debian https://bugs.debian.org/8 (same) "
         "[#8]\n"},
        {"Bug-Ubuntu: #7\n", "Bug-Ubuntu https://bugs.launchpad.net/bugs/7 (same) [#7]\n"},
        {"Bug-Debian: 7 of them\n", ""},
        {"Bug: #7\n", ""},
        {"Bug-openSUSE: boo#7\n", "boo# https://bugzilla.opensuse.org/show_bug.cgi?id=7 (same) [boo#7]\n"},
        {"Bug: https://bugs.kde.org/show_bug.cgi?id=7#c2\n",
         "Bug https://bugs.kde.org/show_bug.cgi?id=7 (same) [https://bugs.kde.org/show_bug.cgi?id=7#c2]\n"},
        {"From: A\nSubject: B\n---\nBug: https://bugs.debian.org/7\n", ""},
        {"Index: x\nBug: https://bugs.debian.org/7\n", ""},
        {"diff -u a b\nBug: https://bugs.debian.org/7\n", ""},
        {"Bug: https://bugs.debian.org/7",
         "Bug https://bugs.debian.org/7 (same) [https://bugs.debian.org/7]\n"},
        {"Bug-: https://bugs.debian.org/7\n", ""},
        {"Bug\n: https://bugs.debian.org/7\n", ""},
    }));
    CAPTURE(text);
    CHECK(in_patch(text) == expected);
}

TEST_CASE("scan: metadata refers to bugs by their addresses; trackers are none")
{
    CHECK(
        in_metadata("# https://bugs.debian.org/1 in a comment is any text's\n"
                    "Bug-Database: https://github.com/acme/widget/issues\n"
                    "Bug-Submit: https://github.com/acme/widget/issues/new\n"
                    "Reference:\n"
                    "  - Title: \"See https://bugs.debian.org/2\"\n"
                    "    URL: https://bugs.kde.org/show_bug.cgi?id=3\n"
                    "  - https://bugs.debian.org/4\n"
                    "Note: |\n"
                    "  text\n"
                    "  https://bugs.debian.org/5.\n"
                    "Bug-Database: &one https://github.com/acme/widget/issues/6\n"
                    "Other: *one\n")
        == "Title https://bugs.debian.org/2 (related) [https://bugs.debian.org/2]\n"
           "URL https://bugs.kde.org/show_bug.cgi?id=3 (related) [https://bugs.kde.org/show_bug.cgi?id=3]\n"
           "Reference https://bugs.debian.org/4 (related) [https://bugs.debian.org/4]\n"
           "Note https://bugs.debian.org/5 (related) [https://bugs.debian.org/5]\n"
           "Bug-Database https://github.com/acme/widget/issues/6 (related) "
           "[https://github.com/acme/widget/issues/6]\n");
}

TEST_CASE("scan: metadata that is broken ends where it breaks, and deep nesting does no harm")
{
    CHECK(
        in_metadata("A: https://bugs.debian.org/1\nB: [https://bugs.debian.org/2\nC: }\n")
            .find("A https://bugs.debian.org/1")
        == 0);
    CHECK(in_metadata(std::string(100'000, '[')).empty());
    CHECK(in_metadata(std::string(100'000, '-')).empty());
    CHECK(in_metadata("").empty());
    // yaml-cpp 0.7 finds one empty document after the other in what is behind the control character.
    CHECK(in_metadata("plum (Fix (#19,\n \x12   # 19). LP: #20\n").empty());
    CHECK(in_metadata("plum (Fix (#19,\n \x12   # 19). LP: #20, #219). LP: x (#(Fix (#19,\n \x12   # 19). "
                      "LP: #20, #219). LP: x "
                      "(#19\n,#21,01\n")
              .empty());
    CHECK(in_metadata("\xFF\xFE\x01").empty());
}

TEST_CASE("scan: a field's name is short")
{
    constexpr std::string_view rest = ": https://bugs.debian.org/7\n";
    auto const named = [&](std::size_t size) {
        return "Bug-" + std::string(size - 4, 'a') + std::string{rest};
    };
    CHECK(in_patch(named(64)).starts_with("Bug-aaa"));
    CHECK(in_patch(named(65)).empty());
}

TEST_CASE("scan: an address of metadata stands near its value's mark")
{
    std::string const mark = "\xEF\xBB\xBF\xC3\xA4: {";
    std::string const escaped = R"(A: "https:\/\/bugs.debian.org/1")";
    std::string const plain = "B: https://bugs.debian.org/1";
    constexpr std::string_view found = "B https://bugs.debian.org/1 (related) [https://bugs.debian.org/1]\n";
    auto const filler = [](std::size_t size) { return ", C: \"" + std::string(size, 'x') + "\", "; };
    // The text has it elsewhere: in the value behind.
    CHECK(in_metadata(mark + escaped + filler(8000) + plain + "}\n") == found);
    CHECK(in_metadata(mark + filler(8000).substr(2) + plain + "}\n") == found);
    // A block's lines are told from its indentation.
    CHECK(
        in_metadata(
            "B: |\n" + std::string(60, ' ') + "see\n" + std::string(60, ' ') + "https://bugs.debian.org/1\n")
        == found);
}

TEST_CASE("scan: a place in a file is one link, as what says the most of it")
{
    test::scan_ground ground;
    constexpr std::string_view text = "See https://bugs.debian.org/9\n"
                                      "Bug: https://bugs.debian.org/7\n"
                                      "--- a\n"
                                      "+// https://bugs.debian.org/8\n";
    find_in_file(kind_of("debian/patches/x/fix.patch"), text, ground.shorts, ground.bugs, ground.found);
    CHECK(
        ground.shown(text)
        == "URL https://bugs.debian.org/9 (related) [https://bugs.debian.org/9]\n"
           "Bug https://bugs.debian.org/7 (same) [https://bugs.debian.org/7]\n"
           "URL https://bugs.debian.org/8 (related) [https://bugs.debian.org/8]\n");
    CHECK(kind_of("debian/changelog") == file_kind::deb_changelog);
    CHECK(kind_of("src/debian/changelog") == file_kind::text);
    CHECK(kind_of("debian/upstream/metadata") == file_kind::deb_metadata);
    CHECK(kind_of("a/b.spec") == file_kind::rpm_spec);
    CHECK(kind_of("b.changes") == file_kind::rpm_changes);
}
