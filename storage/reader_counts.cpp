#include "storage/reader_impl.hpp"

#include <algorithm>
#include <map>
#include <string_view>

namespace checkwatches::storage {
namespace {

// Ages, as they are added up.
class ages {
public:
    void add(std::chrono::milliseconds age)
    {
        age = std::max(age, std::chrono::milliseconds{0}); // the clock was set back
        least_ = n_ == 0 ? age : std::min(least_, age);
        greatest_ = std::max(greatest_, age);
        sum_ += static_cast<double>(age.count());
        ++n_;
    }

    age_spread spread() const
    {
        if (n_ == 0)
            return {};
        std::chrono::milliseconds const mean{static_cast<std::int64_t>(sum_ / static_cast<double>(n_))};
        using std::chrono::floor;
        using std::chrono::seconds;
        return {
            .n = n_,
            .least = floor<seconds>(least_),
            .mean = floor<seconds>(mean),
            .greatest = floor<seconds>(greatest_)};
    }

private:
    std::int64_t n_ = 0;
    std::chrono::milliseconds least_{};
    std::chrono::milliseconds greatest_{};
    double sum_ = 0; // a sum of times since 1970 would soon be too great for an integer
};

// One tracker's bugs, as they are counted.
class tally {
public:
    // Reads neighbouring columns: next_check, last_outcome, checked_at, seen_at.
    void add(sqlite::cursor const& row, utc_time now)
    {
        utc_time next_check{};
        std::optional<utc_time> checked_at;
        std::optional<utc_time> seen_at;
        take(row, 1, next_check);
        take(row, 3, checked_at);
        take(row, 4, seen_at);
        ++of_.bugs;
        of_.last_seen = std::max(of_.last_seen, seen_at);
        if (next_check <= now) {
            ++of_.due;
            of_.oldest_due = std::min(of_.oldest_due.value_or(next_check), next_check);
        }
        if (next_check == never)
            return;
        // The words themselves: to look them up costs as much as all the rest.
        auto const how = row.text(2);
        bool const fails = !how.empty() && how != "seen" && how != "unmodified";
        if (fails) {
            ++of_.failing;
            of_.retry_at = std::min(of_.retry_at.value_or(next_check), next_check);
        }
        of_.never_checked += !checked_at;
        if (checked_at)
            since_check_.add(now - *checked_at);
        if (seen_at)
            since_seen_.add(now - *seen_at);
    }
    void add_wait(std::chrono::milliseconds so_far) { waits_.add(so_far); }

    tracker_counts counts(tracker_id id) const
    {
        auto out = of_;
        out.id = id;
        out.since_check = since_check_.spread();
        out.since_seen = since_seen_.spread();
        out.waits = waits_.spread();
        return out;
    }

private:
    tracker_counts of_;
    ages since_check_;
    ages since_seen_;
    ages waits_;
};

// Takes in the watches of unchecked bugs: bug and time.
void add_waits(std::map<tracker_id, tally>& to, sqlite::cursor&& rows, utc_time now)
{
    bug_id bug{};
    utc_time since{};
    auto const close = [&] {
        if (bug != bug_id{})
            to[tracker_of(bug)].add_wait(now - since);
    };
    while (rows.next()) {
        bug_id next{};
        utc_time at{};
        take_all(rows, 0, next, at);
        if (next != bug) {
            close();
            bug = next;
            since = at;
        }
        since = std::min(since, at);
    }
    close();
}

} // namespace

std::vector<tracker_counts> reader::counts(utc_time now) const
{
    auto& i = *impl_;
    sqlite::transaction const one_state{i.db_, sqlite::transaction::purpose::read};
    std::map<tracker_id, tally> all;
    {
        // The rows of a tracker's bugs are neighbours.
        auto rows = start(i.to_count_);
        tracker_id at{};
        tally* current = nullptr;
        while (rows.next()) {
            auto const of = tracker_of(static_cast<bug_id>(rows.number(0)));
            if (current == nullptr || of != at) {
                at = of;
                current = &all[of];
            }
            current->add(rows, now);
        }
    }
    add_waits(all, start(i.waits_), now);
    std::vector<tracker_counts> out;
    for (auto const& each : trackers())
        out.push_back(all[each.id].counts(each.id));
    return out;
}

} // namespace checkwatches::storage
