#pragma once

#include "bench/mock/bugs.hpp"
#include "bench/mock/http.hpp"
#include "bench/mock/options.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace checkwatches::mock {

// Seconds since 1970 by a clock that is so far ahead of ours.
std::int64_t seconds_by(std::chrono::milliseconds ahead);

// What a site works with; all of it outlives the site.
struct site_ground {
    tracker_options const& options;
    bug_store& bugs;
    std::string origin; // "http://127.0.0.1:4711"

    // What was set for this tracker, or `otherwise`.
    std::string_view option(std::string_view key, std::string_view otherwise) const
    {
        return options.option(key, otherwise);
    }
    // Seconds since 1970 by the tracker's clock.
    std::int64_t now() const { return seconds_by(options.clock); }
};

// The pages and protocols of one kind of tracker. Answers at once: latency and faults are the connection's.
class site {
public:
    virtual ~site() = default;

    // An answer to HEAD, and 304, have no body.
    answer serve(request const& rq);

private:
    virtual answer answer_to(request const& rq) = 0;
};

// By the options' kind.
std::unique_ptr<site> make_site(site_ground ground);

} // namespace checkwatches::mock
