#pragma once

#include "bench/staleness/model.hpp"

#include <cstddef>
#include <optional>
#include <vector>

namespace checkwatches::staleness {

// What a policy cost and how late it was, of everything before the end of the world.
class tally {
public:
    explicit tally(moment end) : end_(end) {}

    void asked(moment at, std::size_t requests, std::size_t rows);
    void found(happening const& what, moment at);
    void missed(happening const& what);
    // By who knows the law of the world: so many changes until a look, and the sum of their ages.
    void expected(moment at, double changes, double ages);
    void add(tally const& other);

    std::size_t requests() const { return requests_; }
    std::size_t rows() const { return rows_; }
    std::size_t changes_found() const { return open_.size() + resolved_.size(); }
    std::size_t never_found() const { return missed_; }

    // Of the ages at which changes were found; seconds.
    struct ages {
        double mean{};
        double p95{};
    };
    ages of_open() const; // changes of bugs that were open
    ages of_all() const;
    double expected_mean() const; // of all; 0 where nothing was expected

private:
    moment end_;
    std::size_t requests_ = 0;
    std::size_t rows_ = 0; // bugs in the answers
    std::size_t missed_ = 0;
    double expected_changes_ = 0;
    double expected_ages_ = 0;
    std::vector<double> open_;
    std::vector<double> resolved_;
};

// A bug as a policy sees it: what of its life is known from looking at it.
class viewed {
public:
    explicit viewed(subject const& bug) : bug_(&bug) {}

    std::int64_t id() const { return bug_->id; }
    moment watched_from() const { return bug_->watched_from; }
    // Something happened that the last look did not show.
    bool has_news(moment at) const;
    // … after `since`.
    bool changed_since(moment since, moment at) const;
    // Everything until now is found.
    void look(moment at, tally& into);
    bool is_open() const { return seen_ == 0 || bug_->life[seen_ - 1].is_open; }
    // The last change that was found: a later look's own time, the tracker's word for the first look.
    std::optional<moment> changed_at() const { return changed_at_; }
    // The last change of its life that the looks showed, as the tracker tells it; null: none.
    happening const* last() const { return seen_ == 0 ? nullptr : &bug_->life[seen_ - 1]; }
    // Nobody looks any more: what was not found until now never is.
    void leave(tally& into) const;

private:
    subject const* bug_;
    std::size_t seen_ = 0; // of its life
    bool looked_ = false;
    std::optional<moment> changed_at_;
};

} // namespace checkwatches::staleness
