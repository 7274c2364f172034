#include "storage/chain.hpp"
#include "storage/schema.hpp"
#include "storage/verify.hpp"
#include "tests/storage/samples.hpp"
#include "tests/support/print.hpp"

using namespace checkwatches;
using namespace checkwatches::storage;
using namespace checkwatches::storage::test;
using Catch::Matchers::Contains;

namespace {

std::vector<std::int64_t> ids_of(std::vector<shown_change> const& some)
{
    std::vector<std::int64_t> out;
    for (auto const& one : some)
        out.push_back(one.what.id);
    return out;
}

using ids = std::vector<std::int64_t>;

// Six entries: of two bugs of one tracker, an act, one of another tracker's bug.
struct six_entries {
    six_entries()
    {
        auto const s = open_store(here.path());
        bugs = add_bugs(*s, "bugs.example.org", 2);
        auto const others = add_bugs(*s, "other.example.org", 1);
        apply(*s, report_with_change(bugs[0], "a", at(1'000)));
        apply(*s, report_with_change(bugs[1], "b", at(2'000)));
        s->log_act({.at = at(3'000), .field = "token", .after = "ci", .actor = "local user anna"});
        apply(*s, report_with_change(bugs[0], "c", at(5'000)));
        apply(*s, report_with_change(others[0], "d", at(4'000))); // the clock went back
        apply(*s, report_with_change(bugs[0], "e", at(6'000)));
    }

    scratch here;
    std::vector<bug_id> bugs;
};

} // namespace

TEST_CASE("log: a part is read in the order of the ids, its first entries or its last")
{
    six_entries const log;
    auto const r = open_reader(log.here.path());
    auto const first = tracker_of(log.bugs[0]);
    CHECK(ids_of(r->log({}, 99)) == ids{1, 2, 3, 4, 5, 6});
    CHECK(ids_of(r->log({}, 2)) == ids{1, 2});
    CHECK(ids_of(r->log({.newest = true}, 2)) == ids{5, 6});
    CHECK(ids_of(r->log({.after = 2, .up_to = 4}, 99)) == ids{3, 4});
    CHECK(ids_of(r->log({.after = 4, .up_to = 2}, 99)).empty());
    CHECK(ids_of(r->log({.of = first}, 99)) == ids{1, 2, 4, 6});
    CHECK(ids_of(r->log({.after = 1, .of = first, .newest = true}, 2)) == ids{4, 6});
    CHECK(ids_of(r->log({.bug = log.bugs[0]}, 99)) == ids{1, 4, 6});
    CHECK(ids_of(r->log({.actor = "local user anna"}, 99)) == ids{3});
    CHECK(ids_of(r->log({.actor = ""}, 99)) == ids{1, 2, 4, 5, 6});
    CHECK(ids_of(r->log({.bug = log.bugs[0], .of = first, .actor = "local user anna"}, 99)).empty());
    CHECK(ids_of(r->log({.up_to = 5, .of = first, .newest = true}, 1)) == ids{4});
    CHECK(ids_of(r->log({.of = tracker_id{9}, .newest = true}, 1)).empty());
}

TEST_CASE("log: where a time lies is found although the clock went back")
{
    six_entries const log;
    auto const r = open_reader(log.here.path());
    CHECK(r->first_change_after(at(3'500)) == 4);
    CHECK(r->first_change_after(at(4'500)) == 4);
    CHECK(r->first_change_after(at(5'000)) == 6);
    CHECK(r->first_change_after(at(6'000)) == std::nullopt);
    CHECK(r->last_change_before(at(4'500)) == 5);
    CHECK(r->last_change_before(at(5'000)) == 5);
    CHECK(r->last_change_before(at(1'000)) == std::nullopt);
}

TEST_CASE("log: an entry is found by its hash, or by the first digits of it")
{
    six_entries const log;
    auto const r = open_reader(log.here.path());
    for (auto const& one : r->log({}, 99)) {
        auto const hash = hash_of(one.what);
        for (std::size_t digits = least_hash_digits; digits <= hash.size(); ++digits)
            CHECK(r->changes_hashed(hash.substr(0, digits)) == ids{one.what.id});
        CHECK(r->changes_hashed(hash.substr(0, least_hash_digits - 1)).empty());
        auto other = hash;
        other.back() = other.back() == '0' ? '1' : '0';
        CHECK(r->changes_hashed(other).empty());
    }
    for (auto const* none : {"", "tip", "zzzzzzzzzzzzzzzz", "ABCDEFABCDEFABCD"})
        CHECK(r->changes_hashed(none).empty());
}

TEST_CASE("chain: digits of a hash are a range of keys")
{
    CHECK(hash_range("000000000000") == std::pair<std::int64_t, std::int64_t>{0, 0xfff});
    CHECK(hash_range("ffffffffffff1234") == hash_range("ffffffffffff123499"));
    CHECK(hash_range("123456789abcdef")->first == 0x123456789abcdef);
    CHECK(hash_range("123456789abcdef")->second == 0x123456789abcdef);
    CHECK_FALSE(hash_range("12345678901"));
    CHECK_FALSE(hash_range(std::string(41, 'a')));
    CHECK(hash_key(std::string(40, 'f')) == 0xfff'ffff'ffff'ffff);
}

TEST_CASE("schema 6: the entries of an older log are found by their hashes")
{
    scratch here;
    {
        sqlite::database db{here.path(), sqlite::access::write};
        REQUIRE(migrate(db, here.path(), migrations().first(5)));
        db.execute(R"sql(
            INSERT INTO trackers VALUES (1, 'bugzilla', 'b', 'https://b/', NULL, 5);
            INSERT INTO bugs (id, tracker_id, remote_id, next_check) VALUES (4294967297, 1, '17', 30);
            INSERT INTO changes (at, tracker_id, bug_id, field, after, remote_after, reason)
            VALUES (7, 1, 4294967297, 'status', 'Confirmed', 'Grün', ''), (8, 1, 4294967297, 'status', NULL, '', 'mapping');
            INSERT INTO changes (at, field, actor) VALUES (9, 'token', 'x');
            UPDATE properties SET value = '3' WHERE name = 'unchained_up_to';
        )sql");
    }
    open_store(here.path());
    auto const r = open_reader(here.path());
    auto const log = r->log({}, 9);
    REQUIRE(log.size() == 3);
    for (auto const& one : log)
        CHECK(r->changes_hashed(hash_of(one.what)) == ids{one.what.id});
    auto const found = verify_log(here.path(), 9);
    REQUIRE(found);
    CHECK(found->broken.empty());
    CHECK(found->unchained == 3);
    CHECK(found->head == hash_of(log.back().what));
}

TEST_CASE("verify: what was done to the log is found, and where it begins")
{
    six_entries const log;
    auto const sound = verify_log(log.here.path(), 9).value();
    CHECK(sound.broken.empty());
    CHECK(sound.broken_at == std::nullopt);
    CHECK(sound.entries == 6);
    CHECK(sound.last == 6);
    CHECK(sound.bugs == 3);
    CHECK(sound.unchained == 0);

    struct damage {
        char const* sql;
        std::int64_t at;
        char const* says;
    };
    auto const [sql, broken_at, says] = GENERATE(
        damage{"UPDATE changes SET after = 'z' WHERE id = 4", 4, "change 4 is not what it was"},
        damage{"UPDATE changes SET previous = NULL WHERE id = 4", 4, "does not follow from change 1"},
        damage{"UPDATE changes SET previous = 'x' WHERE id = 2", 2, "and there is none"},
        damage{"UPDATE changes SET previous = 'x' WHERE id = 3", 3, "is of no bug"},
        damage{"DELETE FROM changes WHERE id = 4", 4, "change 4 is not there, and later ones are"},
        damage{"DELETE FROM changes WHERE id = 1", 1, "the first change has the id 2"},
        damage{"DELETE FROM changes WHERE id = 6", 6, "change 6 is not there, and its hash is"},
        damage{"INSERT INTO change_hashes VALUES (0, 1, 1)", 7, "there are 7 hashes for 6 changes"},
        damage{
            "UPDATE properties SET value = '4' WHERE name = 'unchained_up_to'",
            4,
            "is from before there were hashes"});
    execute(
        log.here.path(),
        (std::string{"DROP TRIGGER changes_are_not_rewritten; DROP TRIGGER changes_are_not_removed;"} + sql)
            .c_str());
    auto const found = verify_log(log.here.path(), 9).value();
    CHECK(found.broken_at == broken_at);
    REQUIRE_FALSE(found.broken.empty());
    std::string all;
    for (auto const& one : found.broken)
        all += one + "\n";
    CHECK_THAT(all, Contains(says));
    CHECK(verify_log(log.here.path(), 0).value().broken.empty());
    CHECK(verify_log(log.here.path(), 0).value().broken_at == broken_at);
}

TEST_CASE("verify: two logs that are alike have the same heads, and others do not")
{
    scratch here;
    auto const heads = [&](std::string const& name, char const* last) {
        auto const s = open_store(here.path(name));
        auto const bug = add_bugs(*s, "bugs.example.org", 1).front();
        apply(*s, report_with_change(bug, "a"));
        apply(*s, report_with_change(bug, last));
        return verify_log(here.path(name), 9).value().heads;
    };
    auto const one = heads("one.db", "b");
    CHECK(heads("two.db", "b") == one);
    CHECK(heads("three.db", "c") != one);
    CHECK(verify_log(here.path("none.db"), 9).has_error());
}

TEST_CASE("schema 11: entries are found by their hashes in whichever part they stand")
{
    scratch here;
    constexpr int entries = 9'000; // of three parts
    {
        sqlite::database db{here.path(), sqlite::access::write};
        REQUIRE(migrate(db, here.path(), migrations().first(10)));
        db.execute(R"sql(
            PRAGMA journal_mode = WAL;
            INSERT INTO changes (at, field, actor)
            SELECT value, 'token', 'x' FROM (
                WITH RECURSIVE n(value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM n WHERE value < 9000)
                SELECT value FROM n);
        )sql");
        db.execute(R"sql(
            INSERT INTO change_hashes (key, id)
                SELECT change_hash_key(id, at, tracker_id, bug_id, field, before, after, remote_before, remote_after,
                    reason, actor, previous), id
                FROM changes;
        )sql");
    }
    auto const s = open_store(here.path());
    CHECK(verify_log(here.path(), 9).value().broken.empty());
    auto const next = s->log_act({.at = at(0), .field = "token", .actor = "y"});
    CHECK(next == entries + 1);
    CHECK(number(here.path(), "SELECT count(DISTINCT part) FROM change_hashes") == 3);
    CHECK(number(here.path(), "SELECT count(*) FROM change_hashes WHERE part <> id / 4096") == 0);

    auto const r = open_reader(here.path());
    for (auto const id : {1, 4'095, 4'096, 8'191, 8'192, 9'000, 9'001}) {
        auto const hash = hash_of(r->log({.after = id - 1}, 1).at(0).what);
        CHECK(r->changes_hashed(hash) == ids{id});
        CHECK(r->changes_hashed(hash.substr(0, least_hash_digits)) == ids{id});
    }
    CHECK(r->changes_hashed(std::string(40, 'a')).empty());
    CHECK(verify_log(here.path(), 9).value().entries == entries + 1);

    // A key that is not that of its entry leads nowhere, and the search goes on in the parts before.
    auto const hash = hash_of(r->log({.after = 0}, 1).at(0).what);
    auto const key = std::to_string(hash_key(hash));
    execute(here.path(), ("INSERT INTO change_hashes VALUES (2, " + key + ", 9000)").c_str());
    CHECK(r->changes_hashed(hash) == ids{1});
}
