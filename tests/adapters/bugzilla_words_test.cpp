#include "adapters/bugzilla.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <string>

using namespace checkwatches;

namespace {

verdict interpret(raw_words const& words)
{
    static auto const adapter = adapters::make_bugzilla();
    return adapter->interpret(words);
}

// The title of the status, or the unmapped word in brackets.
std::string state_of(std::string status, std::string resolution)
{
    auto const v = interpret({.status = std::move(status), .resolution = std::move(resolution)});
    if (v.state)
        return std::string{title(*v.state)};
    return v.unmapped.empty() ? "" : "[" + v.unmapped.front().word + "]";
}

std::string weight_of(std::string priority, std::string severity, std::string type = {})
{
    auto const v = interpret(
        {.status = "NEW",
         .priority = std::move(priority),
         .severity = std::move(severity),
         .type = std::move(type)});
    if (v.weight)
        return std::string{title(*v.weight)};
    return v.unmapped.empty() ? "" : "[" + v.unmapped.front().word + "]";
}

std::string swapped_case(std::string text)
{
    for (char& c : text)
        c = static_cast<char>(
            std::isupper(static_cast<unsigned char>(c)) ? std::tolower(c) : std::toupper(c));
    return text;
}

} // namespace

TEST_CASE("bugzilla: an open bug's status decides alone")
{
    auto const [words, meaning] = GENERATE(table<std::vector<std::string>, std::string>({
        {{"UNCONFIRMED", "REPORTED"}, "New"},
        {{"NEW", "REOPENED", "UPSTREAM", "DEFERRED", "CONFIRMED"}, "Confirmed"},
        {{"ASSIGNED", "ON_DEV", "FAILS_QA", "STARTED", "IN_PROGRESS", "POST"}, "In Progress"},
        {{"NEEDINFO", "NEEDINFO_REPORTER", "NEEDSINFO", "WAITING", "SUSPENDED", "PLEASETEST"}, "Incomplete"},
        {{"PENDINGUPLOAD", "MODIFIED", "RELEASE_PENDING", "ON_QA"}, "Fix Committed"},
        {{"REJECTED"}, "Invalid"},
    }));
    for (auto const& word : words) {
        CAPTURE(word);
        CHECK(state_of(word, "") == meaning);
        CHECK(state_of(word, "FIXED") == meaning);
        CHECK(state_of(word, "---") == meaning);
        CHECK(state_of(swapped_case(word), "") == meaning);
    }
}

TEST_CASE("bugzilla: a closed bug's resolution decides")
{
    auto const [words, meaning] = GENERATE(table<std::vector<std::string>, std::string>({
        {{"CODE_FIX",
          "CURRENTRELEASE",
          "ERRATA",
          "NEXTRELEASE",
          "PATCH_ALREADY_AVAILABLE",
          "FIXED",
          "RAWHIDE",
          "DOCUMENTED"},
         "Fix Released"},
        {{"WONTFIX",
          "WILL_NOT_FIX",
          "INTENTIONAL",
          "UNMAINTAINED",
          "DOWNSTREAM",
          "NOTOURBUG",
          "UPSTREAM",
          "EOL",
          "DEFERRED",
          "MOVED",
          "LATER",
          "REMIND"},
         "Won't Fix"},
        {{"OBSOLETE", "INSUFFICIENT_DATA", "INCOMPLETE", "EXPIRED", "INACTIVE"}, "Expired"},
        {{"INVALID", "WORKSFORME", "NOTABUG", "NOT A BUG", "CANTFIX", "UNREPRODUCIBLE", "DUPLICATE"},
         "Invalid"},
    }));
    for (std::string const status : {"RESOLVED", "VERIFIED", "CLOSED"})
        for (auto const& word : words) {
            CAPTURE(status, word);
            CHECK(state_of(status, word) == meaning);
            CHECK(state_of(swapped_case(status), swapped_case(word)) == meaning);
        }
}

TEST_CASE("bugzilla: VERIFIED without a resolution is tested and not yet shipped")
{
    CHECK(state_of("VERIFIED", "") == "Fix Committed");
    CHECK(state_of("VERIFIED", " ---") == "Fix Committed");
    CHECK(state_of("RESOLVED", "") == "[RESOLVED]");
    CHECK(state_of("CLOSED", "---") == "[CLOSED]");
}

TEST_CASE("bugzilla: unknown words are listed and never guessed")
{
    CHECK(state_of("RESOLVED", "FROBNICATED") == "[RESOLVED FROBNICATED]");
    CHECK(state_of("Pondering", "") == "[Pondering]");
    CHECK(state_of("FIXED", "") == "[FIXED]");          // a resolution is no status
    CHECK(state_of("CLOSED", "NEW") == "[CLOSED NEW]"); // and the other way
    CHECK(state_of("RESOLVE", "FIXED") == "[RESOLVE FIXED]");
    CHECK(state_of("RESOLVED", "FIXED ") == "Fix Released");
    CHECK(state_of("", "").empty());
    auto const v = interpret({.status = "Pondering", .severity = "dire"});
    CHECK(v.unmapped == std::vector<unmapped_word>{{"status", "Pondering"}, {"importance", "dire"}});
    CHECK_FALSE(v.state);
    CHECK_FALSE(v.weight);
}

TEST_CASE("bugzilla: severity and priority have one meaning each")
{
    auto const [words, meaning] = GENERATE(table<std::vector<std::string>, std::string>({
        {{"blocker", "critical", "immediate", "urgent", "highest", "VHI", "S1", "P1"}, "Critical"},
        {{"crash", "grave", "major", "high", "HI", "S2", "P2"}, "High"},
        {{"nor", "normal", "medium", "S3", "P3"}, "Medium"},
        {{"minor", "low", "trivial", "lowest", "LO", "VLO", "S4", "P4", "P5"}, "Low"},
        {{"enhancement", "wishlist"}, "Wishlist"},
        {{"unspecified", "---", "--", "N/A"}, "Undecided"},
    }));
    for (auto const& word : words) {
        CAPTURE(word);
        CHECK(weight_of("", word) == meaning);
        CHECK(weight_of(word, "") == meaning);
        CHECK(weight_of(word, "--") == meaning);
        CHECK(weight_of("", swapped_case(word)) == meaning);
    }
}

TEST_CASE("bugzilla: severity comes before priority")
{
    CHECK(weight_of("P1", "minor") == "Low");
    CHECK(weight_of("Lowest", "S1") == "Critical");
    CHECK(weight_of("frobbed", "major") == "High"); // not consulted, so not listed
    CHECK(weight_of("P2", "unspecified") == "High");
    CHECK(weight_of("--", "N/A") == "Undecided");
    CHECK(weight_of("", "") == "Unknown");
    CHECK(interpret({.status = "NEW"}).unmapped.empty());
}

TEST_CASE("bugzilla: an unknown severity is not replaced by a known priority")
{
    CHECK(weight_of("P1", "dire") == "[dire]");
    CHECK(weight_of("frobbed", "--") == "[frobbed]");
    CHECK(weight_of("P6", "") == "[P6]");
}

TEST_CASE("bugzilla: an enhancement by type is a wish where nothing else is said")
{
    CHECK(weight_of("--", "N/A", "enhancement") == "Wishlist");
    CHECK(weight_of("", "", "enhancement") == "Wishlist");
    CHECK(weight_of("P2", "--", "enhancement") == "High");
    CHECK(weight_of("--", "--", "defect") == "Undecided");
    CHECK(weight_of("dire", "--", "enhancement") == "[dire]");
}
