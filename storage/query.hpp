#pragma once

#include "storage/columns.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace checkwatches::storage {

// A statement that is put together for one call, with the values of its parameters, each a "?" in their
// order.
class query {
public:
    // Appends text with as many parameters as there are values.
    template <class... T>
    query& add(std::string_view sql, T const&... values)
    {
        sql_ += sql;
        (take_in(values), ...);
        return *this;
    }

    std::string const& sql() const noexcept { return sql_; }

    // Starts it; it must live as long as the cursor, which `what`, made of its text, gives out.
    sqlite::cursor start(sqlite::statement& what) const
    {
        int index = 0;
        for (auto const& each : values_)
            std::visit([&](auto const& value) { put(what, ++index, value); }, each);
        return what.rows();
    }

private:
    void take_in(std::string const& value) { values_.emplace_back(value); }
    void take_in(utc_time value) { values_.emplace_back(std::int64_t{value.time_since_epoch().count()}); }
    void take_in(outcome value) { values_.emplace_back(std::string{word(value)}); }
    template <detail::whole_number T>
    void take_in(T value)
    {
        values_.emplace_back(static_cast<std::int64_t>(value));
    }

    std::string sql_;
    std::vector<std::variant<std::int64_t, std::string>> values_;
};

} // namespace checkwatches::storage
