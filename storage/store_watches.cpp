#include "storage/store_impl.hpp"

namespace checkwatches::storage {

bug_id store::add_bug(tracker_id of, std::string const& remote_id, utc_time due)
{
    auto& i = *impl_;
    return i.atomically([&] {
        if (auto row = start(i.find_bug_, of, remote_id); row.next()) {
            bug_id id{};
            utc_time next_check{};
            take_all(row, 0, id, next_check);
            if (next_check == never && due != never)
                run(i.revive_, id, due);
            return id;
        }
        auto const lowest = make_bug_id(of, 0);
        auto const highest = last_bug_id(of);
        auto row = start(i.last_bug_, lowest, highest);
        row.next();
        auto const last = row.is_null(0) ? lowest : static_cast<bug_id>(row.number(0));
        if (last == highest)
            throw database_error{
                error{.kind = error_kind::storage, .message = "a tracker's bugs are used up"}};
        auto const id = static_cast<bug_id>(static_cast<std::int64_t>(last) + 1);
        run(i.insert_bug_, id, of, remote_id);
        run(i.insert_check_, id, due, due == never);
        i.count_addition();
        return id;
    });
}

// The failure that it stands for is over with it: at `now`, or when it was last seen.
void store::impl::release(bug_id bug, std::optional<utc_time> now)
{
    run(release_signature_, bug, now);
    run(forget_signature_, bug);
    run(retire_, bug, never);
}

void store::follow_move(bug_id from, bug_id to, std::string const& url, utc_time now)
{
    auto& i = *impl_;
    i.atomically([&] {
        run(i.copy_watches_, from, to);
        run(i.drop_watches_, from);
        i.release(from, now);
        run(i.follow_, from, to);
        return i.apply_change({.at = now, .field = "moved_to", .after = url}, from);
    });
}

bool store::add_watch(bug_id on, watch const& w, utc_time now)
{
    run(impl_->insert_watch_, on, w.label, w.source, w.owner, now, w.is, w.note);
    return impl_->db_.changes() != 0;
}

bool store::remove_watch(bug_id on, std::string const& label, std::string const& source)
{
    auto& i = *impl_;
    return i.atomically([&] {
        run(i.drop_watch_, on, label, source);
        if (i.db_.changes() == 0)
            return false;
        if (!start(i.is_watched_, on).next())
            i.release(on, std::nullopt);
        return true;
    });
}

} // namespace checkwatches::storage
