#pragma once

#include <filesystem>
#include <memory>

#include "reports.hpp"
#include "tape.hpp"

// The store and a bare SQLite loop, which runs the store's statements, each on its copy of a database.
class store_turns {
public:
    store_turns(
        std::filesystem::path const& recorded,
        std::filesystem::path const& stored,
        std::filesystem::path const& bare,
        settled_bugs& bugs);

    // So many bugs by transactions of `batch` each, in turns.
    void run(bool scattered, std::size_t batch, std::size_t bugs, unsigned round);

private:
    settled_bugs& bugs_;
    recording_store recorded_;
    std::unique_ptr<checkwatches::storage::store> store_;
    bare_loop bare_;
};

// Throws where they differ: what was done by hand must be what the store did, or the comparison says nothing.
void compare_databases(
    std::filesystem::path const& one, std::filesystem::path const& other, load_shape const& shape);
