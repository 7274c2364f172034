#include "storage/reader_impl.hpp"

namespace checkwatches::storage {

std::vector<shown_check_event> reader::check_events(std::int64_t after, std::int64_t limit) const
{
    std::vector<shown_check_event> out;
    auto rows = start(impl_->check_events_, after, limit);
    while (rows.next()) {
        shown_check_event e;
        auto& what = e.what;
        std::optional<outcome> how;
        take_all(
            rows,
            0,
            what.id,
            what.at,
            what.bug,
            how,
            what.error,
            what.is_duplicate,
            what.state,
            what.weight,
            what.last_checked,
            what.last_success,
            e.tracker,
            e.kind,
            e.base_url,
            e.remote_id,
            e.title);
        // Only words that this program knows are written; a newer one's is a failure that it does not know.
        what.how = how.value_or(outcome::protocol_error);
        out.push_back(std::move(e));
    }
    return out;
}

} // namespace checkwatches::storage
