#pragma once

#include "engine/intake/lists/list_keeper.hpp"
#include "tests/intake/forge_kind.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/print.hpp"
#include "tests/support/run.hpp"
#include "tests/support/temporary_folder.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <utility>

namespace checkwatches::test {

using namespace std::chrono_literals;

// A keeper over a folder of lists and a database where one forge is registered.
struct list_fixture {
    temporary_folder folder;
    std::string path = folder.file("w.db");
    std::string lists = folder.file("watchlists");
    asio::io_context loop{1};
    test::forge_kind const* forge = nullptr; // the registry's
    adapters::registry kinds = test::forge_alone(forge);
    test::no_client client;
    test::manual_clock time{utc_now()};
    std::unique_ptr<storage::store> store = storage::store::open(path).value();
    std::unique_ptr<storage::reader> read = storage::reader::open(path).value();
    intake::list_settings settings{};
    intake::list_keeper keeper{
        {.database = path, .executor = loop.get_executor(), .over = client, .kinds = kinds, .time = time},
        storage::reader::open(path).value()};

    list_fixture()
    {
        std::filesystem::create_directory(lists);
        store
            ->add_tracker(
                {.kind = "forge",
                 .name = "forge",
                 .base_url = "https://forge.example.org/a",
                 .created_at = time.now()})
            .value();
    }

    void write(std::string const& name, std::string const& text) const
    {
        std::ofstream{lists + "/" + name, std::ios::binary} << text;
    }
    // Lines for the bugs from one number to another.
    static std::string bugs(int first, int last, std::string const& project = "a")
    {
        std::string out;
        for (int i = first; i <= last; ++i)
            out += fmt::format("https://forge.example.org/{}/{} curl\n", project, i);
        return out;
    }
    void remove(std::string const& name) const { std::filesystem::remove(lists + "/" + name); }
    intake::look_report look(std::string force = {})
    {
        return test::run(loop, keeper.look(false, std::move(force))).value();
    }
    bool meet() { return test::run(loop, keeper.meet_waiting({}, 1h)).value().news.added; }
    storage::watch_list_record list(std::string const& name) const
    {
        return read->watch_list_by_name(name).value();
    }
    // The ids of the bugs that a list watches.
    std::string watched(std::string const& name) const
    {
        std::string out;
        for (auto const& w : read->watches_by("list:" + name))
            out += (out.empty() ? "" : " ") + read->bugs({w.bug}).at(0).remote_id;
        return out;
    }
    storage::bug_state row(storage::bug_id bug) const { return read->bugs({bug}).at(0); }
    void settle(storage::settled_bug settled)
    {
        store->in_transaction([&] {
            store->apply(
                {.from = storage::tracker_of(settled.after.id),
                 .at = time.now(),
                 .bugs = {std::move(settled)}});
        });
    }
};

} // namespace checkwatches::test
