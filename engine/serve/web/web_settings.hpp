#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

namespace checkwatches::serve {

// What the configuration says of pages and API ("[web]").
struct web_settings {
    std::vector<std::string> listen{"127.0.0.1:8060"}; // addresses with ports; none: nobody is served
    std::vector<std::string> hosts{};                  // names that browsers may use, beside the addresses'
    std::vector<std::string> proxies{};                // addresses whose forwarding headers are believed
    bool open_reading = true;                          // reading needs no token
    std::chrono::seconds session{std::chrono::hours{12}};
    std::chrono::seconds oldest_overdue{std::chrono::hours{2}}; // more than that is not ready
    std::size_t metrics_trackers = 200;                         // that have numbers of their own

    bool operator==(web_settings const&) const = default;
};

} // namespace checkwatches::serve
