#include "engine/check/validators.hpp"

#include <algorithm>
#include <utility>

namespace checkwatches::check {
namespace {

// What the look at each batch would ask conditionally.
using questions = std::vector<std::vector<adapters::question>>;

questions questions_of(
    adapters::adapter const& kind,
    adapters::remote const& at,
    capabilities const& can,
    std::span<storage::bug_state const* const> bugs,
    std::span<batch const> batches)
{
    questions out(batches.size());
    std::vector<std::string> ids;
    for (std::size_t i = 0; i != batches.size(); ++i) {
        if (batches[i].how != batch::manner::full)
            continue;
        ids.clear();
        for (auto const place : batches[i].members)
            ids.push_back(bugs[place]->remote_id);
        out[i] = kind.conditional_questions(at, can, ids);
    }
    return out;
}

std::vector<std::string> urls_of(questions const& asked)
{
    std::vector<std::string> urls;
    for (auto const& of_batch : asked)
        for (auto const& q : of_batch)
            urls.push_back(q.url);
    return urls;
}

} // namespace

earlier_answers::earlier_answers(
    std::span<storage::validator const> stored, std::span<storage::bug_state const* const> bugs)
{
    for (auto const& one : stored)
        by_url_.emplace(one.url, &one);
    if (by_url_.empty())
        return;
    by_id_.reserve(bugs.size());
    for (auto const* const bug : bugs)
        by_id_.emplace(bug->remote_id, bug);
}

bool earlier_answers::was_read_at(std::string const& id, utc_time at) const
{
    auto const found = by_id_.find(id);
    return found != by_id_.end() && found->second->last_outcome && is_success(*found->second->last_outcome)
           && found->second->read_at == at;
}

std::vector<validator> earlier_answers::usable_for(std::span<adapters::question const> asked) const
{
    std::vector<validator> out;
    for (auto const& q : asked) {
        auto const found = by_url_.find(q.url);
        if (found == by_url_.end())
            continue;
        auto const& one = *found->second;
        if (std::ranges::all_of(q.ids, [&](std::string const& id) { return was_read_at(id, one.at); }))
            out.push_back({.url = one.url, .etag = one.etag, .last_modified = one.last_modified});
    }
    return out;
}

awaitable<result<std::vector<std::vector<validator>>>> known_validators(
    storage::background_reader& from,
    adapters::adapter const& kind,
    adapters::remote const& at,
    capabilities const& can,
    storage::tracker_id of,
    std::span<storage::bug_state const* const> bugs,
    std::span<batch const> batches)
{
    std::vector<std::vector<validator>> out;
    auto const asked = questions_of(kind, at, can, bugs, batches);
    auto urls = urls_of(asked);
    if (urls.empty())
        co_return out;
    auto question = [of, urls = std::move(urls)](storage::reader const& in) {
        return in.validators_of(of, urls);
    };
    auto const stored = co_await from.run(std::move(question));
    if (!stored)
        co_return stored.error();
    if (stored->empty())
        co_return out;
    earlier_answers const earlier{*stored, bugs};
    out.reserve(asked.size());
    for (auto const& of_batch : asked)
        out.push_back(earlier.usable_for(of_batch));
    co_return out;
}

} // namespace checkwatches::check
