#pragma once

#include "adapters/adapter.hpp"
#include "engine/net/client.hpp"
#include "engine/remote/retry.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace checkwatches {

// What a remote is bound to.
struct remote_binding {
    web_url base{};
    std::optional<web_url> api{};
    std::optional<credential> login{};
};

// The binding for a tracker at these addresses, with the credential that belongs to the origin that is asked.
// An error of kind usage where an address is no URL (parse_api_url).
result<remote_binding> bind_to(
    std::string const& base_url,
    std::optional<std::string> const& api_url,
    std::vector<credential> const& credentials);

// What binds us to one tracker: its address, credential and cookies, over the shared client, and what was
// asked so far. Adapters can ask through it as it is, as a probe does; a look asks through a look_remote over
// it. Lives as long as the work on the tracker; the client must outlive it.
class bound_remote final : public adapters::remote {
public:
    // Is told of each request that was answered, with its status, or that failed (0), after how long. One
    // that is led elsewhere is one; one that we held back ourselves is none.
    using on_request = std::function<void(unsigned status, std::chrono::nanoseconds took)>;

    // Without `again` nothing is asked twice.
    bound_remote(
        net::client& over, remote_binding to, std::optional<retrying> again = {}, on_request tell = {})
        : over_{over},
          to_{std::move(to)},
          again_{std::move(again)},
          tell_{std::move(tell)}
    {}

    web_url const& base() const noexcept override { return to_.base; }
    std::optional<web_url> const& api() const noexcept override { return to_.api; }
    bool has_credential() const noexcept override { return to_.login.has_value(); }
    bool has_user() const noexcept override { return to_.login && !to_.login->user.empty(); }

    awaitable<result<adapters::reply>> ask(adapters::request rq) override;

    // The API is a folder on this machine: its files are read in place of requests, and the network is not
    // asked.
    bool is_local() const noexcept;

    // How many requests were asked so far, second attempts included, …
    std::size_t requests() const noexcept { return requests_; }
    // … how many of them were answered, whatever was said, …
    std::size_t answers() const noexcept { return answers_; }
    // … how many 304, …
    std::size_t not_modified() const noexcept { return not_modified_; }
    // … and the bytes of all bodies that came, content coding taken off.
    std::uint64_t bytes() const noexcept { return bytes_; }
    // Where the tracker said, by 301 or 308, that what was asked for lives for good; nothing where it did
    // not.
    std::optional<web_url> const& moved_to() const noexcept { return moved_to_; }
    // What was asked for then.
    web_url const& moved_from() const noexcept { return moved_from_; }

private:
    awaitable<result<adapters::reply>> ask_network(std::unique_ptr<net::request const> out);
    awaitable<result<adapters::reply>> ask_folder(adapters::request rq);
    // Counts it, and says it in an adapter's words.
    result<adapters::reply>
    note(result<net::response>& got, net::request const& asked, std::chrono::steady_clock::time_point began);
    template <class Answer>
    void tell(result<Answer> const& got, std::chrono::steady_clock::time_point began) const;

    net::client& over_;
    remote_binding to_;
    std::optional<retrying> again_;
    on_request tell_;
    net::cookie_jar session_;
    std::size_t requests_ = 0;
    std::size_t answers_ = 0;
    std::size_t not_modified_ = 0;
    std::uint64_t bytes_ = 0;
    std::optional<web_url> moved_to_;
    web_url moved_from_;
};

} // namespace checkwatches
