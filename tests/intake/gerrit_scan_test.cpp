#include "engine/intake/gerrit/scan.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

using checkwatches::intake::gerrit::rechecks_in;

namespace {

using bugs = std::vector<std::string>;

} // namespace

TEST_CASE("gerrit scan: what elastic-recheck's expression finds, and what it does not")
{
    struct {
        char const* message;
        bugs found;
    } const cases[] = {
        {"recheck bug 123", {"123"}},
        {"recheck bug #123", {"123"}},
        {"recheck no bug", {""}},
        {"Patch Set 3:\n\nrecheck bug 123", {"123"}},
        {"Patch Set 3: Code-Review+1\n\nrecheck no bug", {""}},
        {"Patch Set 3:\r\n\r\nrecheck bug 123\r\n", {"123"}},
        {"please recheck bug 123", {"123"}},
        {"recheck bug 123\n\nIt timed out again.", {"123"}},
        {"recheck bug 0123", {"123"}},

        {"", {}},
        {"recheck", {}},
        {"recheck bug", {}},
        {"recheck bug ", {}},
        {"recheck bug #", {}},
        {"recheck bug ##123", {}},
        {"recheck bug # 123", {}},
        {"recheck bug  123", {}},
        {"recheck bug 123 please", {}},
        {"recheck bug 123.", {}},
        {"recheck bug 123a", {}},
        {"recheck bug 0", {}},
        {"recheck no bug, sorry", {}},
        {"RECHECK BUG 123", {}},
        {"Recheck bug 123", {}},
        {"reverify bug 123", {}},
        {"> recheck bug 123", {}},
        {"recheck bug 1234567890123", {}},
        {"123", {}},
    };
    for (auto const& one : cases) {
        INFO(one.message);
        CHECK(rechecks_in(one.message) == one.found);
    }
}

TEST_CASE("gerrit scan: a message is counted once for each bug that it names, and for few of them")
{
    CHECK(rechecks_in("recheck bug 1\nrecheck bug 2\nrecheck bug #1\nrecheck no bug") == bugs{"1", "2", ""});
    std::string many;
    for (int i = 1; i != 100; ++i)
        many += "recheck bug " + std::to_string(i) + "\n";
    CHECK(rechecks_in(many).size() == checkwatches::intake::gerrit::most_of_a_message);
    std::string const late = std::string(checkwatches::intake::gerrit::longest_message, '\n')
                             + "recheck bug 1";
    CHECK(rechecks_in(late).empty());
}
