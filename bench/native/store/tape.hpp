#pragma once

#include "storage/sqlite.hpp"
#include "storage/store.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

// A parameter of a statement.
struct bound_value {
    enum class kind { nothing, number, text };
    kind is{};
    std::int64_t number{};
    std::string text{};
};

// Statements in the order that they ran, with the values of their parameters.
struct statement_tape {
    struct run {
        std::size_t statement{}; // which of recording_store::texts()
        std::vector<bound_value> values{};
    };
    std::vector<run> runs{};
};

// A store whose statements are put on tape, as SQLite itself tells them.
class recording_store {
public:
    explicit recording_store(std::string const& path);
    ~recording_store();

    // What `work` has the store do, as one transaction, whose own statements (BEGIN, COMMIT) are not on the
    // tape.
    statement_tape record(std::function<void(checkwatches::storage::store&)> const& work);

    // Those that were met so far.
    std::vector<std::string> const& texts() const noexcept { return texts_; }

private:
    static int connected(sqlite3* to, char** trouble, void const* api);
    static int told(unsigned what, void* self, void* statement, void* text);
    void note(sqlite3_stmt* statement);
    std::size_t number_of(std::string const& text);

    std::unique_ptr<checkwatches::storage::store> store_;
    std::vector<std::string> texts_;
    std::map<std::string, std::size_t> numbers_;
    statement_tape* tape_ = nullptr; // while something is recorded
};

// SQLite by hand: binds, steps and resets what is on a tape, over a connection with the store's settings.
class bare_loop {
public:
    explicit bare_loop(std::string const& path);

    // One transaction.
    void play(statement_tape const& tape, std::vector<std::string> const& texts);

private:
    struct finalize {
        void operator()(sqlite3_stmt* handle) const noexcept;
    };
    using prepared = std::unique_ptr<sqlite3_stmt, finalize>;

    sqlite3_stmt* nth(std::size_t statement, std::vector<std::string> const& texts);
    prepared prepare(std::string const& text);
    void step(sqlite3_stmt* statement);

    checkwatches::storage::sqlite::database db_;
    std::vector<prepared> statements_;
    prepared begin_;
    prepared commit_;
};
