#include "adapters/ledger.hpp"

namespace checkwatches::adapters {

ledger::ledger(std::span<std::string const> ids)
{
    for (auto const& id : ids)
        if (entries_.try_emplace(id).second)
            order_.push_back(id);
}

void ledger::sighted(std::string_view remote_id, sighting seen)
{
    auto const entry = entries_.find(remote_id);
    if (entry != entries_.end() && !entry->second)
        entry->second = finding{.remote_id = entry->first, .what = std::move(seen)};
}

void ledger::absent(std::string_view remote_id, outcome why, std::string detail)
{
    auto const entry = entries_.find(remote_id);
    if (entry != entries_.end() && !entry->second)
        entry->second = finding{
            .remote_id = entry->first, .what = absence{.why = why, .detail = std::move(detail)}};
}

void ledger::trouble(error e)
{
    if (!trouble_)
        trouble_ = std::move(e);
}

std::vector<std::string> ledger::open() const
{
    std::vector<std::string> out;
    for (auto const& id : order_)
        if (is_open(id))
            out.push_back(id);
    return out;
}

bool ledger::is_open(std::string_view remote_id) const
{
    auto const entry = entries_.find(remote_id);
    return entry != entries_.end() && !entry->second;
}

findings ledger::close() &&
{
    if (!trouble_)
        for (auto const& id : open())
            absent(id, outcome::not_answered);
    findings out{.trouble = std::move(trouble_)};
    for (auto const& id : order_)
        if (auto& entry = entries_.find(id)->second)
            out.found.push_back(std::move(*entry));
    return out;
}

} // namespace checkwatches::adapters
