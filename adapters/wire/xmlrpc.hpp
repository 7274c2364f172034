#pragma once

#include "engine/core/error.hpp"
#include "engine/core/time.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace checkwatches::wire::xmlrpc {

class value;
using array = std::vector<value>;
using members = std::vector<std::pair<std::string, value>>;

// A dateTime.iso8601 value as it was written: XML-RPC names no zone, so its reader must know it.
struct date_time {
    std::string text{};

    bool operator==(date_time const&) const = default;
};

// "20261120T10:00:00", in UTC and whole seconds.
date_time to_date_time(utc_time t);

// One XML-RPC value.
class value {
public:
    using variant =
        std::variant<std::monostate, bool, std::int64_t, double, std::string, date_time, array, members>;

    value() = default; // nil
    value(variant v) : v_{std::move(v)} {}
    value(bool b) : v_{b} {}
    value(int i) : v_{std::int64_t{i}} {}
    value(std::int64_t i) : v_{i} {}
    value(std::string s) : v_{std::move(s)} {}
    value(char const* s) : v_{std::string{s}} {}
    value(date_time t) : v_{std::move(t)} {}
    value(array a) : v_{std::move(a)} {}
    value(members m) : v_{std::move(m)} {}

    variant const& get() const noexcept { return v_; }

    // The value of this type; null (nothing) where it is of another one.
    std::string const* text() const noexcept { return std::get_if<std::string>(&v_); }
    array const* items() const noexcept { return std::get_if<array>(&v_); }
    members const* fields() const noexcept { return std::get_if<members>(&v_); }
    // An int, or a string of digits (some servers send numbers as strings).
    std::optional<std::int64_t> integer() const noexcept;
    // A string, an int written out, or a date as written: what a person would read; empty for anything else.
    std::string as_text() const;
    // A date, taken as UTC; nothing for anything else.
    std::optional<utc_time> as_utc() const noexcept;

    // The member of this name of a struct; null where there is none or this is no struct.
    value const* member(std::string_view name) const noexcept;

    friend bool operator==(value const& a, value const& b) { return a.v_ == b.v_; }

private:
    variant v_;
};

// A fault: the server's own code (0 where it sent none or a word) and text.
struct fault {
    std::int64_t code = 0;
    std::string word{}; // the code where it is not a number ("Client"); else empty
    std::string text{};
};

// The document that calls `method`. Texts are escaped; control characters that XML cannot carry are left out.
std::string encode_call(std::string_view method, array const& params);

using answer = std::variant<value, fault>;

// Reads a methodResponse of decoded text. DTDs and entities other than the five are not expanded; deeper than
// 64 levels is refused. An error of kind unparsable says what is not as XML-RPC wants it.
result<answer> decode_answer(std::string_view text);

} // namespace checkwatches::wire::xmlrpc
