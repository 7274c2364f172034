#pragma once

#include <spdlog/sinks/base_sink.h>

#include <mutex>
#include <string_view>

namespace checkwatches::app {

// Writes lines to an open file: a terminal, a pipe, journald's socket, a file on a disk. Nothing that happens
// there stops the caller: a line that cannot be written is lost. A file that takes nothing for now is waited
// for a tenth of a second, once, until it takes a line again.
class log_sink final : public spdlog::sinks::base_sink<std::mutex> {
public:
    // The file stays the caller's.
    explicit log_sink(int file) : file_{file} {}

    // Whether the last line was written.
    bool took_it() const noexcept { return took_it_; }

protected:
    void sink_it_(spdlog::details::log_msg const& message) override;
    void flush_() override {}

private:
    bool write_all(std::string_view bytes);
    bool is_ready() const;

    int file_;
    bool took_it_ = true;
    bool torn_ = false; // the last line was written in part
};

} // namespace checkwatches::app
