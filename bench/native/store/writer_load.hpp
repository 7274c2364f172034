#pragma once

#include "storage/background_reader.hpp"
#include "storage/writer.hpp"

#include <boost/asio/io_context.hpp>

#include <chrono>
#include <deque>
#include <filesystem>
#include <vector>

#include "reports.hpp"

// The writer, and a reader on its database, as the engine has them.
class writer_load {
public:
    writer_load(std::filesystem::path const& database, settled_bugs& bugs);

    // So many bugs by reports of `batch` each, from callers each of whom waits for its last one.
    void run(bool scattered, std::size_t batch, std::size_t bugs, unsigned round);
    // Reports at a rate, for a while.
    void pace(std::size_t reports_a_second, std::chrono::milliseconds how_long, unsigned round);
    // From when a change is durable to when a reader on a thread of its own has it.
    void see_changes(unsigned round);

private:
    using report = checkwatches::storage::report;

    checkwatches::awaitable<void> hand_in(std::deque<report>& waiting);
    checkwatches::awaitable<void>
    hand_in_slowly(std::vector<report>& all, std::chrono::duration<double, std::milli> gap);
    checkwatches::awaitable<void> change_and_read(std::vector<double>& all);

    settled_bugs& bugs_;
    boost::asio::io_context loop_{1};
    checkwatches::storage::writer writer_;
    checkwatches::storage::background_reader reader_;
};
