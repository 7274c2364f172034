#include "storage/chain.hpp"
#include "storage/listing_queries.hpp"
#include "storage/reader_impl.hpp"

#include <algorithm>

namespace checkwatches::storage {
namespace {

constexpr std::size_t most_alike = 2;

} // namespace

std::vector<shown_change> reader::log(log_part const& which, std::int64_t limit) const
{
    std::vector<shown_change> out;
    auto const asked = query_of(which, limit);
    sqlite::statement select{impl_->db_, asked.sql()};
    auto rows = asked.start(select);
    while (rows.next())
        out.push_back(shown_change_at(rows));
    if (which.newest)
        std::ranges::reverse(out);
    return out;
}

std::optional<std::int64_t> reader::first_change_after(utc_time when) const
{
    std::optional<std::int64_t> out;
    auto row = start(impl_->first_change_after_, when);
    row.next();
    take(row, 0, out);
    return out;
}

std::optional<std::int64_t> reader::last_change_before(utc_time when) const
{
    std::optional<std::int64_t> out;
    auto row = start(impl_->last_change_before_, when);
    row.next();
    take(row, 0, out);
    return out;
}

std::vector<std::int64_t> reader::changes_hashed(std::string const& digits) const
{
    std::vector<std::int64_t> out;
    auto const range = hash_range(digits);
    if (!range)
        return out;
    // A whole hash is that of one entry: the parts before it need no look.
    auto const most = digits.size() == hash_digits ? std::size_t{1} : most_alike;
    auto rows = start(impl_->change_by_hash_, range->first, range->second);
    while (out.size() < most && rows.next()) {
        auto const entry = logged_at(rows, 0);
        if (hash_of(entry).starts_with(digits))
            out.push_back(entry.id);
    }
    return out;
}

} // namespace checkwatches::storage
