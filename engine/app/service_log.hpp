#pragma once

#include "engine/app/log_line.hpp"

#include <memory>

namespace checkwatches::app {

struct log_settings {
    log_level level = log_level::info; // and what is worse
    log_format format = log_format::logfmt;

    bool operator==(log_settings const&) const = default;
};

// The log of the long-running program, one event a line. Where journald reads the file (JOURNAL_STREAM names
// it), the line starts with the priority, "<4>", and journald adds the time; elsewhere it starts with the
// time. Lines that could not be written are counted, and the count is told with the first that can be. For
// one thread.
class service_log final : public logger {
public:
    // The file (2: standard error) stays the caller's.
    service_log(log_settings settings, int file);
    ~service_log() override;

    void write(log_level level, std::string_view event, std::initializer_list<log_field> fields) override;

    // From now on.
    void change(log_settings settings);

private:
    class impl;
    std::unique_ptr<impl> impl_;
};

} // namespace checkwatches::app
