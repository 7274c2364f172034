#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

namespace checkwatches {

enum class log_level { debug, info, notice, warning, error };

// One key and its value in a log line.
struct log_field {
    std::string_view key{};
    std::string value{};
    bool is_number = false;

    log_field(std::string_view k, std::string v) : key{k}, value{std::move(v)} {}
    log_field(std::string_view k, std::string_view v) : key{k}, value{v} {}
    log_field(std::string_view k, char const* v) : key{k}, value{v} {}
    template <std::integral Number>
    log_field(std::string_view k, Number v) : key{k},
                                              value{std::to_string(v)},
                                              is_number{true}
    {}
};

// What the long-running engine says of itself: an event, in a fixed short phrase, and its facts. Values may
// hold anything; whoever writes the line makes them harmless. Never pass a credential.
class logger {
public:
    virtual ~logger() = default;
    virtual void write(log_level level, std::string_view event, std::initializer_list<log_field> fields) = 0;
};

// Says nothing: for commands that print their result, and for tests.
class silent_logger final : public logger {
public:
    void write(log_level, std::string_view, std::initializer_list<log_field>) override {}
};

} // namespace checkwatches
