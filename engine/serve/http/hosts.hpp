#pragma once

#include <boost/asio/ip/tcp.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace checkwatches::serve {

// What a Host field says: a name in lower case, or an IP address, one of version 6 in brackets.
struct host_name {
    std::string name{};
    std::optional<std::uint16_t> port{};
};

// Nothing where it is neither "host" nor "host:port".
std::optional<host_name> read_host(std::string_view text);

// The names under which we may be asked. A page of a stranger can give its own name our address and then ask
// us in the name of whoever looks at it (DNS rebinding): its requests carry that name.
class known_hosts {
public:
    // `allowed`: "bugs.example.org", good with every port, or "bugs.example.org:8443".
    explicit known_hosts(std::vector<std::string> const& allowed);

    // Whether `asked` is allowed, or is the address `local` that the client connected to, or localhost or a
    // loopback address with its port.
    bool knows(host_name const& asked, boost::asio::ip::tcp::endpoint const& local) const;

private:
    std::vector<host_name> allowed_;
};

} // namespace checkwatches::serve
