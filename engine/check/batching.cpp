#include "engine/check/batching.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <map>
#include <string>
#include <string_view>

namespace checkwatches::check {
namespace {

using storage::bug_state;
using places = std::vector<std::size_t>;

// What a plan takes, as expected.
struct cost {
    double requests = 0;
    double records = 0; // bugs' records that come

    cost& operator+=(cost const& more)
    {
        requests += more.requests;
        records += more.records;
        return *this;
    }
};

bool is_less(cost const& a, cost const& b)
{
    constexpr double same = 1e-6;
    if (std::abs(a.requests - b.requests) > same)
        return a.requests < b.requests;
    return a.records < b.records - same;
}

double pieces(std::size_t n, std::size_t size)
{
    return static_cast<double>((n + size - 1) / size);
}

// What stands before the last '/' of an id: bugs that share it are in one project's list of changes.
std::string_view project_of(std::string_view remote_id)
{
    auto const end = remote_id.rfind('/');
    return end == std::string_view::npos ? std::string_view{} : remote_id.substr(0, end);
}

class planner {
public:
    planner(
        capabilities const& can,
        storage::tracker_settings const& set,
        std::span<bug_state const* const> due,
        batching_settings const& how,
        utc_time now)
        : can_{can},
          due_{due},
          how_{how},
          now_{now},
          size_{size_of(can, set)}
    {}

    batch_plan run(bool may_ask_changed)
    {
        std::vector<bool> taken(due_.size());
        if (may_ask_changed)
            for (auto const& one : groups())
                take_changed(one, taken);
        batch_plan out;
        auto const whole = whole_ones(taken);
        for (std::size_t at = 0; at < whole.size(); at += size_) {
            auto const end = std::min(at + size_, whole.size());
            out.batches.push_back({.how = batch::manner::full, .members = part(whole, at, end)});
        }
        std::ranges::move(changed_, std::back_inserter(out.batches));
        auto all = full_cost(whole.size());
        all += changed_cost_;
        out.requests = static_cast<std::size_t>(std::ceil(all.requests - 1e-6));
        return out;
    }

private:
    // The bugs that are settled together: those of a project's list of changes, or all.
    struct group {
        places eligible{}; // the latest read first
        std::size_t others = 0;
    };

    static std::size_t size_of(capabilities const& can, storage::tracker_settings const& set)
    {
        auto const most = std::max<std::size_t>(can.batch, 1);
        if (!set.batch || *set.batch < 1)
            return most;
        return std::min(most, static_cast<std::size_t>(*set.batch));
    }

    static places part(places const& of, std::size_t begin, std::size_t end)
    {
        return {
            of.begin() + static_cast<std::ptrdiff_t>(begin), of.begin() + static_cast<std::ptrdiff_t>(end)};
    }

    bool is_eligible(bug_state const& bug) const
    {
        return bug.last_outcome && is_success(*bug.last_outcome) && bug.server_time && bug.read_at
               && now_ - *bug.read_at < how_.full_after && now_ - *bug.server_time <= how_.oldest_since;
    }

    std::vector<group> groups() const;
    void take_changed(group const& of, std::vector<bool>& taken);
    std::size_t best_share(group const& of) const;
    // Of asking what changed of the `k` bugs of the group that were read last.
    cost changed_cost(group const& of, std::size_t k) const;
    cost full_cost(std::size_t bugs) const;
    double expected_changes(std::size_t bugs, double days) const;
    double days_since(group const& of, std::size_t last) const;
    places whole_ones(std::vector<bool> const& taken) const;

    capabilities const& can_;
    std::span<bug_state const* const> due_;
    batching_settings const& how_;
    utc_time now_;
    std::size_t size_;
    std::vector<batch> changed_;
    cost changed_cost_;
};

std::vector<planner::group> planner::groups() const
{
    std::map<std::string_view, group> by_project;
    for (std::size_t i = 0; i != due_.size(); ++i) {
        auto& in = by_project[can_.page == 0 ? std::string_view{} : project_of(due_[i]->remote_id)];
        if (is_eligible(*due_[i]))
            in.eligible.push_back(i);
        else
            ++in.others;
    }
    std::vector<group> out;
    for (auto& [project, one] : by_project) {
        std::ranges::sort(one.eligible, [&](std::size_t a, std::size_t b) {
            auto const at = *due_[a]->server_time;
            auto const bt = *due_[b]->server_time;
            return at != bt ? at > bt : a < b;
        });
        out.push_back(std::move(one));
    }
    return out;
}

void planner::take_changed(group const& of, std::vector<bool>& taken)
{
    auto const k = best_share(of);
    if (k == 0)
        return;
    // A project's list of changes is read once for all of them.
    auto const most = can_.page == 0 ? size_ : k;
    for (std::size_t at = 0; at < k; at += most) {
        auto const end = std::min(at + most, k);
        changed_.push_back(
            {.how = batch::manner::changed,
             .since = *due_[of.eligible[end - 1]]->server_time,
             .members = part(of.eligible, at, end)});
    }
    for (std::size_t i = 0; i != k; ++i)
        taken[of.eligible[i]] = true;
    changed_cost_ += changed_cost(of, k);
}

std::size_t planner::best_share(group const& of) const
{
    std::size_t best = 0;
    cost least = full_cost(of.eligible.size() + of.others);
    for (std::size_t k = 1; k <= of.eligible.size(); ++k) {
        auto here = changed_cost(of, k);
        here += full_cost(of.eligible.size() - k + of.others);
        if (is_less(here, least)) {
            best = k;
            least = here;
        }
    }
    return best;
}

cost planner::changed_cost(group const& of, std::size_t k) const
{
    cost out;
    if (can_.page == 0) {
        // The answer brings the records.
        for (std::size_t at = 0; at < k; at += size_) {
            auto const end = std::min(at + size_, k);
            out += {.requests = 1, .records = std::ceil(expected_changes(end - at, days_since(of, end - 1)))};
        }
        return out;
    }
    auto const days = days_since(of, k - 1);
    out.requests = 1 + std::floor(how_.project_changes * days / static_cast<double>(can_.page));
    auto const changes = expected_changes(k, days);
    auto looks = full_cost(static_cast<std::size_t>(std::ceil(changes)));
    looks.requests *= std::min(changes, 1.0); // where less than one is expected, there is often none
    out += looks;
    return out;
}

cost planner::full_cost(std::size_t bugs) const
{
    auto const n = static_cast<double>(bugs);
    double const of_batches = can_.each >= 1 ? 0 : pieces(bugs, size_);
    return {.requests = of_batches + std::ceil(can_.each * n), .records = n};
}

double planner::expected_changes(std::size_t bugs, double days) const
{
    return static_cast<double>(bugs) * std::min(1.0, how_.changed_share * days);
}

double planner::days_since(group const& of, std::size_t last) const
{
    using days = std::chrono::duration<double, std::chrono::days::period>;
    auto const age = now_ - *due_[of.eligible[last]]->server_time;
    return std::max(0.0, days{age}.count());
}

places planner::whole_ones(std::vector<bool> const& taken) const
{
    places out;
    for (std::size_t i = 0; i != due_.size(); ++i)
        if (!taken[i])
            out.push_back(i);
    return out;
}

} // namespace

bug_rows rows_of(std::span<storage::settled_bug const> bugs)
{
    bug_rows out;
    out.reserve(bugs.size());
    for (auto const& bug : bugs)
        out.push_back(&bug.after);
    return out;
}

bool is_skewed(utc_time server, utc_time ours, batching_settings const& how)
{
    return std::chrono::abs(server - ours) > how.most_skew;
}

batch_plan plan_batches(
    capabilities const& can,
    storage::tracker_settings const& set,
    std::span<bug_state const* const> due,
    bool clock_trusted,
    batching_settings const& how,
    utc_time now)
{
    planner one{can, set, due, how, now};
    return one.run(can.changed_since && clock_trusted && set.changed_since.value_or(true));
}

} // namespace checkwatches::check
