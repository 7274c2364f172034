#pragma once

#include "engine/core/error.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace checkwatches::feed {

// Where lines are put for another program: files NAME.1.jsonl, NAME.2.jsonl, … in a folder, which are whole
// and written no more. The one that is being written is called NAME.N.jsonl.part.
struct message_file_settings {
    std::string folder{};
    std::string name{};
    std::size_t size = std::size_t{16} * 1024 * 1024; // bytes from which on a file is full
    std::chrono::seconds age{300}; // after which a file with anything in it is handed over, full or not
};

// Appends lines, and blocks while it does. What it has taken is on the disk; half a line, which a crash can
// leave, is removed before the next is written. One writes under one name: as long as another does, who keeps
// a lock on the file .NAME.lock of the folder, nothing is opened, and appending fails.
class message_file {
public:
    explicit message_file(message_file_settings how);
    message_file(message_file const&) = delete;
    ~message_file();

    // Appends whole lines, each with its line end, and returns when they are durable. An error of kind
    // storage: none of them was taken, or that is not known.
    result<void> append(std::string_view lines);

    // Hands the file over where it has waited for long enough.
    void tend() noexcept;

private:
    result<void> open();
    result<void> lock();
    result<void> mend();
    result<void> hand_over();
    void close() noexcept;
    std::string path_of(std::uint64_t number, bool is_part) const;
    error failed(std::string_view doing, std::string const& path) const;

    message_file_settings const how_;
    int lock_ = -1; // kept for as long as this is
    int file_ = -1;
    std::uint64_t number_ = 0;                      // of the file that is being written
    std::size_t size_ = 0;                          // of what is whole in it
    std::chrono::steady_clock::time_point began_{}; // when its first line was written
};

} // namespace checkwatches::feed
