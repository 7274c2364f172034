#include "bench/mock/launchpad.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace checkwatches::mock {

namespace {

constexpr std::array further_statuses{
    std::string_view{"Deferred"},
    std::string_view{"Does Not Exist"},
    std::string_view{"Unknown"},
    std::string_view{"Incomplete (with response)"},
    std::string_view{"Incomplete (without response)"}};

// The order of a bug list by importance is that of its weight.
constexpr std::array by_weight{
    std::string_view{"Critical"},
    std::string_view{"High"},
    std::string_view{"Medium"},
    std::string_view{"Low"},
    std::string_view{"Wishlist"},
    std::string_view{"Undecided"},
    std::string_view{"Unknown"}};

bool wants(task_search const& search, std::string_view status)
{
    return std::ranges::any_of(search.statuses, [&](std::string_view wanted) {
        return wanted == status || (status == "Incomplete" && wanted.starts_with("Incomplete"));
    });
}

} // namespace

task_search::task_search(form const& fields, vocabulary const& words)
{
    for (auto const& [name, value] : fields)
        if (name == "status")
            statuses.push_back(value);
    for (auto const status : statuses) {
        bool const known = rank(words.statuses, status) < words.statuses.size()
                           || std::ranges::find(further_statuses, status) != further_statuses.end();
        if (known)
            continue;
        error = fmt::format("status: Invalid value \"{}\". Acceptable values are: New", status);
        for (auto const& word : words.statuses.subspan(1))
            error += fmt::format(", {}", word.word);
        return;
    }
    // Without a status, only what is unresolved.
    if (statuses.empty())
        for (auto const& word : words.statuses)
            if (word.open)
                statuses.push_back(word.word);

    auto const omit = field(fields, "omit_duplicates").value_or("true");
    omit_duplicates = omit != "false" && omit != "False";
    if (auto const since = field(fields, "modified_since")) {
        modified_since = read_micros(*since);
        if (!modified_since)
            error = fmt::format("modified_since: Value doesn't look like a date: {}", *since);
    }
    order = field(fields, "order_by").value_or("-importance");
    constexpr std::array orders{
        std::string_view{"id"},
        std::string_view{"importance"},
        std::string_view{"status"},
        std::string_view{"date_last_updated"},
        std::string_view{"datecreated"}};
    auto const key = order.starts_with('-') ? order.substr(1) : order;
    if (std::ranges::find(orders, key) == orders.end())
        error = fmt::format("Unrecognized order_by: {}", order);
}

std::vector<task> task_search::choose(std::vector<task> candidates, vocabulary const& words) const
{
    std::erase_if(candidates, [&](task const& t) {
        auto const& now = t.of->now();
        bool const duplicate = omit_duplicates && now.duplicate_of != 0;
        // "since" is strict.
        bool const old = modified_since && last_updated(*t.of) <= *modified_since;
        return duplicate || old || !wants(*this, t.status());
    });
    bool const descending = order.starts_with('-');
    auto const key = descending ? order.substr(1) : order;
    auto const value = [&](task const& t) {
        if (key == "importance") // the heaviest is the greatest
            return -static_cast<std::int64_t>(rank(by_weight, t.importance()));
        if (key == "status")
            return static_cast<std::int64_t>(rank(words.statuses, t.status()));
        if (key == "date_last_updated")
            return t.of->now().since;
        return std::int64_t{t.of->id};
    };
    std::ranges::sort(candidates, [&](task const& a, task const& b) {
        auto const left = value(a);
        auto const right = value(b);
        if (left != right)
            return descending ? left > right : left < right;
        return a.number() < b.number();
    });
    return candidates;
}

} // namespace checkwatches::mock
