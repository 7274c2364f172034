#pragma once

#include "bench/mock/farm.hpp"
#include "bench/mock/http.hpp"

#include <boost/asio/ip/tcp.hpp>

#include <functional>
#include <string>

namespace checkwatches::mock {

// What a command to the farm answers: JSON, or a 4xx with {"error":…}.
//   POST /step?tracker=NAME&count=K      (every tracker where none is named)  {"changed":[id,…]}
//   POST /change?tracker=NAME&id=N&status=…&resolution=…&priority=…&severity=…&duplicate_of=…&task=…
//   POST /fault?tracker=NAME&fault=…&after=…&lasts=…      (every tracker where none is named)
//   POST /clock?tracker=NAME&ahead=MS    (every tracker where none is named; MS may be negative)
//   GET  /ledger?tracker=NAME
//   GET  /requests                       one object a line and tracker
//   GET  /trackers                       one object a line and tracker
// /stop is the caller's.
answer command(farm& all, request const& rq);

// The farm's control port on 127.0.0.1; POST /stop calls `stop`. Lives as long as its loop runs.
class control {
public:
    control(asio::any_io_executor executor, farm& all, std::function<void()> stop);

    std::string url() const;
    void close();

private:
    awaitable<void> accept_all();
    awaitable<void> converse(asio::ip::tcp::socket socket);

    farm& farm_;
    std::function<void()> stop_;
    asio::ip::tcp::acceptor acceptor_;
};

} // namespace checkwatches::mock
