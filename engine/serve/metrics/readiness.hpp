#pragma once

#include "engine/serve/http/message.hpp"
#include "engine/serve/metrics/meter_snapshot.hpp"

#include <chrono>
#include <string>
#include <vector>

namespace checkwatches::serve {

// Why the engine is not ready, a sentence each; empty: it is. It is ready where no check is overdue by more
// than `most_overdue`, the database takes what is written, and the bugs were counted at least once. Pure.
std::vector<std::string>
reasons_not_ready(meter_snapshot const& now, std::chrono::seconds most_overdue = std::chrono::hours{2});

// What /healthz answers: that it is answered at all says that the loop runs. Pure, like the others.
http_answer answer_health(meter_snapshot const& now);
// What /readyz answers: 200, or 503 with the reasons, one a line.
http_answer
answer_ready(meter_snapshot const& now, std::chrono::seconds most_overdue = std::chrono::hours{2});
// What /metrics answers, of what scrape() wrote.
http_answer answer_metrics(std::string text);

} // namespace checkwatches::serve
