#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace checkwatches::mock {

// What came over a socket in answer to one request, and how it ended.
struct raw_reply {
    unsigned status = 0; // 0: no HTTP
    std::string head{};
    std::string body{}; // without the framing of chunks
    std::string wire{}; // as it came
    bool complete = false;
    bool closed = false;  // the other side ended the connection properly
    bool reset = false;   // … or with a reset
    bool waiting = false; // nothing came any more

    // "" where there is none.
    std::string header(std::string_view name) const;
};

// A blocking socket to "http://127.0.0.1:PORT/…" that knows just enough HTTP to find an answer's end.
class raw_client {
public:
    explicit raw_client(std::string_view url);
    ~raw_client();
    raw_client(raw_client const&) = delete;
    raw_client& operator=(raw_client const&) = delete;

    bool connected() const noexcept { return connected_; }
    // Reads at most `limit` bytes; gives up when nothing comes for `patience` milliseconds.
    raw_reply
    ask(std::string_view request_text, int patience = 60'000, std::size_t limit = std::size_t{1} << 27U);
    raw_reply get(std::string_view target, std::string_view headers = {}, int patience = 60'000);

private:
    int socket_;
    bool connected_;
};

// One request on a connection of its own.
raw_reply get(std::string_view url, std::string_view target, std::string_view headers = {});
raw_reply post(std::string_view url, std::string_view target, std::string_view body = {});

} // namespace checkwatches::mock
