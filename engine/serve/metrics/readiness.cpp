#include "engine/serve/metrics/readiness.hpp"

#include "engine/serve/metrics/open_metrics.hpp"

#include <fmt/format.h>

namespace checkwatches::serve {
namespace {

http_answer plain(unsigned status, std::string body)
{
    return {
        .status = status,
        .headers = {{"Content-Type", "text/plain; charset=utf-8"}, {"Cache-Control", "no-store"}},
        .body = std::move(body)};
}

} // namespace

std::vector<std::string> reasons_not_ready(meter_snapshot const& now, std::chrono::seconds most_overdue)
{
    using std::chrono::duration_cast, std::chrono::seconds;
    std::vector<std::string> out;
    if (now.oldest_due && now.now - *now.oldest_due > most_overdue)
        out.push_back(fmt::format(
            "behind: the oldest overdue check is {} s late, more than {} s",
            duration_cast<seconds>(now.now - *now.oldest_due).count(),
            most_overdue.count()));
    if (now.writer_stuck_since)
        out.push_back(fmt::format(
            "the database takes nothing since {}: {}",
            format_time(*now.writer_stuck_since),
            now.writer_trouble));
    if (!now.counted)
        out.emplace_back("the bugs were not counted yet");
    return out;
}

http_answer answer_health(meter_snapshot const& now)
{
    return plain(200, fmt::format("alive\nversion {}\n", now.version));
}

http_answer answer_ready(meter_snapshot const& now, std::chrono::seconds most_overdue)
{
    auto const reasons = reasons_not_ready(now, most_overdue);
    if (reasons.empty())
        return plain(200, "ready\n");
    std::string body = "not ready\n";
    for (auto const& one : reasons)
        body += one + '\n';
    return plain(503, std::move(body));
}

http_answer answer_metrics(std::string text)
{
    return {
        .status = 200,
        .headers = {{"Content-Type", std::string{open_metrics_type}}, {"Cache-Control", "no-store"}},
        .body = std::move(text)};
}

} // namespace checkwatches::serve
