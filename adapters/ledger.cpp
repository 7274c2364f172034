#include "adapters/ledger.hpp"

namespace checkwatches::adapters {

ledger::ledger(std::span<std::string const> ids)
{
    entries_.reserve(ids.size());
    places_.reserve(ids.size());
    for (auto const& id : ids) {
        if (places_.contains(id))
            continue;
        entries_.push_back({.remote_id = id});
        places_.emplace(entries_.back().remote_id, entries_.size() - 1);
    }
}

void ledger::sighted(std::string_view remote_id, sighting seen)
{
    if (auto* const e = open_entry(remote_id))
        e->known = finding{.remote_id = e->remote_id, .what = std::move(seen)};
}

void ledger::absent(std::string_view remote_id, outcome why, std::string detail)
{
    if (auto* const e = open_entry(remote_id))
        e->known = finding{
            .remote_id = e->remote_id, .what = absence{.why = why, .detail = std::move(detail)}};
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
        if (!e.known)
            out.push_back(e.remote_id);
    return out;
}

bool ledger::is_open(std::string_view remote_id) const
{
    auto const place = places_.find(remote_id);
    return place != places_.end() && !entries_[place->second].known;
}

ledger::entry* ledger::open_entry(std::string_view remote_id)
{
    auto const place = places_.find(remote_id);
    if (place == places_.end() || entries_[place->second].known)
        return nullptr;
    return &entries_[place->second];
}

findings ledger::close() &&
{
    findings out;
    out.found.reserve(entries_.size());
    for (auto& e : entries_) {
        if (!e.known && !trouble_)
            e.known = finding{.remote_id = e.remote_id, .what = absence{.why = outcome::not_answered}};
        if (e.known)
            out.found.push_back(std::move(*e.known));
    }
    out.trouble = std::move(trouble_);
    return out;
}

} // namespace checkwatches::adapters
