#pragma once

#include "engine/serve/api/api.hpp"
#include "engine/serve/http/message.hpp"
#include "engine/serve/log/change_log.hpp"
#include "engine/serve/metrics/meter_snapshot.hpp"
#include "engine/serve/metrics/meters.hpp"
#include "engine/serve/pages/pages.hpp"
#include "engine/serve/web/access.hpp"
#include "engine/serve/web/web_settings.hpp"

#include <functional>

namespace checkwatches::serve {

// All of it outlives the site.
struct site_parts {
    access& doors;
    api& programs;
    change_log& followers;
    pages& people;
    meters& counted;
    std::function<meter_snapshot()> snapshot;
    web_settings const& settings;
};

// What is served over HTTP, and to whom: the API, the pages, metrics, and whether the program is alive and
// ready. /healthz and /readyz, the login page and what pages look like by (/static) are for everybody.
class web_site final : public http_handler {
public:
    explicit web_site(site_parts parts) : parts_{std::move(parts)} {}

    awaitable<http_answer> answer(http_request rq) override;

private:
    awaitable<http_answer> answer_known(http_request rq, visitor who);
    awaitable<http_answer> log_in(http_request rq);
    http_answer log_out(http_request const& rq);

    site_parts parts_;
};

} // namespace checkwatches::serve
