#include "storage/reader_impl.hpp"

namespace checkwatches::storage {
namespace {

using sqlite::cursor;

access_token token_at(cursor const& row)
{
    access_token t;
    std::string may;
    take_all(row, 0, t.name, may, t.hash, t.created_at, t.revoked_at);
    t.right = may == "operate" ? access_right::operate : access_right::read;
    return t;
}

} // namespace

std::vector<outcome_day> reader::outcome_days(std::optional<tracker_id> of, std::int64_t first) const
{
    std::vector<outcome_day> out;
    auto rows = of ? start(impl_->outcome_days_, *of, first) : start(impl_->all_outcome_days_, first);
    while (rows.next()) {
        outcome_day d;
        std::optional<outcome> how;
        take_all(rows, 0, d.day, how, d.checks);
        d.how = how.value_or(outcome::protocol_error); // a word that a newer program wrote
        out.push_back(d);
    }
    return out;
}

std::vector<traffic_day> reader::traffic_days(std::optional<tracker_id> of, std::int64_t first) const
{
    std::vector<traffic_day> out;
    auto rows = of ? start(impl_->traffic_days_, *of, first) : start(impl_->all_traffic_days_, first);
    while (rows.next()) {
        traffic_day d;
        take_all(rows, 0, d.day, d.passes, d.requests, d.not_modified, d.bytes, d.deferrals);
        out.push_back(d);
    }
    return out;
}

std::vector<access_token> reader::tokens() const
{
    std::vector<access_token> out;
    auto rows = start(impl_->tokens_);
    while (rows.next())
        out.push_back(token_at(rows));
    return out;
}

std::optional<access_token> reader::token_by_hash(std::string const& hash) const
{
    auto row = start(impl_->token_by_hash_, hash);
    if (!row.next())
        return std::nullopt;
    return token_at(row);
}

std::vector<stored_meaning> reader::meanings() const
{
    std::vector<stored_meaning> out;
    auto rows = start(impl_->meanings_);
    while (rows.next()) {
        stored_meaning m;
        take_all(rows, 0, m.from, m.tracker, m.field, m.key, m.means, m.actor, m.at);
        out.push_back(std::move(m));
    }
    return out;
}

} // namespace checkwatches::storage
