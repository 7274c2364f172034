#pragma once

#include "engine/core/async.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/udp.hpp>

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace checkwatches::test {

// A name server on loopback that knows what a test tells it. Declare it after the loop.
class name_server {
public:
    explicit name_server(asio::io_context& loop) : socket_{loop, {asio::ip::address_v4::loopback(), 0}}
    {
        // Whoever asks is in the same loop, so hundreds of questions may wait.
        socket_.set_option(asio::socket_base::receive_buffer_size{1 << 20});
        asio::co_spawn(loop, serve(), [](std::exception_ptr) {});
    }

    // As settings.dns_servers wants it.
    std::string address() const { return "127.0.0.1:" + std::to_string(socket_.local_endpoint().port()); }

    // A name that is not known here does not exist.
    std::map<std::string, std::vector<std::string>> known;
    // Answered with SERVFAIL.
    bool broken = false;
    // While held, questions are counted and answered only by release().
    bool held = false;
    // Of more questions than these, held at a time, each is refused.
    std::size_t most_held = 65'536;
    int refused = 0;
    // How often each name was asked for (its version 4 addresses).
    std::map<std::string, int> asked;

    void release()
    {
        held = false;
        answer_held();
    }

    // Answers what is held now, and holds on.
    void answer_held()
    {
        for (auto const& [from, query] : waiting_)
            answer(from, query);
        waiting_.clear();
    }

private:
    awaitable<void> serve()
    {
        for (;;) {
            char buffer[1500];
            asio::ip::udp::endpoint from;
            auto const n = co_await socket_.async_receive_from(asio::buffer(buffer), from, use_awaitable);
            std::string const query{buffer, n};
            if (type_of(query) == 1)
                ++asked[name_of(query)];
            if (held && waiting_.size() >= most_held)
                refuse(from, query);
            else if (held)
                waiting_.emplace_back(from, query);
            else
                answer(from, query);
        }
    }

    static std::string name_of(std::string const& query)
    {
        std::string name;
        for (std::size_t at = 12; query[at] != 0; at += static_cast<std::size_t>(query[at]) + 1) {
            if (!name.empty())
                name += '.';
            name += query.substr(at + 1, static_cast<std::size_t>(query[at]));
        }
        return name;
    }

    static int type_of(std::string const& query)
    {
        auto const end = query.find('\0', 12);
        return query[end + 2];
    }

    void refuse(asio::ip::udp::endpoint const& to, std::string const& query)
    {
        ++refused;
        auto const question = query.substr(12, query.find('\0', 12) - 12 + 5);
        auto const reply = query.substr(0, 2) + "\x81\x85" + std::string{"\0\1\0\0\0\0\0\0", 8} + question;
        boost::system::error_code ignored;
        socket_.send_to(asio::buffer(reply), to, 0, ignored);
    }

    void answer(asio::ip::udp::endpoint const& from, std::string const& query)
    {
        auto const type = type_of(query);
        auto const question = query.substr(12, query.find('\0', 12) - 12 + 5);
        auto const found = known.find(name_of(query));
        std::string records;
        char count = 0;
        if (found != known.end())
            for (auto const& text : found->second) {
                auto const a = asio::ip::make_address(text);
                if (a.is_v6() != (type == 28))
                    continue;
                ++count;
                records += std::string{"\xc0\x0c\0", 3} + static_cast<char>(type)
                           + std::string{"\0\1\0\0\0\x3c\0", 7};
                auto const append = [&](auto const& bytes) {
                    records += static_cast<char>(bytes.size());
                    records.append(reinterpret_cast<char const*>(bytes.data()), bytes.size());
                };
                if (a.is_v6())
                    append(a.to_v6().to_bytes());
                else
                    append(a.to_v4().to_bytes());
            }
        char const code = broken ? '\x82' : found == known.end() ? '\x83' : '\x80';
        std::string reply = query.substr(0, 2) + '\x81' + code + std::string{"\0\1\0", 3} + count
                            + std::string{"\0\0\0\0", 4} + question + records;
        boost::system::error_code ignored;
        socket_.send_to(asio::buffer(reply), from, 0, ignored);
    }

    asio::ip::udp::socket socket_;
    std::vector<std::pair<asio::ip::udp::endpoint, std::string>> waiting_;
};

} // namespace checkwatches::test
