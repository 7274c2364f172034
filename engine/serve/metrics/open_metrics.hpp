#pragma once

#include <prometheus/metric_family.h>

#include <string>
#include <string_view>
#include <vector>

namespace checkwatches::serve {

inline constexpr std::string_view open_metrics_type =
    "application/openmetrics-text; version=1.0.0; charset=utf-8";

// The families in the OpenMetrics text format 1.0.0, in the order of their names, whole with its "# EOF".
// (prometheus-cpp's own serializer writes the format before that.) A family comes once; counters, gauges and
// histograms are written, others are left out. A counter's name may end in "_total" or not; a gauge's that
// ends in "_info" is an info; names that end in "_seconds" or "_bytes" have that unit. Labels that are no
// UTF-8 lose what is not ASCII.
std::string open_metrics(std::vector<prometheus::MetricFamily> families);

} // namespace checkwatches::serve
