#pragma once

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace checkwatches::serve {

inline constexpr std::uint16_t usual_web_port = 8060;

// How pages and API are served.
struct web_settings {
    // None: they are not.
    std::vector<boost::asio::ip::tcp::endpoint> listen{
        {boost::asio::ip::address_v4::loopback(), usual_web_port}};
    std::vector<std::string> hosts{}; // names that browsers may use, beside the addresses and localhost
    std::vector<boost::asio::ip::address> proxies{}; // their word about who asks is taken
    bool open_reading = true; // whoever can connect may read; changing needs an operator always
    bool is_public = false;   // … also where others than this machine can connect
    std::chrono::seconds session{std::chrono::hours{12}};       // how long a login holds
    std::chrono::seconds oldest_overdue{std::chrono::hours{2}}; // ready is where no bug is overdue for longer
    std::size_t most_metric_trackers = 200; // with numbers of their own; the others are one sum

    bool operator==(web_settings const&) const = default;
};

} // namespace checkwatches::serve
