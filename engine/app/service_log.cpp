#include "engine/app/service_log.hpp"

#include "engine/app/log_sink.hpp"

#include <fmt/format.h>
#include <spdlog/logger.h>
#include <spdlog/pattern_formatter.h>

#include <cstdint>
#include <cstdlib>
#include <sys/stat.h>

namespace checkwatches::app {
namespace {

// Whether journald reads what is written there: systemd names the device and inode of its stream.
bool is_journal(int file)
{
    auto const* const stream = std::getenv("JOURNAL_STREAM");
    struct stat about{};
    if (stream == nullptr || ::fstat(file, &about) != 0)
        return false;
    return stream == fmt::format("{}:{}", about.st_dev, about.st_ino);
}

// What spdlog puts around a line: time and line end.
std::string pattern_of(log_format format, bool journal)
{
    constexpr auto time = "%Y-%m-%dT%H:%M:%S.%eZ";
    if (format == log_format::json)
        return journal ? "%v" : fmt::format(R"({{"time":"{}",%v)", time);
    return journal ? "%v" : fmt::format("time={} %v", time);
}

} // namespace

class service_log::impl {
public:
    impl(log_settings settings, int file)
        : settings_{settings},
          journal_{is_journal(file)},
          // spdlog shares its sinks; this one has no other owner.
          sink_{std::make_shared<log_sink>(file)},
          out_{"checkwatches", sink_}
    {
        // A sink that throws (out of memory, say) must not print by itself.
        out_.set_error_handler([](std::string const&) {});
        out_.set_level(spdlog::level::trace);
        set_pattern();
    }

    void write(log_level level, std::string_view event, std::initializer_list<log_field> fields)
    {
        if (level < settings_.level)
            return;
        bool const again = lost_ == 0
                           || put(log_level::warning, "lines of this log were lost", {{"lines", lost_}});
        if (again)
            lost_ = 0;
        if (!again || !put(level, event, fields))
            ++lost_;
    }

    void change(log_settings settings)
    {
        settings_ = settings;
        set_pattern();
    }

private:
    void set_pattern()
    {
        out_.set_formatter(std::make_unique<spdlog::pattern_formatter>(
            pattern_of(settings_.format, journal_), spdlog::pattern_time_type::utc, "\n"));
    }

    // Whether it was written.
    bool put(log_level level, std::string_view event, std::initializer_list<log_field> fields)
    {
        auto line = log_line(settings_.format, level, event, fields);
        if (settings_.format == log_format::json)
            line = (journal_ ? "{" : "") + line + "}";
        if (journal_)
            line.insert(0, fmt::format("<{}>", priority(level)));
        out_.log(spdlog::level::info, line);
        return sink_->took_it();
    }

    log_settings settings_;
    bool journal_;
    std::shared_ptr<log_sink> sink_;
    spdlog::logger out_;
    std::int64_t lost_ = 0;
};

service_log::service_log(log_settings settings, int file) : impl_{std::make_unique<impl>(settings, file)} {}
service_log::~service_log() = default;

void service_log::write(log_level level, std::string_view event, std::initializer_list<log_field> fields)
{
    impl_->write(level, event, fields);
}

void service_log::change(log_settings settings)
{
    impl_->change(settings);
}

} // namespace checkwatches::app
