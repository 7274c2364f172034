#pragma once

#include "engine/core/time.hpp"

#include <boost/json/value.hpp>

#include <optional>
#include <string>

namespace checkwatches::app {

// JSON of what may be missing: null where it is.

template <class T, class Format>
boost::json::value or_null(std::optional<T> const& v, Format format)
{
    return v ? boost::json::value(boost::json::string{format(*v)}) : boost::json::value(nullptr);
}

inline boost::json::value text_or_null(std::string const& text)
{
    return text.empty() ? boost::json::value(nullptr) : boost::json::value(text);
}

inline boost::json::value time_or_null(std::optional<utc_time> const& at)
{
    return or_null(at, format_time);
}

} // namespace checkwatches::app
