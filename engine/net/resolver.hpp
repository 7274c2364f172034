#pragma once

#include "engine/core/async.hpp"
#include "engine/core/error.hpp"
#include "engine/net/deadline.hpp"
#include "engine/net/line.hpp"
#include "engine/net/question_pace.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/ip/address.hpp>

#include <cstddef>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

struct ares_channeldata;
struct ares_addrinfo;

namespace checkwatches::net {

using address_list = std::vector<asio::ip::address>;

// The addresses with the families by turns, version 6 first (RFC 8305 §4).
address_list interleaved(address_list const& found);

// Looks names up with c-ares on the loop: many at a time, each name once however many ask, and answers are
// kept for their time to live (30 s to 10 min; that a name does not exist: 30 s; that the servers failed: 5
// s). Name servers that refuse, or lose, questions among many are asked fewer at a time.
class resolver {
public:
    // `servers` ("127.0.0.1:5300") in place of resolv.conf, where not empty. Throws std::runtime_error where
    // c-ares cannot be set up.
    resolver(asio::any_io_executor const& executor, watchdog& dog, std::string const& servers);
    ~resolver();
    resolver(resolver const&) = delete;
    resolver& operator=(resolver const&) = delete;

    // At least one address. Address literals and localhost are answered at once. Errors: connect_failed with
    // the reason, timeout (the look-up goes on for others).
    awaitable<result<address_list>> resolve(std::string host, std::chrono::milliseconds within);

private:
    struct lookup;
    struct watched;

    lookup& look_up(std::string const& host, steady_time now);
    void pump();
    void ask(lookup& l);
    void finish(lookup& l, int status, ares_addrinfo const* found);
    void watch(int descriptor, bool read, bool write);
    void wait(std::shared_ptr<watched> const& on, bool read);
    void process(int readable, int writable);
    void await_retry();
    void retry();
    void purge(steady_time now);

    asio::any_io_executor executor_;
    ares_channeldata* channel_ = nullptr;
    std::map<std::string, std::unique_ptr<lookup>> lookups_;
    std::deque<lookup*> queue_; // asked for, and not yet sent
    question_pace pace_;
    bool pumping_ = false;
    // Shared with the handlers of waits that may outlive the socket.
    std::map<int, std::shared_ptr<watched>> sockets_;
    deadline retry_;
    deadline pause_;
};

} // namespace checkwatches::net
