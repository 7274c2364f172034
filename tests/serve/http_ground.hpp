#pragma once

#include "engine/core/join.hpp"
#include "engine/serve/http/http_server.hpp"
#include "engine/serve/http/problem.hpp"
#include "tests/support/loopback_server.hpp"
#include "tests/support/print.hpp"
#include "tests/support/run.hpp"

#include <boost/asio/connect.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>

#include <catch2/catch.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace checkwatches::serve::test {

// Answers from a function, and keeps what was asked.
class canned_handler final : public http_handler {
public:
    awaitable<http_answer> answer(http_request rq) override
    {
        asked.push_back(rq);
        co_return co_await to(std::move(rq));
    }

    // "GET /path" as it is.
    static awaitable<http_answer> echo(http_request rq)
    {
        http_answer out;
        out.headers.emplace_back("Content-Type", "text/plain");
        out.body = rq.method + " " + rq.path + " " + rq.body;
        co_return out;
    }

    std::function<awaitable<http_answer>(http_request)> to = echo;
    std::vector<http_request> asked;
};

class keeping_logger final : public logger {
public:
    void write(log_level, std::string_view event, std::initializer_list<log_field> fields) override
    {
        std::string line{event};
        for (auto const& field : fields)
            line.append(" ").append(field.key).append("=").append(field.value);
        lines.push_back(line);
    }
    std::vector<std::string> lines;
};

// The client's end of a connection.
class http_client_end {
public:
    explicit http_client_end(asio::ip::tcp::socket s) : socket{std::move(s)} {}

    awaitable<void> say(std::string text)
    {
        co_await asio::async_write(socket, asio::buffer(text), use_tuple);
    }
    // One answer, header and body; empty where the connection ended before its end.
    awaitable<std::string> hear(bool is_head = false)
    {
        auto const [ec, head] = co_await asio::async_read_until(
            socket, asio::dynamic_buffer(buffer), "\r\n\r\n", use_tuple);
        if (ec)
            co_return std::string{};
        auto const length = buffer.find("Content-Length: ");
        auto size = head;
        if (length < head && !is_head)
            size += std::stoul(buffer.substr(length + 16));
        while (buffer.size() < size) {
            char more[4096];
            auto const [failed, n] = co_await socket.async_read_some(asio::buffer(more), use_tuple);
            if (failed)
                co_return std::string{};
            buffer.append(more, n);
        }
        auto out = buffer.substr(0, size);
        buffer.erase(0, size);
        co_return out;
    }
    // All that comes until the server ends the connection.
    awaitable<std::string> hear_out()
    {
        co_await asio::async_read(socket, asio::dynamic_buffer(buffer), use_tuple);
        co_return std::move(buffer);
    }
    void end() { socket.shutdown(asio::ip::tcp::socket::shutdown_send); }

    asio::ip::tcp::socket socket;
    std::string buffer;
};

struct http_ground {
    explicit http_ground(http_settings settings = {})
    {
        settings.listen = {"127.0.0.1:0"};
        server = std::make_unique<http_server>(loop.get_executor(), settings, handler, log);
        REQUIRE(server->listen());
        address = server->addresses().front();
    }

    // Runs `test` beside the server, then stops the server and waits for it.
    void run(awaitable<void> test)
    {
        auto both = [](http_ground& g, awaitable<void> part) -> awaitable<bool> {
            std::vector<awaitable<void>> all;
            all.push_back(g.server->run());
            all.push_back(g.then_stop(std::move(part)));
            co_await join(std::move(all));
            co_return true;
        };
        CHECK(checkwatches::test::run(loop, both(*this, std::move(test))));
        CHECK(server->connections() == 0);
        CHECK(server->streams() == 0);
    }

    awaitable<void> then_stop(awaitable<void> part)
    {
        std::exception_ptr failure;
        try {
            co_await std::move(part);
        }
        catch (...) {
            failure = std::current_exception();
        }
        server->stop();
        if (failure)
            std::rethrow_exception(failure);
    }

    http_client_end connect()
    {
        asio::ip::tcp::socket out{loop};
        auto const colon = address.rfind(':');
        auto const port = static_cast<std::uint16_t>(std::stoul(address.substr(colon + 1)));
        out.connect({asio::ip::make_address(address.substr(0, colon)), port});
        return http_client_end{std::move(out)};
    }

    // "GET /path HTTP/1.1" with Host, and with these lines ("Name: value\r\n").
    std::string get(std::string_view path, std::string_view lines = "") const
    {
        return request("GET", path, lines);
    }
    std::string request(std::string_view method, std::string_view path, std::string_view lines = "") const
    {
        return std::string{method}
            .append(" ")
            .append(path)
            .append(" HTTP/1.1\r\nHost: ")
            .append(address)
            .append("\r\n")
            .append(lines)
            .append("\r\n");
    }

    // What the server says to these bytes, to its end.
    awaitable<std::string> ask(std::string bytes, bool then_end = false)
    {
        auto client = connect();
        co_await client.say(std::move(bytes));
        if (then_end)
            client.end();
        co_return co_await client.hear_out();
    }

    asio::io_context loop{1};
    canned_handler handler;
    keeping_logger log;
    std::unique_ptr<http_server> server;
    std::string address;
};

// "200", or empty where it is no answer.
inline std::string status_of(std::string_view answer)
{
    return std::string{answer.starts_with("HTTP/1.1 ") ? answer.substr(9, 3) : ""};
}

inline std::string body_of(std::string_view answer)
{
    auto const end = answer.find("\r\n\r\n");
    return std::string{end == std::string_view::npos ? "" : answer.substr(end + 4)};
}

inline bool has_line(std::string_view answer, std::string_view line)
{
    auto const head = answer.substr(0, answer.find("\r\n\r\n") + 2);
    return head.find("\r\n" + std::string{line} + "\r\n") != std::string_view::npos;
}

} // namespace checkwatches::serve::test
