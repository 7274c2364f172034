#pragma once

#include "engine/app/config.hpp"
#include "engine/net/http_client.hpp"

#include <memory>

namespace checkwatches::app {

// The client that the configuration describes, with the environment's proxies. An error of kind
// configuration: a proxy variable or the trust store is unusable.
result<std::unique_ptr<net::http_client>> make_client(asio::any_io_executor executor, config const& conf);

} // namespace checkwatches::app
