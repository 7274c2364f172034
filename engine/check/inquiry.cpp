#include "engine/check/inquiry.hpp"

#include <boost/asio/this_coro.hpp>

#include <algorithm>

namespace checkwatches::check {

inquiry_part::inquiry_part(
    inquiry& of, storage::tracker const& at, std::vector<std::uint32_t> numbers, std::size_t requests)
    : of_{of},
      numbers_{std::move(numbers)},
      got_(numbers_.size()),
      left_{numbers_.size()},
      requests_before_{requests}
{
    std::ranges::sort(numbers_);
    tally_.tracker = at.name;
    tally_.kind = at.kind;
    tally_.base_url = at.base_url;
    tally_.due = numbers_.size();
}

void inquiry_part::settled(std::span<storage::settled_bug const> bugs, std::size_t requests)
{
    std::size_t counted = 0;
    for (auto const& bug : bugs) {
        auto const place = place_of(storage::number_of(bug.after.id));
        if (place == nowhere)
            continue;
        got_[place] = true;
        next_ = place + 1;
        --left_;
        ++counted;
        tally_.count(bug);
    }
    if (counted == 0)
        return;
    tally_.requests = requests - requests_before_;
    tally_.elapsed = of_.elapsed();
    of_.on_batch(*this);
}

std::size_t inquiry_part::place_of(std::uint32_t number) const
{
    auto place = next_;
    if (place >= numbers_.size() || numbers_[place] != number)
        place = static_cast<std::size_t>(std::ranges::lower_bound(numbers_, number) - numbers_.begin());
    bool const is_there = place != numbers_.size() && numbers_[place] == number;
    return is_there && !got_[place] ? place : nowhere;
}

void inquiry_part::ended(
    std::optional<error> const& trouble, std::optional<web_url> const& moved_to, std::size_t requests)
{
    unlink();
    tally_.trouble = trouble;
    tally_.moved_to = moved_to;
    tally_.requests = requests - requests_before_;
    tally_.elapsed = of_.elapsed();
    of_.on_ended(*this);
}

inquiry_part&
inquiry::add_part(storage::tracker const& at, std::vector<std::uint32_t> numbers, std::size_t requests)
{
    ++open_;
    return parts_.emplace_back(*this, at, std::move(numbers), requests);
}

void inquiry::begin()
{
    std::size_t bugs = 0;
    for (auto const& part : parts_)
        bugs += part.tally().due;
    told_.on_plan(parts_.size(), bugs);
}

awaitable<pass_result> inquiry::wait()
{
    if (open_ != 0) {
        net::waiter me{co_await asio::this_coro::executor};
        co_await done_.wait(me);
    }
    pass_result out{.elapsed = elapsed()};
    out.trackers.reserve(parts_.size());
    for (auto const& part : parts_)
        out.trackers.push_back(part.tally());
    co_return out;
}

void inquiry::on_ended(inquiry_part const& part)
{
    told_.on_tracker(part.tally());
    if (--open_ == 0)
        done_.call_all();
}

} // namespace checkwatches::check
