#pragma once

#include "engine/app/config.hpp"
#include "engine/app/digest_host.hpp"
#include "engine/app/engine_host.hpp"
#include "engine/feed/courier.hpp"
#include "engine/net/http_client.hpp"

#include <memory>
#include <string>

namespace checkwatches::app {

// Everything that changes go out by, in the order of dependence: on the host's loop, with a reader and a
// network of its own.
class feed_host {
public:
    // The host and the log outlive it; it outlives what its courier runs. An error of kind storage or
    // configuration.
    static result<std::unique_ptr<feed_host>> open(engine_host& host, config const& conf, logger& log);

    // The sinks of this configuration are served from now on.
    void reload(config const& conf);
    feed::courier& courier() noexcept { return courier_; }
    digest_host& digests() noexcept { return *digests_; }

private:
    feed_host(
        engine_host& host,
        std::unique_ptr<net::http_client> network,
        std::unique_ptr<storage::background_reader> reader,
        std::unique_ptr<digest_host> digests,
        std::string store_id,
        logger& log);

    std::string
    address_of(std::string const& kind, std::string const& base_url, std::string const& remote_id) const;

    engine_host& host_;
    std::unique_ptr<net::http_client> network_;
    std::unique_ptr<storage::background_reader> reader_;
    std::string store_id_;
    std::unique_ptr<digest_host> digests_;
    feed::courier courier_;
};

} // namespace checkwatches::app
