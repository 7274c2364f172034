#include "storage/open.hpp"
#include "storage/reader_impl.hpp"

namespace checkwatches::storage {
namespace {

using sqlite::cursor;

tracker tracker_at(cursor const& row)
{
    tracker t;
    take_all(row, 0, t.id, t.kind, t.name, t.base_url, t.api_url, t.created_at);
    return t;
}

std::optional<tracker> first_tracker(cursor&& rows)
{
    if (!rows.next())
        return std::nullopt;
    return tracker_at(rows);
}

} // namespace

result<std::unique_ptr<reader>> reader::open(std::string const& path)
{
    auto db = open_for_reading(path);
    if (!db)
        return db.error();
    try {
        return std::unique_ptr<reader>{new reader{std::make_unique<impl>(std::move(*db))}};
    }
    catch (database_error const& failed) {
        return failed.why();
    }
}

reader::reader(std::unique_ptr<impl> i) : impl_{std::move(i)} {}
reader::~reader() = default;

recheck_reader& reader::rechecks() const noexcept
{
    return impl_->rechecks_;
}

std::vector<tracker> reader::trackers() const
{
    std::vector<tracker> out;
    auto rows = start(impl_->trackers_);
    while (rows.next())
        out.push_back(tracker_at(rows));
    return out;
}

std::optional<tracker> reader::tracker_by_name(std::string const& name) const
{
    return first_tracker(start(impl_->tracker_by_name_, name));
}

std::optional<tracker> reader::tracker_by_url(std::string const& url) const
{
    return first_tracker(start(impl_->tracker_by_url_, url));
}

std::vector<std::string> reader::aliases_of(tracker_id of) const
{
    std::vector<std::string> out;
    auto rows = start(impl_->aliases_, of);
    while (rows.next())
        out.emplace_back(rows.text(0));
    return out;
}

std::optional<stored_capabilities> reader::capabilities_of(tracker_id of) const
{
    auto row = start(impl_->capabilities_, of);
    if (!row.next())
        return std::nullopt;
    stored_capabilities found;
    auto& can = found.can;
    take_all(
        row,
        0,
        can.protocol,
        can.version,
        can.batch,
        can.changed_since,
        can.page,
        can.each,
        can.importance,
        can.comments,
        can.login,
        can.identity,
        found.probed_at,
        found.expires_at);
    return found;
}

std::int64_t reader::last_change() const
{
    auto row = start(impl_->last_change_);
    row.next();
    return row.number(0);
}

std::vector<unmapped_entry> reader::unmapped() const
{
    std::vector<unmapped_entry> out;
    auto rows = start(impl_->unmapped_);
    while (rows.next()) {
        unmapped_entry u;
        take_all(rows, 0, u.tracker, u.what.field, u.what.word, u.times, u.first_seen, u.last_seen);
        out.push_back(std::move(u));
    }
    return out;
}

} // namespace checkwatches::storage
