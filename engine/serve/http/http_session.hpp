#pragma once

#include "engine/core/log.hpp"
#include "engine/net/deadline.hpp"
#include "engine/serve/http/forwarded.hpp"
#include "engine/serve/http/hosts.hpp"
#include "engine/serve/http/http_settings.hpp"
#include "engine/serve/http/message.hpp"
#include "engine/serve/http/reply.hpp"
#include "engine/serve/http/request_parser.hpp"

#include <boost/asio/ip/tcp.hpp>

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace checkwatches::serve {

// What all connections of one server share.
struct session_ground {
    http_settings const& settings;
    known_hosts const& hosts;
    std::vector<asio::ip::address> const& proxies;
    net::watchdog& dog;
    http_handler& handler;
    logger& log;
    std::size_t streams = 0;
    bool is_stopping = false;
    // What came in one read; emptied before anybody waits.
    std::array<char, 16 * 1024> buffer{};
};

// One connection: its requests one after the other, each answered before the next is read. While it is idle
// it holds no buffer and no parser.
class http_session final : public http_stream {
public:
    using socket = asio::ip::tcp::socket;

    // The ground outlives the session.
    http_session(socket s, session_ground& ground);
    http_session(http_session const&) = delete;
    http_session& operator=(http_session const&) = delete;

    // Until the connection ends. A client that is not welcome is told once that there are too many.
    awaitable<void> run(bool is_welcome);
    // Ends it where it is idle; where not, the answer under way is the last.
    void stop();

    awaitable<bool> write(std::string_view text) override;
    bool is_closing() const noexcept override { return ground_.is_stopping; }

private:
    enum class reading { whole, refused, gone };
    struct stream_counter;

    awaitable<void> serve();
    awaitable<reading> receive();
    awaitable<bool> is_readable(std::chrono::milliseconds within);
    awaitable<bool> wait_idle();
    std::optional<std::size_t> read_some();
    reading take(request_parser& parser);
    reading refuse(unsigned status, std::string detail);
    void check_origin();

    awaitable<bool> answer();
    awaitable<std::optional<http_answer>> ask(http_request rq);
    awaitable<http_answer> ask_handler(http_request rq);
    awaitable<void> watch();
    awaitable<bool> send(http_answer what);
    awaitable<void> run_stream(std::function<awaitable<void>(http_stream&)> const& stream);
    awaitable<void> drain();
    awaitable<bool> put(std::string_view head, std::string_view body);
    awaitable<void> see_off();

    socket socket_;
    session_ground& ground_;
    net::deadline limit_;
    std::string rest_{}; // bytes behind the request that was read
    std::optional<http_request> rq_{};
    std::optional<refusal> refusal_{};
    asked_how how_{};
    bool is_idle_ = false;
};

} // namespace checkwatches::serve
