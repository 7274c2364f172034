#include "engine/intake/gerrit/signature.hpp"
#include "engine/intake/gerrit/signature_folder.hpp"
#include "tests/support/temporary_folder.hpp"

#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>
#include <string>

using namespace checkwatches;
using namespace checkwatches::intake::gerrit;
using Catch::Matchers::Contains;

namespace {

void write(std::string const& path, std::string const& text)
{
    std::ofstream{path} << text;
}

std::string place_of(storage::recheck_signature const& s)
{
    return std::to_string(s.line) + ":" + std::to_string(s.column);
}

} // namespace

TEST_CASE("gerrit signature: the keys that elastic-recheck has")
{
    auto const s = read_signature(
        "1234.yaml",
        "query: >\n  message:\"Timed out\" AND\n  tags:\"console\"\nsuppress-graph: true\n"
        "suppress-notification: yes\nallow-nonvoting: true\ntest_ids:\n  - a.b\n  - c\n");
    CHECK(s.is_good());
    CHECK(s.bug == "1234");
    CHECK(s.query == "message:\"Timed out\" AND tags:\"console\"\n");
    CHECK(s.suppress_graph);
    CHECK(s.suppress_notification);
    CHECK(s.allow_nonvoting);
    CHECK(s.test_ids == std::vector<std::string>{"a.b", "c"});
    CHECK(read_signature("5.yaml", "query: x").is_good());
    CHECK_FALSE(read_signature("5.yaml", "query: x").suppress_graph);
}

TEST_CASE("gerrit signature: what cannot be read says what, and where")
{
    struct {
        char const* file;
        std::string text;
        char const* place;
        char const* why;
    } const cases[] = {
        {"x.yaml", "query: x", "0:0", "must be the number of a bug"},
        {"01.yaml", "query: x", "0:0", "must be the number of a bug"},
        {"1.yml", "query: x", "0:0", "must be the number of a bug"},
        {"1.yaml", "", "1:1", "one table"},
        {"1.yaml", "- a", "1:1", "one table"},
        {"1.yaml", "query: x\n---\nquery: y", "1:1", "one table"},
        {"1.yaml", ",query: x", "1:1", "one table"},
        {"1.yaml", "suppress-graph: true", "1:1", "no \"query\""},
        {"1.yaml", "query: x\nquerry: y", "2:1", "unknown key \"querry\""},
        {"1.yaml", "query: x\nquery: y", "2:1", "comes twice"},
        {"1.yaml", "query: x\nsuppress-graph: perhaps", "2:17", "must be true or false"},
        {"1.yaml", "query: [x]", "1:8", "must be a text"},
        {"1.yaml", "query: x\ntest_ids: y", "2:11", "must be a list"},
        {"1.yaml", "query: x\ntest_ids: [y, {a: b}]", "2:15", "must be a text"},
        {"1.yaml", "query: \"x", "1:10", "no YAML"},
        {"1.yaml", "query: \"\xe4\"", "0:0", "no UTF-8"},
        {"1.yaml", "query: x\n\tbad: y", "2:1", "no YAML"},
        {"1.yaml", "query: x\n[a]: y", "2:1", "a key must be a word"},
        {"1.yaml", "query: " + std::string(longest_signature, 'x'), "0:0", "longer than"},
    };
    for (auto const& one : cases) {
        INFO(one.file << ": " << one.text.substr(0, 80));
        auto const s = read_signature(one.file, one.text);
        CHECK_FALSE(s.is_good());
        CHECK_THAT(s.trouble, Contains(one.why));
        CHECK(place_of(s) == one.place);
        CHECK(s.query.empty());
    }
    CHECK_FALSE(read_signature("1.yaml", std::string(60'000, '[')).is_good());
}

TEST_CASE("gerrit signatures: a bad file is named, and the others load")
{
    test::temporary_folder folder;
    auto const at = folder.file("signatures");
    CHECK(read_signatures(at, true).trouble.find("cannot be read") != std::string::npos);
    CHECK(read_signatures(at, false).trouble.empty());
    CHECK(stamp_of(at).empty());

    std::filesystem::create_directory(at);
    write(at + "/1.yaml", "query: one");
    write(at + "/2.yaml", "query: [");
    write(at + "/README", "not one of them");
    write(at + "/.3.yaml.swp", "nor this");
    write(at + "/.4.yaml", "nor this");
    std::filesystem::create_directory(at + "/5.yaml");
    std::filesystem::create_symlink("6.yaml", at + "/6.yaml");
    std::filesystem::create_symlink("gone", at + "/7.yaml");
    write(at + "/8.yaml", "");
    std::filesystem::resize_file(at + "/8.yaml", 1'000'000'000);
    auto const found = read_signatures(at, true);
    CHECK(found.trouble.empty());
    REQUIRE(found.all.size() == 6);
    CHECK(found.all[0].is_good());
    CHECK(found.all[0].query == "one");
    for (std::size_t i = 1; i != 6; ++i) {
        INFO(found.all[i].file);
        CHECK_FALSE(found.all[i].is_good());
        CHECK_FALSE(found.all[i].bug.empty());
    }
    CHECK_THAT(found.all[2].trouble, Contains("no plain file"));
    CHECK_THAT(found.all[5].trouble, Contains("longer than"));

    std::filesystem::create_symlink("../w.db", at + "/10.yaml");
    write(folder.file("w.db"), "query: the database");
    auto const spared = read_signatures(at, true, {folder.file("w.db"), folder.file("w.db-wal")});
    CHECK_THAT(spared.all.at(1).trouble, Contains("a file of the database"));
    CHECK(spared.all.front().is_good());

    auto const before = stamp_of(at);
    CHECK(stamp_of(at) == before);
    write(at + "/9.yaml", "query: nine");
    CHECK(stamp_of(at) != before);
}
