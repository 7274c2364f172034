// When those who follow the log hear of a change, from the moment when the database's file shows it to
// others.
//
//   checkwatches-first-byte DATABASE PORT POLL_MS
//
// PORT is where the resident program serves. Prints the port at which it takes a webhook's posts, and follows
// the log from its end: by the event stream, by the webhook, by a poll of /json-pushes at once when the file
// shows something new, and by such a poll every POLL_MS. When its standard input ends it prints, by way, the
// milliseconds of each change. One thread does it all, so that all times are of one clock; the file is looked
// at five thousand times a second.
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <map>
#include <poll.h>
#include <stdexcept>
#include <string>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>
#include <vector>

#include "loopback.hpp"

namespace {

using namespace checkwatches::bench;
using std::chrono::steady_clock;

constexpr timespec glance{0, 200'000};
constexpr std::chrono::seconds longest_silence{30};

std::int64_t number_at(std::string_view text, std::size_t at)
{
    std::int64_t out = 0;
    std::from_chars(text.data() + at, text.data() + text.size(), out);
    return out;
}

std::string get(std::string_view path, std::uint16_t port)
{
    return fmt::format("GET {} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\n\r\n", path, port);
}

// The changes of bugs that the log has, as any other process sees it; what people did is no change of a bug.
class log_file {
public:
    explicit log_file(char const* path)
    {
        constexpr auto sql = "SELECT id FROM changes WHERE id > ? AND actor = '' ORDER BY id";
        if (::sqlite3_open_v2(path, &db_, SQLITE_OPEN_READONLY, nullptr) != SQLITE_OK
            || ::sqlite3_prepare_v2(db_, sql, -1, &behind_, nullptr) != SQLITE_OK)
            throw std::runtime_error{::sqlite3_errmsg(db_)};
    }

    std::vector<std::int64_t> behind(std::int64_t id)
    {
        std::vector<std::int64_t> out;
        ::sqlite3_bind_int64(behind_, 1, id);
        while (::sqlite3_step(behind_) == SQLITE_ROW)
            out.push_back(::sqlite3_column_int64(behind_, 0));
        ::sqlite3_reset(behind_);
        return out;
    }

private:
    sqlite3* db_ = nullptr;
    sqlite3_stmt* behind_ = nullptr;
};

// One way on which changes are told, each when its first byte has come.
struct way {
    std::string_view name{};
    std::int64_t last{}; // that was told on it
    std::map<std::int64_t, steady_clock::time_point> heard{};

    void hear(std::int64_t id)
    {
        heard.emplace(id, steady_clock::now());
        last = std::max(last, id);
    }
    void hear_up_to(std::int64_t id)
    {
        while (last < id)
            hear(last + 1);
    }
};

// Asks /json-pushes for what is behind the last, one question at a time.
class poller {
public:
    poller(std::string_view name, std::uint16_t port, std::int64_t last)
        : to{name, last},
          socket{connect_to_loopback(port)},
          port_{port}
    {}

    void ask()
    {
        if (std::exchange(is_asking_, true))
            return;
        send_all(socket, get(fmt::format("/json-pushes?version=2&startID={}", to.last), port_));
    }

    void read()
    {
        constexpr std::string_view mark = "\"lastpushid\":";
        if (!receive_some(socket, text_))
            throw std::runtime_error{"a poll was not answered"};
        if (message_size(text_) == 0)
            return;
        if (auto const at = text_.find(mark); at != text_.npos)
            to.hear_up_to(number_at(text_, at + mark.size()));
        text_.clear();
        is_asking_ = false;
    }

    way to;
    int socket;

private:
    std::uint16_t port_;
    bool is_asking_ = false;
    std::string text_{};
};

class followers {
public:
    followers(char const* database, std::uint16_t port, std::chrono::milliseconds every)
        : file_{database},
          last_{last_of(file_.behind(0))},
          every_{every},
          stream_{connect_to_loopback(port)},
          door_{listen_on_loopback()},
          at_once_{"json-pushes, asked at once", port, last_},
          now_and_then_{"json-pushes, polled", port, last_}
    {
        by_stream_.last = by_webhook_.last = last_;
        send_all(stream_, get(fmt::format("/api/v1/events?change=1&last_event_id={}", last_), port));
        fmt::print("{{\"port\":{}}}\n", port_of(door_));
        std::fflush(stdout);
    }

    void run()
    {
        auto next = steady_clock::now();
        bool is_over = false;
        while (!is_over || !has_told_all()) {
            std::array<pollfd, 6> all{
                {{is_over ? -1 : STDIN_FILENO, POLLIN, 0},
                 {stream_, POLLIN, 0},
                 {door_, POLLIN, 0},
                 {posting_, POLLIN, 0},
                 {at_once_.socket, POLLIN, 0},
                 {now_and_then_.socket, POLLIN, 0}}};
            ::ppoll(all.data(), all.size(), &glance, nullptr);
            look();
            is_over = is_over || all[0].revents != 0;
            if (all[1].revents != 0)
                read_stream();
            if (all[2].revents != 0)
                posting_ = ::accept(door_, nullptr, nullptr);
            if (all[3].revents != 0)
                read_posts();
            if (all[4].revents != 0)
                at_once_.read();
            if (all[5].revents != 0)
                now_and_then_.read();
            if (auto const now = steady_clock::now(); now >= next) {
                now_and_then_.ask();
                next = now + every_;
            }
        }
    }

    void tell() const
    {
        for (auto const* one : {&by_stream_, &by_webhook_, &at_once_.to, &now_and_then_.to}) {
            std::vector<double> ms;
            for (auto const& [id, when] : shown_)
                if (auto const at = one->heard.find(id); at != one->heard.end())
                    ms.push_back(std::chrono::duration<double, std::milli>{at->second - when}.count());
            fmt::print("{{\"way\":\"{}\",\"ms\":[{:.3f}]}}\n", one->name, fmt::join(ms, ","));
        }
    }

private:
    static std::int64_t last_of(std::vector<std::int64_t> const& ids) { return ids.empty() ? 0 : ids.back(); }

    bool has_told_all() const
    {
        auto const all = {&by_stream_, &by_webhook_, &at_once_.to, &now_and_then_.to};
        return std::ranges::all_of(all, [this](way const* one) { return one->last >= last_; });
    }

    void look()
    {
        auto const fresh = file_.behind(last_);
        auto const now = steady_clock::now();
        for (auto const id : fresh)
            shown_.emplace(last_ = id, now);
        if (!fresh.empty())
            at_once_.ask();
        if (now - looked_ > longest_silence && !has_told_all())
            throw std::runtime_error{"not everybody was told"};
        if (!fresh.empty() || has_told_all())
            looked_ = now;
    }

    void read_stream()
    {
        if (!receive_some(stream_, events_))
            throw std::runtime_error{"the event stream has ended"};
        constexpr std::string_view mark = "event: change\n", id = "id: ";
        for (std::size_t at = 0; (at = events_.find(mark, at)) != events_.npos; at += mark.size())
            by_stream_.hear(number_at(events_, events_.rfind(id, at) + id.size()));
        if (auto const end = events_.rfind("\n\n"); end != events_.npos)
            events_.erase(0, end + 2);
    }

    void read_posts()
    {
        if (!receive_some(posting_, posts_)) {
            ::close(posting_);
            posting_ = -1;
        }
        constexpr std::string_view mark = "\"change_id\":";
        while (auto const size = message_size(posts_)) {
            if (auto const at = posts_.find(mark); at < size)
                by_webhook_.hear(number_at(posts_, at + mark.size()));
            posts_.erase(0, size);
            send_all(posting_, "HTTP/1.1 204 No Content\r\n\r\n");
        }
    }

    log_file file_;
    std::int64_t last_; // that the file has shown
    std::map<std::int64_t, steady_clock::time_point> shown_{};
    steady_clock::time_point looked_ = steady_clock::now(); // when all had been told, or something was new
    std::chrono::milliseconds every_;
    int stream_, door_, posting_ = -1;
    poller at_once_, now_and_then_;
    way by_stream_{"event stream"}, by_webhook_{"webhook"};
    std::string events_{}, posts_{};
};

} // namespace

int main(int count, char** words)
try {
    if (count != 4)
        return 2;
    followers all{
        words[1],
        static_cast<std::uint16_t>(std::atol(words[2])),
        std::chrono::milliseconds{std::atol(words[3])}};
    all.run();
    all.tell();
}
catch (std::exception const& why) {
    fmt::print(stderr, "checkwatches-first-byte: {}\n", why.what());
    return 1;
}
