#include "storage/json_list.hpp"
#include "storage/reader_impl.hpp"

namespace checkwatches::storage {

std::vector<stored_comment> reader::comments(bug_id of) const
{
    std::vector<stored_comment> out;
    auto rows = start(impl_->comments_, of);
    while (rows.next()) {
        stored_comment c;
        auto& what = c.what;
        take_all(rows, 0, what.remote_id, what.author, what.at, what.text, c.is_cut, c.imported_at);
        out.push_back(std::move(c));
    }
    return out;
}

std::vector<comment_mark> reader::comment_marks(std::vector<bug_id> const& which) const
{
    std::vector<comment_mark> out;
    auto const wanted = json_list(which);
    auto rows = start(impl_->comment_marks_, wanted);
    while (rows.next()) {
        comment_mark m;
        take_all(rows, 0, m.bug, m.tried_at, m.read_at, m.modified_at, m.newest_at, m.failure);
        out.push_back(std::move(m));
    }
    return out;
}

std::vector<comment_count> reader::comment_counts(tracker_id of) const
{
    std::vector<comment_count> out;
    auto rows = start(impl_->comment_counts_, of);
    while (rows.next()) {
        comment_count c;
        take_all(rows, 0, c.month, c.seen, c.imported, c.failed);
        out.push_back(std::move(c));
    }
    return out;
}

} // namespace checkwatches::storage
