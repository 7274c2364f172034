#pragma once

#include "engine/core/url.hpp"

#include <memory>
#include <span>
#include <string>

// TLS connections as Asio makes them: a GET over each, and then kept.
class asio_connections {
public:
    explicit asio_connections(std::string const& ca);
    ~asio_connections();

    void open(std::span<checkwatches::web_url const> to);
    std::size_t count() const;

private:
    struct impl;
    std::unique_ptr<impl> impl_;
};
