#pragma once

#include "bench/mock/bugs.hpp"
#include "bench/mock/http.hpp"
#include "bench/mock/options.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

namespace checkwatches::mock {

// Seconds since 1970 by a clock that is so far ahead of ours.
std::int64_t seconds_by(std::chrono::milliseconds ahead);

// What a site works with; all of it outlives the site.
struct site_ground {
    tracker_options const& options;
    bug_store& bugs;
    std::string origin; // "http://127.0.0.1:4711"

    // Seconds since 1970 by the tracker's clock.
    std::int64_t now() const { return seconds_by(options.clock); }
};

// The pages and protocols of one kind of tracker. Answers at once: latency and faults are the connection's.
class site {
public:
    virtual ~site() = default;

    virtual answer serve(request const& rq) = 0;
};

// By the options' kind.
std::unique_ptr<site> make_site(site_ground ground);

} // namespace checkwatches::mock
