#pragma once

#include "engine/serve/http/message.hpp"

#include <boost/asio/ip/address.hpp>

#include <string>
#include <vector>

namespace checkwatches::serve {

// Who a request is from.
struct request_origin {
    std::string peer{};
    bool is_secure = false;
};

// What a proxy says of the client (the last address of X-Forwarded-For, which is the one that it wrote
// itself, and X-Forwarded-Proto) where `peer` is one of `trusted`; otherwise the peer itself, over plain
// HTTP.
request_origin origin_of(
    boost::asio::ip::address const& peer,
    http_fields const& headers,
    std::vector<boost::asio::ip::address> const& trusted);

} // namespace checkwatches::serve
