#include "tests/storage/samples.hpp"
#include "tests/support/print.hpp"

#include <fmt/format.h>

#include <map>
#include <stdexcept>

using namespace checkwatches;
using namespace checkwatches::storage;
using namespace checkwatches::storage::test;
using what = signature_news::what;

namespace {

// A tracker's bugs and how their checks end.
struct ward {
    explicit ward(int count) : bugs{add_bugs(*s, "bugs.example.org", count)} {}

    // The next check of each of these bugs ends so.
    std::vector<signature_news> check(std::vector<bug_id> const& of, outcome how, std::string const& detail)
    {
        std::vector<settled_bug> settled;
        for (auto const& b : r->bugs(of))
            settled.push_back(next_check(b, how, detail, at(++time)));
        return apply_whole(*s, report_of(settled, at(time))).signatures;
    }

    // "timeout slow x3 by 2"; a blank between, the open ones only.
    std::string open() const { return texts(false); }
    std::string all() const { return texts(true); }

    scratch here;
    std::unique_ptr<store> s = open_store(here.path());
    std::unique_ptr<reader> r = open_reader(here.path());
    std::vector<bug_id> bugs;
    std::int64_t time = 0;

private:
    std::string texts(bool with_ended) const
    {
        std::string out;
        for (auto const& each : r->signatures({.with_ended = with_ended}, 10'000)) {
            out += out.empty() ? "" : ", ";
            out += fmt::format("{} {} x{} by {}", word(each.how), each.message, each.times, each.bugs);
            if (each.ended_at)
                out += " ended";
        }
        return out;
    }
};

std::string text_of(std::vector<signature_news> const& news)
{
    static std::map<what, char const*> const words{
        {what::first, "first"}, {what::power_of_10, "again"}, {what::ended, "ended"}};
    std::string out;
    for (auto const& n : news) {
        out += out.empty() ? "" : ", ";
        out += fmt::format("{} {} {} x{}", words.at(n.news), word(n.how), n.message, n.times);
    }
    return out;
}

} // namespace

TEST_CASE("signatures: first seen, often seen, ended, and seen again")
{
    ward w{1};
    auto const& one = w.bugs;
    auto const first = w.check(one, outcome::timeout, "nothing for 10 s");
    REQUIRE(first.size() == 1);
    CHECK(first[0].news == what::first);
    CHECK(first[0].tracker == "bugs.example.org");
    CHECK(first[0].how == outcome::timeout);
    CHECK(first[0].message == "nothing for N s");
    CHECK(first[0].sample == "nothing for 10 s");
    CHECK(first[0].times == 1);
    for (int i = 2; i != 10; ++i)
        CHECK(w.check(one, outcome::timeout, "nothing for 10 s").empty());
    CHECK(text_of(w.check(one, outcome::timeout, "nothing for 10 s")) == "again timeout nothing for N s x10");
    for (int i = 11; i != 100; ++i)
        CHECK(w.check(one, outcome::timeout, fmt::format("nothing for {} s", i)).empty());
    CHECK(text_of(w.check(one, outcome::timeout, "nothing for 9 s")) == "again timeout nothing for N s x100");
    CHECK(w.open() == "timeout nothing for N s x100 by 1");

    CHECK(text_of(w.check(one, outcome::seen, "")) == "ended timeout nothing for N s x100");
    CHECK(w.open().empty());
    CHECK(w.all() == "timeout nothing for N s x100 by 0 ended");
    auto const kept = w.r->signatures({.with_ended = true}, 9).at(0);
    CHECK(kept.first_seen == at(1));
    CHECK(kept.last_seen == at(100));
    CHECK(kept.ended_at == at(101));
    CHECK(kept.sample == "nothing for 10 s");
    CHECK(w.check(one, outcome::seen, "").empty());

    auto const again = w.check(one, outcome::timeout, "nothing for 33 s");
    CHECK(text_of(again) == "first timeout nothing for N s x101");
    CHECK(again.at(0).sample == "nothing for 33 s");
    CHECK(w.all() == "timeout nothing for N s x101 by 1");
    CHECK(w.r->signatures({}, 9).at(0).first_seen == at(1));
    CHECK(w.r->signatures({}, 0).empty());
}

TEST_CASE("signatures: what fails in one way at once is one signature and one piece of news")
{
    ward w{500};
    CHECK(
        text_of(w.check(w.bugs, outcome::connect_failed, "refused")) == "first connect_failed refused x500");
    CHECK(w.open() == "connect_failed refused x500 by 500");
    CHECK(
        text_of(w.check(w.bugs, outcome::connect_failed, "refused")) == "again connect_failed refused x1000");
    CHECK(w.open() == "connect_failed refused x1000 by 500");

    std::vector<bug_id> const most{w.bugs.begin(), w.bugs.end() - 1};
    CHECK(w.check(most, outcome::unmodified, "").empty());
    CHECK(w.open() == "connect_failed refused x1000 by 1");
    CHECK(text_of(w.check({w.bugs.back()}, outcome::seen, "")) == "ended connect_failed refused x1000");
}

TEST_CASE("signatures: a bug goes from one to another")
{
    ward w{2};
    auto const a = std::vector{w.bugs[0]};
    auto const b = std::vector{w.bugs[1]};
    w.check(w.bugs, outcome::timeout, "after 10 s");
    // Another run, which is alike.
    CHECK(w.check(a, outcome::timeout, "after 11 s").empty());
    CHECK(w.open() == "timeout after N s x3 by 2");
    // Another reason, and another outcome for the same one.
    CHECK(text_of(w.check(a, outcome::timeout, "never")) == "first timeout never x1");
    CHECK(w.open() == "timeout after N s x3 by 1, timeout never x1 by 1");
    CHECK(
        text_of(w.check(a, outcome::maintenance, "never"))
        == "ended timeout never x1, first maintenance never x1");
    CHECK(w.open() == "timeout after N s x3 by 1, maintenance never x1 by 1");
    // One leaves as the other comes: it does not end.
    auto leaves = next_check(w.r->bugs(b).at(0), outcome::seen, "", at(50));
    auto comes = next_check(w.r->bugs(a).at(0), outcome::timeout, "after 12 s", at(50));
    CHECK(
        text_of(apply_whole(*w.s, report_of({leaves, comes}, at(50))).signatures)
        == "ended maintenance never x1");
    CHECK(w.open() == "timeout after N s x4 by 1");
}

TEST_CASE("signatures: each tracker has its own")
{
    ward w{1};
    auto const other = add_bugs(*w.s, "other.example.org", 1);
    w.check(w.bugs, outcome::timeout, "slow");
    auto const news = w.check(other, outcome::timeout, "slow");
    CHECK(text_of(news) == "first timeout slow x1");
    CHECK(news.at(0).tracker == "other.example.org");
    CHECK(w.open() == "timeout slow x1 by 1, timeout slow x1 by 1");
}

TEST_CASE("signatures: at most 200 are open, and what is beyond is one")
{
    ward w{260};
    auto const name = [](int i) {
        return std::string(1, static_cast<char>('a' + i / 26)) + static_cast<char>('a' + i % 26);
    };
    auto const text = [&](std::size_t i) { return "odd " + name(static_cast<int>(i)); };
    for (std::size_t i = 0; i != 250; ++i)
        w.check({w.bugs[i]}, outcome::unparsable, text(i));
    auto const open = w.r->signatures({}, 1000);
    REQUIRE(open.size() == 201);
    CHECK(open[0].message == "(others)");
    CHECK(open[0].bugs == 50);
    CHECK(open[0].times == 50);

    // Who is among the others stays there, also when there is room, until its run ends.
    CHECK(text_of(w.check({w.bugs[0]}, outcome::seen, "")) == "ended unparsable odd aa x1");
    CHECK(
        text_of(w.check({w.bugs[250]}, outcome::unparsable, text(249)))
        == "first unparsable " + text(249) + " x1");
    CHECK(w.check({w.bugs[249]}, outcome::unparsable, text(249)).empty());
    CHECK(w.r->signatures({}, 1).at(0).bugs == 50);
    CHECK(w.check({w.bugs[249]}, outcome::seen, "").empty());
    CHECK(w.r->signatures({}, 1).at(0).bugs == 49);
    CHECK(
        number(
            w.here.path(),
            "SELECT count(*) FROM signatures s WHERE bugs <> "
            "(SELECT count(*) FROM bugs WHERE signature_id = s.id)")
        == 0);
}

TEST_CASE("signatures: at most 1000 are kept of a tracker, with those that ended")
{
    ward w{1};
    auto row = w.r->bugs(w.bugs).at(0);
    w.s->in_transaction([&] {
        for (int i = 0; i != 1100; ++i) {
            std::string text{"odd "};
            for (int rest = i + 26; rest != 0; rest /= 26)
                text += static_cast<char>('a' + rest % 26);
            auto const settled = next_check(row, outcome::unparsable, text, at(i));
            w.s->apply(report_of({settled}, at(i)));
            row = settled.after;
        }
    });
    CHECK(w.r->signatures({.with_ended = true}, 2000).size() == 1001);
    CHECK(w.open() == "unparsable (others) x100 by 1");
}

TEST_CASE("signatures: a sample is short and cut between characters")
{
    ward w{1};
    std::string text;
    for (int i = 0; i != 400; ++i)
        text += "ö";
    w.check(w.bugs, outcome::unparsable, "x" + text);
    auto const kept = w.r->signatures({}, 1).at(0);
    CHECK(kept.sample.size() == 499);
    CHECK(kept.message.size() <= 200);
}

TEST_CASE("signatures: a report that is rolled back leaves none")
{
    ward w{2};
    w.check({w.bugs[0]}, outcome::timeout, "slow");
    CHECK_THROWS(w.s->in_transaction([&] {
        auto const settled = next_check(w.r->bugs({w.bugs[1]}).at(0), outcome::timeout, "slow", at(9));
        w.s->apply(report_of({settled}, at(9)));
        throw std::runtime_error{"no"};
    }));
    CHECK(w.open() == "timeout slow x1 by 1");
    w.check({w.bugs[1]}, outcome::timeout, "slow");
    CHECK(w.open() == "timeout slow x2 by 2");
}

TEST_CASE("signatures: a bug that comes twice in one report ends as the last of them")
{
    ward w{1};
    auto const first = next_check(w.r->bugs(w.bugs).at(0), outcome::timeout, "slow", at(1));
    auto const second = next_check(first.after, outcome::seen, "", at(2));
    CHECK(
        text_of(apply_whole(*w.s, report_of({first, second}, at(2))).signatures)
        == "first timeout slow x1, ended timeout slow x1");
    CHECK(w.open().empty());
}
