#include "bench/staleness/tally.hpp"

#include <algorithm>
#include <numeric>

namespace checkwatches::staleness {
namespace {

tally::ages measure(std::vector<double> all)
{
    if (all.empty())
        return {};
    auto const late = all.begin() + static_cast<std::ptrdiff_t>(all.size() * 95 / 100);
    std::ranges::nth_element(all, late);
    auto const sum = std::accumulate(all.begin(), all.end(), 0.0);
    return {.mean = sum / static_cast<double>(all.size()), .p95 = *late};
}

} // namespace

void tally::asked(moment at, std::size_t requests, std::size_t rows)
{
    if (at >= end_)
        return;
    requests_ += requests;
    rows_ += rows;
}

void tally::found(happening const& what, moment at)
{
    if (what.at < end_)
        (what.was_open ? open_ : resolved_).push_back(static_cast<double>(at - what.at));
}

void tally::missed(happening const& what)
{
    if (what.at < end_)
        ++missed_;
}

void tally::expected(moment at, double changes, double ages)
{
    if (at >= end_)
        return;
    expected_changes_ += changes;
    expected_ages_ += ages;
}

void tally::add(tally const& other)
{
    expected_changes_ += other.expected_changes_;
    expected_ages_ += other.expected_ages_;
    requests_ += other.requests_;
    rows_ += other.rows_;
    missed_ += other.missed_;
    open_.insert(open_.end(), other.open_.begin(), other.open_.end());
    resolved_.insert(resolved_.end(), other.resolved_.begin(), other.resolved_.end());
}

tally::ages tally::of_open() const
{
    return measure(open_);
}

tally::ages tally::of_all() const
{
    auto all = open_;
    all.insert(all.end(), resolved_.begin(), resolved_.end());
    return measure(std::move(all));
}

double tally::expected_mean() const
{
    return expected_changes_ == 0 ? 0 : expected_ages_ / expected_changes_;
}

bool viewed::has_news(moment at) const
{
    return !looked_ || (seen_ < bug_->life.size() && bug_->life[seen_].at <= at);
}

bool viewed::changed_since(moment since, moment at) const
{
    auto const first = std::ranges::lower_bound(bug_->life, since, {}, &happening::at);
    return first != bug_->life.end() && first->at <= at;
}

void viewed::look(moment at, tally& into)
{
    auto const& life = bug_->life;
    auto const before = seen_;
    for (; seen_ < life.size() && life[seen_].at <= at; ++seen_)
        // What happened before somebody watched was nobody's to find.
        if (life[seen_].at >= bug_->watched_from)
            into.found(life[seen_], at);
    if (!looked_)
        changed_at_ = seen_ == 0 ? bug_->born : life[seen_ - 1].at;
    else if (seen_ != before)
        changed_at_ = at;
    looked_ = true;
}

void viewed::leave(tally& into) const
{
    for (auto i = seen_; i < bug_->life.size(); ++i)
        into.missed(bug_->life[i]);
}

} // namespace checkwatches::staleness
