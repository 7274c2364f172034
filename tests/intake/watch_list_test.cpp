#include "engine/intake/lists/watch_list.hpp"
#include "tests/support/print.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

namespace checkwatches::intake {
namespace {

using storage::entry_state;

// Everything that a reading says, as one text: what is broken, or the entries, one a line.
std::string shown(list_reading const& list)
{
    if (list.broken)
        return fmt::format("{}:{}: {}", list.broken->line, list.broken->column, list.broken->reason);
    std::string out;
    for (auto const& e : list.entries) {
        out += fmt::format("{}:{}", e.line, e.column);
        if (e.state == entry_state::bad) {
            out += " bad: " + e.reason + "\n";
            continue;
        }
        out += " " + (e.url.empty() ? e.tracker + "#" + e.bug : e.url);
        out += fmt::format(" [{}] [{}] {} [{}]\n", e.label, e.owner, word(e.is), e.note);
    }
    return out;
}

std::string read(std::string_view text, list_format format)
{
    return shown(read_list(text, format));
}

} // namespace

TEST_CASE("The three forms of a list say the same", "[lists]")
{
    auto const* const expected = "[curl] [anna] related [ours]\n";
    auto const json = read(
        "{\"label\": \"curl\", \"owner\": \"anna\",\n \"watches\": [\n"
        "  {\"url\": \"https://t.example/1\", \"relation\": \"related\", \"note\": \"ours\"}]}",
        list_format::json);
    CHECK(json == std::string{"3:3 https://t.example/1 "} + expected);
    auto const toml = read(
        "label = \"curl\"\nowner = \"anna\"\n\n[[watch]]\nurl = \"https://t.example/1\"\n"
        "relation = \"related\"\nnote = \"ours\"\n",
        list_format::toml);
    CHECK(toml == std::string{"4:1 https://t.example/1 "} + expected);
    CHECK(
        read("# mine\n\n  https://t.example/1#c4 curl # c\nhttps://t.example/2\r\n", list_format::lines)
        == "3:3 https://t.example/1#c4 [curl] [] same []\n4:1 https://t.example/2 [] [] same []\n");
}

TEST_CASE("A bug is named by tracker and number, too, and a package is a label", "[lists]")
{
    CHECK(
        read("[{\"tracker\": \"t.example\", \"bug\": 42, \"package\": \"curl\"}]", list_format::json)
        == "1:2 t.example#42 [curl] [] same []\n");
    CHECK(
        read("[[watch]]\ntracker = \"t.example\"\nbug = 42", list_format::toml)
        == "1:1 t.example#42 [] [] same []\n");
}

TEST_CASE("A bad entry is named with its place, and the others stand", "[lists]")
{
    auto const text = R"([
  {"url": "https://t.example/1"},
  {"urll": "https://t.example/2"},
  7, [{"url": "x"}], {"url": ["https://t.example/3"]},
  {"label": "curl"}, {"tracker": "t"}, {"bug": "1"},
  {"url": "https://t.example/4", "bug": "4"},
  {"url": "gopher://t.example/5"},
  {"url": "https://t.example/6", "relation": "cousin"},
  {"url": "https://t.example/7", "note": "a\u0007b"},
  {"url": "https://t.example/8", "url": "https://t.example/9"},
  {"url": "https://t.example/10", "label": null}
])";
    auto const list = read_list(text, list_format::json);
    REQUIRE_FALSE(list.broken);
    REQUIRE(list.entries.size() == 14);
    CHECK(list.entries.front().state == entry_state::waiting);
    CHECK(list.entries.back().state == entry_state::waiting);
    for (std::size_t i = 1; i + 1 != list.entries.size(); ++i) {
        CAPTURE(i);
        CHECK(list.entries[i].state == entry_state::bad);
        CHECK_FALSE(list.entries[i].reason.empty());
    }
    auto const all = shown(list);
    CHECK(all.find("3:3 bad: unknown key \"urll\"") != std::string::npos);
    CHECK(all.find("4:3 bad: an entry is an object") != std::string::npos);
    CHECK(all.find("4:22 bad: \"url\" must be a text") != std::string::npos);
    CHECK(all.find("8:3 bad: \"relation\" must be") != std::string::npos);
    CHECK(all.find("10:3 bad: \"url\" is there twice") != std::string::npos);
}

TEST_CASE("What is no list says where", "[lists]")
{
    CHECK(read("[\n {\"url\": }\n]", list_format::json).starts_with("2:10: no JSON"));
    CHECK(read("[{\"url\": \"https://t.example/1\"}", list_format::json).starts_with("1:32: no JSON"));
    CHECK(read("[] []", list_format::json).starts_with("1:4: no JSON"));
    CHECK(read("", list_format::json).starts_with("1:1: no JSON"));
    CHECK(read("\"url\"", list_format::json).starts_with("1:1: a list of objects is expected"));
    CHECK(read("{\"url\": \"https://t.example/1\"}", list_format::json).starts_with("1:9: unknown key"));
    CHECK(read("{\"frozen\": true}", list_format::json).starts_with("1:1: a list of objects"));
    CHECK(read("{\"watches\": {}}", list_format::json).starts_with("1:13: a list of objects"));
    CHECK(read("{\"frozen\": 1, \"watches\": []}", list_format::json).starts_with("1:12: \"frozen\""));
    CHECK(read("label = \n", list_format::toml).starts_with("1:"));
    CHECK(read("a = 1\n", list_format::toml).starts_with("1:1: unknown key"));
    CHECK(read("[watch]\nurl = \"x\"\n", list_format::toml).find("[[watch]]") != std::string::npos);
    CHECK(
        read("https://t.example/1 \xC3\xA4\nb \xC3\xA4\xFF", list_format::lines)
        == "2:4: this byte is no UTF-8");
    CHECK(read("{\n\"a\xE4\"", list_format::json) == "2:3: this byte is no UTF-8");
    CHECK(read(std::string(longest_list + 1, ' '), list_format::lines).find("8 MiB") != std::string::npos);
    CHECK(read(std::string(100'000, '['), list_format::json).starts_with("1:"));
}

TEST_CASE("Tables that are deep in one another are no list's", "[lists]")
{
    auto const nested = [](std::size_t parts, std::size_t tables) {
        std::string key = "a";
        for (std::size_t i = 1; i != parts; ++i)
            key += ".a";
        std::string out = "x = [\n";
        for (std::size_t i = 0; i != tables; ++i)
            out += fmt::format("{{{} = [\n", key);
        for (std::size_t i = 0; i != tables; ++i)
            out += "]}";
        return out + "]\n";
    };
    CHECK(read(nested(16, 60), list_format::toml).starts_with("1:1: unknown key"));
    CHECK(read(nested(2'000, 60), list_format::toml) == "2:33: the keys have too many parts");
}

TEST_CASE("What a list says of itself", "[lists]")
{
    auto const frozen = read_list(
        "{\"frozen\": true, \"enabled\": false, \"watches\": []}", list_format::json);
    CHECK(frozen.frozen);
    CHECK_FALSE(frozen.enabled);
    auto const toml = read_list("frozen = true\n", list_format::toml);
    CHECK(toml.frozen);
    CHECK(toml.enabled);
}

TEST_CASE("The keys of Buildbot's lists are passed over and counted", "[lists]")
{
    auto const list = read_list(
        "[{\"vcs\": \"git\", \"url\": \"https://t.example/1\", \"revspec\": \"master\"}]", list_format::json);
    CHECK(list.ignored == 2);
    CHECK(shown(list) == "1:2 https://t.example/1 [] [] same []\n");
}

TEST_CASE("There may be so many entries", "[lists]")
{
    std::string text;
    for (std::size_t i = 0; i != most_entries + 1; ++i)
        text += "https://t.example/1\n";
    CHECK(read(text, list_format::lines) == "100001:1: there are too many entries");
    text.resize(text.size() - 20);
    CHECK(read_list(text, list_format::lines).entries.size() == most_entries);
}

TEST_CASE("A list without an ending is JSON where it looks so", "[lists]")
{
    CHECK(format_of("a.json") == list_format::json);
    CHECK(format_of("a.toml") == list_format::toml);
    CHECK(format_of("a.txt") == list_format::lines);
    CHECK(
        read("\xEF\xBB\xBF [{\"url\": \"https://t.example/1\"}]", list_format::lines)
        == "1:3 https://t.example/1 [] [] same []\n");
}

TEST_CASE("What is written is read again as the same", "[lists]")
{
    std::vector<storage::list_entry> const entries{
        {.url = "https://t.example/1?a=%22b%22",
         .label = "curl",
         .owner = "anna",
         .is = storage::relation::related,
         .note = "l\xC3\xA4nger"},
        {.tracker = "t.example", .bug = "42"}};
    CHECK(
        read(write_list(entries), list_format::json)
        == "2:3 https://t.example/1?a=%22b%22 [curl] [anna] related [l\xC3\xA4nger]\n"
           "3:3 t.example#42 [] [] same []\n");
    CHECK(read(write_list({}), list_format::json).empty());
}

TEST_CASE("An address of no known shape is bad", "[lists]")
{
    adapters::registry const kinds;
    auto list = read_list(
        "https://bugs.debian.org/1234\nhttps://t.example/plain/text\nx\n", list_format::lines);
    CHECK(check_addresses(list, kinds) == 2);
    CHECK(list.entries[0].state == entry_state::waiting);
    CHECK(list.entries[1].reason.find("shape") != std::string::npos);
}

} // namespace checkwatches::intake
