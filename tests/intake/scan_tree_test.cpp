#include "engine/intake/scan/file_links.hpp"
#include "engine/intake/scan/scan.hpp"
#include "tests/intake/scan_ground.hpp"
#include "tests/support/temporary_folder.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sys/stat.h>

using namespace checkwatches;
using namespace checkwatches::intake::scan;

namespace {

class tree {
public:
    void write(std::string const& path, std::string_view text) const
    {
        std::filesystem::path const whole{folder_.file(path)};
        std::filesystem::create_directories(whole.parent_path());
        std::ofstream{whole, std::ios::binary} << text;
    }
    std::string at(std::string const& path) const { return folder_.file(path); }

    scan_report scan(scan_settings settings = {}) const
    {
        return scan_paths({folder_.path()}, std::move(settings));
    }
    scan_report scan_paths(std::vector<std::string> const& paths, scan_settings settings = {}) const
    {
        return intake::scan::scan(paths, settings, ground_.kinds, ground_.shorts);
    }
    // "label file:line bug's number", a line each.
    std::string shown(scan_report const& report) const
    {
        std::string out;
        for (auto const& link : report.links)
            out += fmt::format(
                "{} {} {}\n",
                link.label,
                link.where.text(),
                link.url.substr(link.url.find_last_of("/=") + 1));
        return out;
    }

private:
    test::temporary_folder folder_;
    test::scan_ground ground_;
};

std::string link_to(int bug)
{
    return fmt::format("https://bugs.debian.org/{}\n", bug);
}

} // namespace

TEST_CASE("scan: each package below a folder has its own label, and what is no package's is the folder's")
{
    tree const t;
    t.write("all/one/debian/control", "# comment\nSource: plum\n\nPackage: libplum\n");
    t.write("all/one/debian/changelog", "other (1) unstable; urgency=low\n\n  * Closes: #1\n");
    t.write("all/deeper/two/debian/changelog", "pear (1-1) unstable; urgency=low\n\n  * Closes: #2\n");
    t.write("all/deeper/two/src/debian/changelog", "inner (1-1) unstable\n" + link_to(3));
    t.write("all/three/three.spec", "%global x 1\nName:  fig\n%changelog\n- deb#4\n");
    t.write("all/four/quince.spec", "Name: %{x}-y\n" + link_to(5));
    t.write("all/debian/README", link_to(6)); // a folder of that name, and no package
    t.write("all/zz", link_to(7));
    CHECK(
        t.shown(t.scan_paths({t.at("all")}))
        == "all debian/README:1 6\n"
           "all zz:1 7\n"
           "pear debian/changelog:3 2\n"
           "pear src/debian/changelog:2 3\n"
           "quince quince.spec:2 5\n"
           "plum debian/changelog:3 1\n"
           "fig three.spec:4 4\n");
    CHECK(
        t.shown(t.scan_paths({t.at("all")}, {.label = "mine"})).find("mine src/debian/changelog:2 3\n")
        != std::string::npos);
}

TEST_CASE("scan: a part of a package is named as the package is, and is not all of it")
{
    tree const t;
    t.write("x/debian/changelog", "plum (1-1) unstable\n\n  * Closes: #1\n");
    t.write("x/debian/patches/a.patch", "Bug: https://bugs.debian.org/2\n");
    t.write("x/src.c", link_to(3));
    auto const report = t.scan_paths({t.at("x/debian/patches"), t.at("x/debian/changelog"), t.at("x/src.c")});
    CHECK(
        t.shown(report)
        == "plum debian/patches/a.patch:1 2\n"
           "plum debian/changelog:3 1\n"
           "plum src.c:1 3\n");
    CHECK(report.partial == std::vector<std::string>{"plum"});
    CHECK(report.troubles.empty());
    CHECK(t.scan_paths({t.at("x")}).partial.empty());
    CHECK(t.scan_paths({t.at("x/")}).links.front().where.folder == t.at("x"));
}

TEST_CASE("scan: what is no text of the package is passed over")
{
    tree const t;
    t.write("p/debian/control", "Source: plum\n");
    t.write("p/a", link_to(1));
    for (auto const* const folder :
         {".git", ".svn", ".hg", ".pc", "build", "_build", "node_modules", "obj-x86_64-linux-gnu", "src/.pc"})
        t.write(std::string{"p/"} + folder + "/x", link_to(2));
    t.write("p/builder/b", link_to(3));
    t.write(
        "p/binary",
        std::string{
            "\x7f"
            "ELF\0",
            5}
            + link_to(4));
    t.write("p/late", std::string(8192, 'x') + std::string(1, '\0') + "\n" + link_to(5));
    t.write("outside/x", link_to(6));
    std::filesystem::create_symlink(t.at("outside/x"), t.at("p/link"));
    std::filesystem::create_symlink(t.at("outside"), t.at("p/linked"));
    std::filesystem::create_symlink(t.at("p"), t.at("p/loop"));
    REQUIRE(::mkfifo(t.at("p/pipe").c_str(), 0600) == 0);
    auto const report = t.scan_paths({t.at("p")});
    CHECK(t.shown(report) == "plum a:1 1\nplum builder/b:1 3\nplum late:2 5\n");
    CHECK(report.troubles.empty());
    // What a person names is followed.
    CHECK(t.shown(t.scan_paths({t.at("p/linked")})) == "outside x:1 6\n");
}

TEST_CASE("scan: a package's label is not read behind a link, nor from a pipe")
{
    tree const t;
    t.write("secret", "hunter2 (is it)\nSource: hunter2\nName: hunter2\n");
    for (auto const* const file : {"p/debian/control", "p/debian/changelog"}) {
        t.write("p/debian/x", link_to(1));
        std::filesystem::create_symlink(t.at("secret"), t.at(file));
        CHECK(t.shown(t.scan_paths({t.at("p")})) == "p debian/x:1 1\n");
        std::filesystem::remove(t.at(file));
        REQUIRE(::mkfifo(t.at(file).c_str(), 0600) == 0);
        CHECK(t.shown(t.scan_paths({t.at("p")})) == "p debian/x:1 1\n");
        std::filesystem::remove(t.at(file));
    }
}

TEST_CASE("scan: what is not there or goes too deep is named, and the others go on")
{
    tree const t;
    t.write("a/x", link_to(1));
    std::string deep = "a";
    for (int n = 0; n != 70; ++n)
        deep += "/d";
    t.write(deep + "/y", link_to(2));
    auto const report = t.scan_paths({t.at("none"), t.at("a")});
    CHECK(report.found_any);
    CHECK(t.shown(report) == "a x:1 1\n");
    REQUIRE(report.troubles.size() == 2);
    CHECK(report.troubles[0].why.find("too deeply") != std::string::npos);
    CHECK(report.troubles[1].path == t.at("none"));
    CHECK(report.partial == std::vector<std::string>{"a"});
    CHECK_FALSE(t.scan_paths({t.at("none")}).found_any);
}

TEST_CASE("scan: names that are no text are told as one")
{
    tree const t;
    t.write("p\xFF/a\xFE\n.c", link_to(1));
    auto const report = t.scan_paths({t.at("p\xFF")});
    CHECK(t.shown(report) == "p\xEF\xBF\xBD a\xEF\xBF\xBD\n.c:1 1\n");
    CHECK(report.links.front().where.file == "a\xFE\n.c"); // as it is called
}

TEST_CASE("scan: files and links are bounded")
{
    tree const t;
    for (int n = 0; n != 10; ++n)
        t.write(fmt::format("p/{}", n), link_to(1 + n));
    auto const few_files = t.scan_paths({t.at("p")}, {.most_files = 3});
    CHECK(few_files.links.size() == 3);
    CHECK(few_files.partial.size() == 1);
    CHECK(few_files.troubles.size() == 1);
    auto const few_links = t.scan_paths({t.at("p")}, {.most_links = 4});
    CHECK(few_links.links.size() == 4);
    CHECK(few_links.partial.size() == 1);
}

TEST_CASE("scan: threads find the same, in the same order")
{
    tree const t;
    for (int n = 0; n != 300; ++n) {
        t.write(
            fmt::format("all/p{:03}/debian/changelog", n),
            fmt::format("p{:03} (1) x\n  * Closes: #{}\n", n, n + 1));
        t.write(fmt::format("all/p{:03}/src/a.c", n), link_to(n + 1) + link_to(n + 2));
    }
    auto const alone = t.shown(t.scan());
    CHECK(std::ranges::count(alone, '\n') == 900);
    CHECK(t.shown(t.scan({.threads = 8})) == alone);
}

TEST_CASE("scan: a bug is told once for each label, with its first place and how often it is named")
{
    tree const t;
    t.write("p/a", link_to(1) + "http://bugs.debian.org/cgi-bin/bugreport.cgi?bug=1\n" + link_to(2));
    t.write("p/debian/changelog", "plum (1) x\n  * Closes: #1\n");
    t.write("q/debian/changelog", "fig (1) x\n  * Closes: #1\n");
    auto const bugs = bugs_in(t.scan());
    REQUIRE(bugs.size() == 3);
    CHECK(bugs[0].label == "plum");
    CHECK(bugs[0].first.text() == "a:1");
    CHECK(bugs[0].places == 3);
    CHECK(bugs[0].is == storage::relation::same); // one of its places says so
    CHECK(bugs[1].places == 1);
    CHECK(bugs[1].is == storage::relation::related);
    CHECK(bugs[2].label == "fig");
}

TEST_CASE("scan: large files are read in windows, and lines are counted over them")
{
    tree const t;
    auto const [what, filler] = GENERATE(table<std::string, std::string>({
        {"lines", std::string(99, 'x') + "\n"},
        {"one long line", std::string(99, 'x') + " "},
        {"nothing but line ends", std::string(100, '\n')},
    }));
    CAPTURE(what);
    // Around the end of the first window, shifted byte by byte.
    for (std::size_t shift = 1; shift != 60; ++shift) {
        std::string text;
        while (text.size() + filler.size() < (std::size_t{1} << 20) - 40)
            text += filler;
        text.append((std::size_t{1} << 20) - 40 - text.size(), 'y');
        text.append(shift, ' ');
        text += "https://bugs.debian.org/123456 \n";
        auto const line = std::ranges::count(text, '\n');
        text += filler + link_to(654321);
        t.write("big", text);
        test::scan_ground ground;
        file_reader reader{ground.shorts, ground.bugs};
        std::vector<line_link> found;
        auto const read = reader.read(t.at("big"), "big", found);
        CHECK(read.trouble.empty());
        CHECK(read.bytes == text.size());
        REQUIRE(found.size() == 2);
        CHECK(found[0].what.url == "https://bugs.debian.org/123456");
        CHECK(found[0].line == static_cast<std::size_t>(line));
        CHECK(found[1].what.url == "https://bugs.debian.org/654321");
        CHECK(found[1].line == static_cast<std::size_t>(std::ranges::count(text, '\n')));
    }
}

TEST_CASE("scan: a changelog larger than a window is one text")
{
    tree const t;
    std::string text = "plum (1) x\n";
    while (text.size() < (std::size_t{3} << 19)) {
        text += "  * closes: #1,\n    #2\n";
    }
    t.write("p/debian/changelog", text);
    test::scan_ground ground;
    file_reader reader{ground.shorts, ground.bugs};
    std::vector<line_link> found;
    (void)reader.read(t.at("p/debian/changelog"), "debian/changelog", found);
    CHECK(found.size() == static_cast<std::size_t>(std::ranges::count(text, '\n')) - 1);
    CHECK(found.back().line == static_cast<std::size_t>(std::ranges::count(text, '\n')));
}

TEST_CASE("scan: of an endless file the beginning is read")
{
    tree const t;
    t.write("p/huge", link_to(1));
    std::filesystem::resize_file(
        t.at("p/huge"), std::uintmax_t{1} << 40); // a hole: NULs behind the first bytes
    t.write("p/text", link_to(2));
    auto const report = t.scan_paths({t.at("p")});
    CHECK(t.shown(report) == "p text:1 2\n"); // no text
    std::string head;
    while (head.size() < 10'000)
        head += link_to(1);
    t.write("p/huge", head);
    std::filesystem::resize_file(t.at("p/huge"), std::uintmax_t{1} << 40);
    auto const again = t.scan_paths({t.at("p")});
    REQUIRE(again.troubles.size() == 1);
    CHECK(again.troubles[0].why.find("256 MiB") != std::string::npos);
    CHECK(again.bytes < (std::uint64_t{260} << 20));
}
