#include "bench/mock/farm.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace checkwatches::mock {

tracker& farm::add(tracker_options options)
{
    auto made = std::make_shared<tracker>(executor_, std::move(options));
    made->start();
    trackers_.push_back(std::move(made));
    return *trackers_.back();
}

tracker* farm::find(std::string_view name) noexcept
{
    auto const at = std::ranges::find(trackers_, name, [](auto const& t) { return t->options().name; });
    return at == trackers_.end() ? nullptr : at->get();
}

void farm::stop()
{
    for (auto const& t : trackers_)
        t->stop();
}

std::string describe(tracker const& t)
{
    std::string out = "{\"name\":";
    append_json(out, t.options().name);
    out += fmt::format(",\"kind\":\"{}\",\"url\":\"{}\"", t.options().kind, t.url());
    if (!t.api().empty())
        out += fmt::format(",\"api\":\"{}\"", t.api());
    return out + "}";
}

std::string traffic_json(tracker& t)
{
    auto const& c = t.counts();
    std::string out = "{\"tracker\":";
    append_json(out, t.options().name);
    out += fmt::format(
        ",\"requests\":{},\"not_modified\":{},\"connections\":{},\"open\":{},\"most_open\":{},\"waiting\":{},"
        "\"most_waiting\":{}",
        c.requests,
        c.not_modified,
        c.connections,
        c.open,
        c.most_open,
        c.waiting,
        c.most_waiting);
    out += fmt::format(",\"ids_asked\":{},\"ids_missing\":{}}}", t.bugs().asked(), t.bugs().asked_missing());
    return out;
}

} // namespace checkwatches::mock
