#pragma once

#include <chrono>
#include <cstddef>

namespace checkwatches::net {

// How many names a name server is asked for at a time (two questions each). Arithmetic over given times.
//
// All at once they would overflow the server's socket, and each lost one costs a retry of seconds: some go
// out together, and then so many each millisecond. Of those in flight many are allowed until a server could
// not cope, since a common one refuses more than 150 questions at a time; then few, and one more for each
// answer.
class question_pace {
public:
    using time = std::chrono::steady_clock::time_point;

    static constexpr std::size_t most_in_flight = 1024;
    static constexpr std::size_t few_in_flight = 64;
    static constexpr std::size_t most_at_once = 64;
    static constexpr std::size_t per_millisecond = 12;
    static constexpr std::chrono::milliseconds pause{2};

    explicit question_pace(time now) : counted_{now} {}

    // Counts what time has added; whether one more name may be asked for now.
    bool may_ask(time now);
    // Where not: whether it may after a pause, without any answer.
    bool opens_soon() const noexcept { return in_flight_ < window_; }

    // A name goes out: whether among many others.
    bool ask() noexcept;
    void answered() noexcept;
    // A name that was asked for among many others was refused or lost.
    void refused() noexcept;
    // A question was not answered in time; it is still in flight.
    void timed_out() noexcept { window_ = few_in_flight; }

private:
    std::size_t in_flight_ = 0;
    std::size_t window_ = most_in_flight;
    std::size_t at_once_ = most_at_once; // may go out now …
    time counted_;                       // … as of then
};

} // namespace checkwatches::net
