#pragma once

#include "engine/core/clock.hpp"
#include "engine/remote/bound_remote.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace checkwatches {

// What an answer said of itself, so that the same question can be asked as "anything new?" (RFC 9110 §13).
struct validator {
    std::string url{}; // as web_url::text() writes it, without credentials
    std::string etag{};
    std::string last_modified{};

    bool operator==(validator const&) const = default;
};

// One look's way to its tracker, over what binds us to the tracker: makes a conditional question of one whose
// earlier answer is known, and learns the tracker's clock. Lives as long as the look; what it is bound by and
// the clock outlive it.
class look_remote final : public adapters::remote {
public:
    // `known`: of answers that still hold for all bugs of this look.
    look_remote(bound_remote& over, clock const& time, std::vector<validator> known)
        : over_{over},
          time_{time},
          known_{std::move(known)}
    {}

    web_url const& base() const noexcept override { return over_.base(); }
    std::optional<web_url> const& api() const noexcept override { return over_.api(); }
    bool has_credential() const noexcept override { return over_.has_credential(); }
    bool has_user() const noexcept override { return over_.has_user(); }

    // A 304 to a question that was not conditional is protocol_error: nothing is known that it could confirm.
    awaitable<result<adapters::reply>> ask(adapters::request rq) override;

    // The tracker's clock when the look began: when its first answer was written (its Date) less the time
    // that answer took, so that nothing that was read can be older. Nothing where no answer told.
    std::optional<utc_time> server_time() const noexcept { return server_time_; }
    // How far the tracker's clock is ahead of ours, to the second.
    std::optional<std::chrono::milliseconds> skew() const noexcept { return skew_; }
    // Of the complete answers to conditional requests, and to those that were asked again after a 304.
    std::vector<validator> const& validators() const noexcept { return learnt_; }

private:
    struct question {
        std::string url{};
        bool conditional = false;
        bool has_earlier = false; // an answer that a 304 confirms
        clock::duration began{};
    };

    awaitable<result<adapters::reply>> heed(awaitable<result<adapters::reply>> coming, question asked);
    validator const* known_for(std::string const& url) const;
    void note_validator(adapters::reply const& answer, std::string asked);
    void note_clock(adapters::reply const& answer, clock::duration took);

    bound_remote& over_;
    clock const& time_;
    std::vector<validator> known_;
    std::vector<validator> learnt_;
    std::vector<std::string> unchanged_; // addresses that were answered 304
    std::optional<utc_time> server_time_;
    std::optional<std::chrono::milliseconds> skew_;
};

} // namespace checkwatches
