// Answers as fast as one thread can, so that a client beside it is what is measured: /small is one bug,
// /large a hundred, both as Bugzilla's REST has them, and /large.xml a hundred as its XML-RPC has them; to
// GET, and always the same. Over TCP and TLS, on ports of 127.0.0.1 that the system picks.
//
//   checkwatches-responder --ports 200        prints {"plain":[…],"tls":[…],"tls_full":[…],"ca":"FILE"}
//
// On the ports "tls" a session can be resumed, on "tls_full" each handshake is a full one; "ca" verifies
// both. Ends with its standard input.
#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <deque>
#include <memory>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdexcept>
#include <string>
#include <string_view>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>
#include <vector>

#include "answers.hpp"
#include "tls_server.hpp"

namespace {

using steady = std::chrono::steady_clock;

std::string answer(std::string_view type, std::string const& body)
{
    return fmt::format(
        "HTTP/1.1 200 OK\r\nServer: responder\r\nDate: Fri, 20 Nov 2026 10:00:00 GMT\r\n"
        "Content-Type: {}; charset=UTF-8\r\nContent-Length: {}\r\n\r\n{}",
        type,
        body.size(),
        body);
}

// The whole answer to what a request asks for.
std::string_view answer_to(std::string_view request)
{
    static auto const small = answer("application/json", one_bug_in_json());
    static auto const large = answer("application/json", hundred_bugs_in_json());
    static auto const xml = answer("text/xml", hundred_bugs_in_xml());
    static std::string const none = "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n";
    if (request.starts_with("GET /small "))
        return small;
    if (request.starts_with("GET /large "))
        return large;
    return request.starts_with("GET /large.xml ") ? xml : none;
}

class server;

// Something that the poll has an event of.
struct source {
    virtual ~source() = default;
    virtual void ready(server& at) = 0;
};

struct client final : source {
    client(int descriptor, SSL_CTX* tls) : socket{descriptor}, over{tls ? SSL_new(tls) : nullptr}
    {
        if (over)
            SSL_set_fd(over, socket);
        if (over)
            SSL_set_accept_state(over);
    }
    ~client() override
    {
        SSL_free(over);
        ::close(socket);
    }

    void ready(server& at) override;
    void answer(server& at);

    int socket;
    SSL* over;
    std::string request{};
    std::string_view left{};     // of the answer, to be written
    bool waits_to_write = false; // as the poll knows it
    bool delayed = false;        // its answer waits in the server's line
    bool gone = false;

private:
    // How much was moved; 0: nothing can be moved now; -1: the connection has ended.
    long read(char* into, std::size_t size);
    long write(std::string_view from);
    long judge(long moved) const;
};

struct listener final : source {
    listener(int descriptor, SSL_CTX* context) : socket{descriptor}, tls{context} {}
    ~listener() override { ::close(socket); }
    void ready(server& at) override;

    int socket;
    SSL_CTX* tls;
};

class server {
public:
    explicit server(std::chrono::milliseconds delay) : delay_{delay}, poll_{::epoll_create1(EPOLL_CLOEXEC)} {}

    std::vector<std::uint16_t> listen(unsigned ports, SSL_CTX* tls)
    {
        std::vector<std::uint16_t> out;
        for (unsigned i = 0; i != ports; ++i)
            out.push_back(listen(tls));
        return out;
    }

    void watch(int descriptor, source* of, std::uint32_t events, int how)
    {
        epoll_event wanted{.events = events, .data = {.ptr = of}};
        ::epoll_ctl(poll_, how, descriptor, &wanted);
    }

    // The answer goes out now, or when its delay is over.
    void respond(client& to)
    {
        if (delay_ == std::chrono::milliseconds::zero())
            return to.answer(*this);
        to.delayed = true;
        due_.emplace_back(steady::now() + delay_, &to);
    }

    void drop(client& one)
    {
        one.gone = true;
        ::epoll_ctl(poll_, EPOLL_CTL_DEL, one.socket, nullptr);
        if (!one.delayed)
            gone_.emplace_back(&one);
    }

    // Until the standard input ends.
    void run()
    {
        watch(STDIN_FILENO, nullptr, EPOLLIN, EPOLL_CTL_ADD);
        std::array<epoll_event, 256> events{};
        for (;;) {
            auto const n = ::epoll_wait(poll_, events.data(), static_cast<int>(events.size()), wait_ms());
            for (int i = 0; i < n; ++i) {
                auto* const of = static_cast<source*>(events[static_cast<std::size_t>(i)].data.ptr);
                if (!of && stdin_ended())
                    return;
                if (of)
                    of->ready(*this);
            }
            send_due();
            gone_.clear();
        }
    }

private:
    std::uint16_t listen(SSL_CTX* tls)
    {
        sockaddr_in at{};
        at.sin_family = AF_INET;
        at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof at;
        int const s = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
        bool const listens = s >= 0 && ::bind(s, reinterpret_cast<sockaddr*>(&at), size) == 0
                             && ::listen(s, SOMAXCONN) == 0
                             && ::getsockname(s, reinterpret_cast<sockaddr*>(&at), &size) == 0;
        if (!listens)
            throw std::runtime_error{"cannot listen"};
        listeners_.push_back(std::make_unique<listener>(s, tls));
        watch(s, listeners_.back().get(), EPOLLIN, EPOLL_CTL_ADD);
        return ntohs(at.sin_port);
    }

    static bool stdin_ended()
    {
        char byte{};
        return ::read(STDIN_FILENO, &byte, 1) <= 0;
    }

    int wait_ms() const
    {
        if (due_.empty())
            return -1;
        auto const left = std::chrono::ceil<std::chrono::milliseconds>(due_.front().first - steady::now());
        return static_cast<int>(std::max<std::int64_t>(left.count(), 0));
    }

    void send_due()
    {
        while (!due_.empty() && due_.front().first <= steady::now()) {
            auto& to = *due_.front().second;
            due_.pop_front();
            to.delayed = false;
            if (to.gone)
                gone_.emplace_back(&to);
            else
                to.answer(*this);
        }
    }

    std::chrono::milliseconds delay_;
    int poll_;
    std::vector<std::unique_ptr<listener>> listeners_;
    std::deque<std::pair<steady::time_point, client*>> due_; // one delay for all: in order
    std::vector<std::unique_ptr<client>> gone_;              // events of the same round may still name them
};

void listener::ready(server& at)
{
    int const on = 1;
    for (int s = 0; (s = ::accept4(socket, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0;) {
        ::setsockopt(s, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        at.watch(s, new client{s, tls}, EPOLLIN, EPOLL_CTL_ADD); // it drops itself
    }
}

long client::judge(long moved) const
{
    if (moved > 0)
        return moved;
    if (!over)
        return moved < 0 && errno == EAGAIN ? 0 : -1;
    auto const why = SSL_get_error(over, static_cast<int>(moved));
    return why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE ? 0 : -1;
}

long client::read(char* into, std::size_t size)
{
    ERR_clear_error();
    return judge(over ? SSL_read(over, into, static_cast<int>(size)) : ::read(socket, into, size));
}

long client::write(std::string_view from)
{
    ERR_clear_error();
    return judge(
        over ? SSL_write(over, from.data(), static_cast<int>(from.size()))
             : ::send(socket, from.data(), from.size(), MSG_NOSIGNAL));
}

void client::ready(server& at)
{
    if (gone)
        return;
    if (waits_to_write)
        return answer(at);
    std::array<char, 4096> buffer;
    auto const n = read(buffer.data(), buffer.size());
    if (n < 0)
        return at.drop(*this);
    request.append(buffer.data(), static_cast<std::size_t>(n));
    if (!request.ends_with("\r\n\r\n"))
        return;
    left = answer_to(request);
    request.clear();
    at.respond(*this);
}

void client::answer(server& at)
{
    while (!left.empty()) {
        auto const n = write(left);
        if (n < 0)
            return at.drop(*this);
        if (n == 0)
            break;
        left.remove_prefix(static_cast<std::size_t>(n));
    }
    if (waits_to_write != !left.empty()) {
        waits_to_write = !left.empty();
        at.watch(socket, this, waits_to_write ? EPOLLOUT : EPOLLIN, EPOLL_CTL_MOD);
    }
}

} // namespace

int main(int argc, char** argv)
{
    unsigned ports = 1;
    unsigned delay_ms = 0;
    CLI::App options{"Answers as fast as one thread can"};
    options.add_option("--ports", ports, "of each sort")->check(CLI::Range(1, 10'000));
    options.add_option("--delay", delay_ms, "how many ms each answer takes")->check(CLI::Range(0, 60'000));
    CLI11_PARSE(options, argc, argv);

    std::signal(SIGPIPE, SIG_IGN); // OpenSSL's writes
    rlimit files{};
    ::getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &files);

    tls_server const tls;
    server all{std::chrono::milliseconds{delay_ms}};
    fmt::print(
        "{{\"plain\":[{}],\"tls\":[{}],\"tls_full\":[{}],\"ca\":\"{}\"}}\n",
        fmt::join(all.listen(ports, nullptr), ","),
        fmt::join(all.listen(ports, tls.context(true)), ","),
        fmt::join(all.listen(ports, tls.context(false)), ","),
        tls.ca_file());
    std::fflush(stdout);
    all.run();
    return 0;
}
