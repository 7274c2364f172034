#include "adapters/ledger.hpp"

#include <algorithm>
#include <utility>

namespace checkwatches::adapters {

ledger::ledger(std::span<std::string const> ids)
{
    entries_.reserve(ids.size());
    if (ids.size() == 1) {
        entries_.push_back({.remote_id = ids.front()});
        return;
    }
    places_.reserve(ids.size());
    for (auto const& id : ids) {
        auto const& last = entries_.emplace_back(entry{.remote_id = id});
        if (!places_.emplace(last.remote_id, entries_.size() - 1).second)
            entries_.pop_back();
    }
}

std::size_t ledger::find(std::string_view remote_id) const noexcept
{
    if (next_ < entries_.size() && entries_[next_].remote_id == remote_id)
        return next_;
    if (entries_.size() == 1)
        return entries_.front().remote_id == remote_id ? 0 : nothing;
    auto const place = places_.find(remote_id);
    return place == places_.end() ? nothing : place->second;
}

void ledger::sighted(std::string_view remote_id, sighting&& seen)
{
    settle(remote_id, std::move(seen));
}

void ledger::absent(std::string_view remote_id, outcome why, std::string detail)
{
    settle(remote_id, absence{.why = why, .detail = std::move(detail)});
}

void ledger::unmodified(std::span<std::string const> ids)
{
    for (auto const& id : ids)
        absent(id, outcome::unmodified);
}

void ledger::trouble(error e)
{
    if (!trouble_)
        trouble_ = std::move(e);
}

std::vector<std::string> ledger::open() const
{
    std::vector<std::string> out;
    out.reserve(open_count());
    for (auto const& e : entries_)
        if (e.found == nothing)
            out.push_back(e.remote_id);
    return out;
}

bool ledger::is_open(std::string_view remote_id) const
{
    auto const place = find(remote_id);
    return place != nothing && entries_[place].found == nothing;
}

template <class Answer>
void ledger::settle(std::string_view remote_id, Answer&& what)
{
    auto const place = find(remote_id);
    if (place == nothing) {
        ++strangers_;
        return;
    }
    next_ = place + 1;
    auto& e = entries_[place];
    if (e.found != nothing)
        return;
    if (found_.empty())
        found_.reserve(entries_.size()); // not before: a look holds its ledger while it waits for an answer
    e.found = found_.size();
    found_.emplace_back(e.remote_id, std::forward<Answer>(what));
}

findings ledger::close() &&
{
    if (!trouble_ && open_count() != 0)
        for (auto const& id : open())
            absent(id, outcome::not_answered);
    findings out{.trouble = std::move(trouble_)};
    if (found_in_order()) {
        out.found = std::move(found_);
        return out;
    }
    out.found.reserve(found_.size());
    for (auto const& e : entries_)
        if (e.found != nothing)
            out.found.push_back(std::move(found_[e.found]));
    return out;
}

bool ledger::found_in_order() const noexcept
{
    std::size_t next = 0;
    return std::ranges::all_of(
        entries_, [&](entry const& e) { return e.found == nothing || e.found == next++; });
}

ledger open_ledger(adapter const& kind, std::span<std::string const> ids, std::string_view why)
{
    ledger book{ids};
    for (auto const& id : ids)
        if (kind.normalise(id) != id)
            book.absent(id, outcome::invalid_id, std::string{why});
    return book;
}

} // namespace checkwatches::adapters
