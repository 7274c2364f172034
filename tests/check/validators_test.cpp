#include "engine/check/validators.hpp"
#include "storage/store.hpp"
#include "tests/check/scripted_kind.hpp"
#include "tests/support/run.hpp"
#include "tests/support/temporary_folder.hpp"

#include <catch2/catch.hpp>

namespace {

using namespace checkwatches;
using namespace checkwatches::check;
using namespace std::chrono_literals;

constexpr utc_time today{std::chrono::sys_days{std::chrono::year{2026} / 11 / 30}};

// A tracker whose bugs were read so long ago as their numbers say, in hours, and the answers from then.
struct archive {
    test::temporary_folder folder;
    storage::tracker_id tracker{};
    std::vector<storage::bug_state> bugs;
    asio::io_context loop{1};
    std::unique_ptr<storage::background_reader> reader;
    test::no_client nobody;
    bound_remote at{nobody, {.base = parse_url("https://t.example/").value()}};
    test::scripted_kind kind;

    explicit archive(std::vector<storage::validator> stored)
    {
        auto store = storage::store::open(folder.file("w.db")).value();
        tracker =
            store->add_tracker({.kind = "fake", .name = "t", .base_url = "https://t.example/"}).value().id;
        store->in_transaction([&] { store->apply({.from = tracker, .validators = std::move(stored)}); });
        for (int i = 1; i <= 4; ++i)
            bugs.push_back(
                {.remote_id = std::to_string(i),
                 .last_outcome = outcome::seen,
                 .read_at = today - std::chrono::hours{i}});
        reader = std::make_unique<storage::background_reader>(
            storage::reader::open(folder.file("w.db")).value());
    }

    // Which questions of each batch may be conditional.
    std::vector<std::vector<std::string>> known(std::vector<batch> const& batches)
    {
        bug_rows rows;
        for (auto const& bug : bugs)
            rows.push_back(&bug);
        auto const got = test::run(
            loop, known_validators(*reader, kind, at, {.batch = 2}, tracker, rows, batches));
        std::vector<std::vector<std::string>> out;
        for (auto const& of_batch : got.value()) {
            auto& urls = out.emplace_back();
            for (auto const& one : of_batch)
                urls.push_back(one.url);
        }
        return out;
    }
};

} // namespace

TEST_CASE("validators are read for all batches at once, and each look has those of its own questions")
{
    archive a{{
        {.url = "1", .etag = "e", .at = today - 1h},
        {.url = "2", .etag = "e", .at = today - 2h},
        {.url = "3", .etag = "e", .at = today - 1h}, // bug 3 was read since
        {.url = "4", .etag = "e", .at = today - 4h},
    }};
    a.kind.asks_conditionally = true;
    using all = std::vector<std::vector<std::string>>;
    auto const changed = batch::manner::changed;
    CHECK(
        a.known({{.members = {0}}, {.how = changed, .members = {1}}, {.members = {2, 3}}})
        == all{{"1"}, {}, {"4"}});
    CHECK(a.known({{.members = {3, 0}}, {.members = {1}}}) == all{{"4", "1"}, {"2"}});
    // Nobody has asked any before.
    CHECK(archive{std::vector<storage::validator>{}}.known({{.members = {0, 1}}}).empty());
}

TEST_CASE("an answer that several bugs share is known to the look at those that were read with it")
{
    archive a{{{.url = "all", .etag = "e", .at = today - 2h}}};
    a.kind.asks_conditionally = true;
    a.kind.asks_all = true;
    using all = std::vector<std::vector<std::string>>;
    CHECK(a.known({{.members = {0}}, {.members = {1}}}) == all{{}, {"all"}});
}
