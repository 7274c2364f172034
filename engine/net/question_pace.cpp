#include "engine/net/question_pace.hpp"

#include <algorithm>

namespace checkwatches::net {

bool question_pace::may_ask(time now)
{
    auto const gone = std::chrono::floor<std::chrono::milliseconds>(now - counted_);
    counted_ += gone;
    auto const more = static_cast<std::size_t>(gone.count()) * per_millisecond;
    at_once_ = std::min(at_once_ + more, most_at_once);
    return at_once_ != 0 && in_flight_ < window_;
}

bool question_pace::ask() noexcept
{
    --at_once_;
    return in_flight_++ >= few_in_flight;
}

void question_pace::answered() noexcept
{
    --in_flight_;
    window_ = std::min(window_ + 1, most_in_flight);
}

void question_pace::refused() noexcept
{
    --in_flight_;
    window_ = few_in_flight;
}

} // namespace checkwatches::net
