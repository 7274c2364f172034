#pragma once

#include "engine/core/error.hpp"

#include <boost/asio/local/stream_protocol.hpp>

#include <string>
#include <utility>

namespace checkwatches::serve {

// Where the resident program over a database listens.
std::string control_path(std::string const& database);

// A socket's path in the form that the system takes. A Unix address holds 107 bytes; a longer path is given
// as /proc/self/fd/N/NAME, for which this object keeps the folder open: it must live until the socket is
// bound or connected.
class control_address {
public:
    // An error of kind storage: the folder cannot be opened, or the bare name is too long.
    static result<control_address> of(std::string const& path);

    control_address(control_address&& other) noexcept
        : folder_{std::exchange(other.folder_, -1)},
          path_{std::move(other.path_)}
    {}
    control_address& operator=(control_address&&) = delete;
    ~control_address();

    boost::asio::local::stream_protocol::endpoint endpoint() const { return {path_}; }
    // Short, and good for other calls too while this object lives.
    std::string const& path() const noexcept { return path_; }

private:
    control_address(int folder, std::string path) : folder_{folder}, path_{std::move(path)} {}

    int folder_ = -1;
    std::string path_;
};

} // namespace checkwatches::serve
