#include "adapters/ledger.hpp"

namespace checkwatches::adapters {

ledger::ledger(std::span<std::string const> ids)
{
    entries_.reserve(ids.size());
    places_.reserve(ids.size());
    found_.reserve(ids.size());
    for (auto const& id : ids) {
        if (places_.contains(id))
            continue;
        entries_.push_back({.remote_id = id});
        places_.emplace(entries_.back().remote_id, entries_.size() - 1);
    }
}

void ledger::sighted(std::string_view remote_id, sighting seen)
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
    for (auto const& e : entries_)
        if (e.found == nothing)
            out.push_back(e.remote_id);
    return out;
}

bool ledger::is_open(std::string_view remote_id) const
{
    auto const place = places_.find(remote_id);
    return place != places_.end() && entries_[place->second].found == nothing;
}

void ledger::settle(std::string_view remote_id, std::variant<sighting, absence> what)
{
    auto const place = places_.find(remote_id);
    if (place == places_.end()) {
        ++strangers_;
        return;
    }
    if (entries_[place->second].found != nothing)
        return;
    auto& e = entries_[place->second];
    e.found = found_.size();
    found_.push_back({.remote_id = e.remote_id, .what = std::move(what)});
}

findings ledger::close() &&
{
    bool const is_whole = !trouble_;
    findings out{.trouble = std::move(trouble_)};
    out.found.reserve(is_whole ? entries_.size() : found_.size());
    for (auto& e : entries_) {
        if (e.found != nothing)
            out.found.push_back(std::move(found_[e.found]));
        else if (is_whole)
            out.found.push_back(
                {.remote_id = std::move(e.remote_id), .what = absence{.why = outcome::not_answered}});
    }
    return out;
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
