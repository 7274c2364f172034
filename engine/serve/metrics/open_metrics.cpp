#include "engine/serve/metrics/open_metrics.hpp"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>

namespace checkwatches::serve {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

using sink = std::back_insert_iterator<std::string>;

std::string_view without(std::string_view name, std::string_view suffix)
{
    if (name.ends_with(suffix))
        name.remove_suffix(suffix.size());
    return name;
}

std::string_view unit_of(std::string_view name)
{
    for (std::string_view const unit : {"seconds", "bytes"})
        if (name.ends_with(unit) && name.size() > unit.size() && name[name.size() - unit.size() - 1] == '_')
            return unit;
    return {};
}

// Of labels' values and of HELP.
std::string escaped(std::string_view text)
{
    bool const is_text = simdjson::validate_utf8(text.data(), text.size());
    if (is_text && text.find_first_of("\n\\\"") == std::string_view::npos)
        return std::string{text};
    std::string out;
    for (char const c : text) {
        if (c == '\n')
            out += "\\n";
        else if (c == '\\' || c == '"')
            out += {'\\', c};
        else
            out += is_text || static_cast<unsigned char>(c) < 0x80 ? c : '?';
    }
    return out;
}

// A whole number has ".0": labels `le` must be written like that, and values may be.
std::string number(double value)
{
    if (std::isnan(value))
        return "NaN";
    if (std::isinf(value))
        return value < 0 ? "-Inf" : "+Inf";
    auto text = fmt::format("{}", value);
    if (text.find_first_of(".e") == std::string::npos)
        text += ".0";
    return text;
}

// "{tracker="…",le="0.5"}"; nothing where there is no label.
std::string labels_of(ClientMetric const& metric, std::string_view le = {})
{
    std::string out;
    auto const add = [&](std::string_view name, std::string_view value) {
        fmt::format_to(sink{out}, "{}{}=\"{}\"", out.empty() ? '{' : ',', name, escaped(value));
    };
    for (auto const& one : metric.label)
        add(one.name, one.value);
    if (!le.empty())
        add("le", le);
    if (!out.empty())
        out += '}';
    return out;
}

void write_histogram(std::string_view name, ClientMetric const& metric, std::string& out)
{
    auto const& of = metric.histogram;
    bool closed = false;
    auto const bucket = [&](double bound, std::uint64_t count) {
        fmt::format_to(sink{out}, "{}_bucket{} {}\n", name, labels_of(metric, number(bound)), count);
        closed = std::isinf(bound);
    };
    for (auto const& one : of.bucket)
        bucket(one.upper_bound, one.cumulative_count);
    if (!closed)
        bucket(std::numeric_limits<double>::infinity(), of.sample_count);
    auto const labels = labels_of(metric);
    fmt::format_to(sink{out}, "{}_count{} {}\n", name, labels, of.sample_count);
    fmt::format_to(sink{out}, "{}_sum{} {}\n", name, labels, number(of.sample_sum));
}

void write_family(MetricFamily const& family, std::string& out)
{
    bool const is_info = family.type == MetricType::Gauge && family.name.ends_with("_info");
    std::string_view type = "histogram";
    std::string_view name = family.name;
    if (is_info) {
        type = "info";
        name = without(name, "_info");
    }
    else if (family.type == MetricType::Gauge) {
        type = "gauge";
    }
    else if (family.type == MetricType::Counter) {
        type = "counter";
        name = without(name, "_total");
    }
    else if (family.type != MetricType::Histogram) {
        return;
    }
    fmt::format_to(sink{out}, "# TYPE {} {}\n", name, type);
    if (auto const unit = unit_of(name); !unit.empty() && !is_info)
        fmt::format_to(sink{out}, "# UNIT {} {}\n", name, unit);
    if (!family.help.empty())
        fmt::format_to(sink{out}, "# HELP {} {}\n", name, escaped(family.help));

    std::vector<ClientMetric const*> in_order; // the metrics themselves are large
    for (auto const& metric : family.metric)
        in_order.push_back(&metric);
    std::ranges::sort(in_order, {}, [](auto const* m) -> auto const& { return m->label; });
    for (auto const* one : in_order) {
        auto const& metric = *one;
        if (type == "histogram")
            write_histogram(name, metric, out);
        else if (type == "counter")
            fmt::format_to(
                sink{out}, "{}_total{} {}\n", name, labels_of(metric), number(metric.counter.value));
        else
            fmt::format_to(
                sink{out}, "{}{} {}\n", family.name, labels_of(metric), number(metric.gauge.value));
    }
}

} // namespace

std::string open_metrics(std::vector<MetricFamily> families)
{
    std::ranges::sort(families, {}, &MetricFamily::name);
    std::string out;
    for (auto const& one : families)
        write_family(one, out);
    out += "# EOF\n";
    return out;
}

} // namespace checkwatches::serve
