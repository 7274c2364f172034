#pragma once

#include "adapters/adapter.hpp"
#include "bench/mock/bugs.hpp"
#include "bench/mock/options.hpp"
#include "bench/mock/site.hpp"
#include "engine/net/client.hpp"
#include "engine/remote/bound_remote.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <deque>
#include <exception>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

// Drives a coroutine that waits for nothing but others.
template <class T>
T run_at_once(checkwatches::awaitable<T> op)
{
    checkwatches::asio::io_context loop{1};
    std::exception_ptr failed;
    std::optional<T> out;
    checkwatches::asio::co_spawn(loop, std::move(op), [&](std::exception_ptr e, T got) {
        failed = e;
        out.emplace(std::move(got));
    });
    loop.run();
    if (failed)
        std::rethrow_exception(failed);
    return std::move(*out);
}

// The pages of a mock tracker without sockets.
class site_client final : public checkwatches::net::client {
public:
    // As mock::parse_tracker() reads it.
    explicit site_client(std::string_view spec);

    checkwatches::awaitable<checkwatches::result<checkwatches::net::response>>
    send(checkwatches::net::request const& rq, checkwatches::net::cookie_jar& session) override;

    // What binds us to the tracker, whose bugs' addresses are below `base`; with a login, where it wants one.
    checkwatches::remote_binding binding(checkwatches::web_url base, bool logs_in) const;

    static constexpr std::string_view origin = "http://127.0.0.1:4711";

private:
    checkwatches::mock::tracker_options options_;
    checkwatches::mock::bug_store bugs_;
    std::unique_ptr<checkwatches::mock::site> site_;
};

// Keeps what is answered.
class recording_remote final : public checkwatches::adapters::remote {
public:
    explicit recording_remote(checkwatches::adapters::remote& over) : over_{over} {}

    checkwatches::web_url const& base() const noexcept override { return over_.base(); }
    std::optional<checkwatches::web_url> const& api() const noexcept override { return over_.api(); }
    bool has_credential() const noexcept override { return over_.has_credential(); }
    bool has_user() const noexcept override { return over_.has_user(); }
    checkwatches::awaitable<checkwatches::result<checkwatches::adapters::reply>>
    ask(checkwatches::adapters::request rq) override;

    std::deque<checkwatches::adapters::reply> answers{};

private:
    checkwatches::adapters::remote& over_;
};

// Gives these answers, one after the other.
class replaying_remote final : public checkwatches::adapters::remote {
public:
    replaying_remote(
        checkwatches::adapters::remote const& like, std::deque<checkwatches::adapters::reply> answers)
        : like_{like},
          answers_{std::move(answers)}
    {}

    checkwatches::web_url const& base() const noexcept override { return like_.base(); }
    std::optional<checkwatches::web_url> const& api() const noexcept override { return like_.api(); }
    bool has_credential() const noexcept override { return like_.has_credential(); }
    bool has_user() const noexcept override { return like_.has_user(); }
    checkwatches::awaitable<checkwatches::result<checkwatches::adapters::reply>>
    ask(checkwatches::adapters::request rq) override;

private:
    checkwatches::adapters::remote const& like_;
    std::deque<checkwatches::adapters::reply> answers_;
};
