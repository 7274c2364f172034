#include "storage/json_list.hpp"
#include "storage/store_impl.hpp"

#include <fmt/format.h>

#include <stdexcept>

namespace checkwatches::storage {
namespace {

constexpr std::int64_t runs_kept = 16; // of each bug; the schema says so, too

} // namespace

bool store::impl::apply_bug(report const& r, settled_bug const& settled)
{
    auto const& b = settled.after;
    if (settled.facts_changed)
        run(update_bug_,
            b.id,
            b.last_outcome,
            b.error,
            b.checked_at,
            b.seen_at,
            b.next_check,
            b.failures,
            b.run_began,
            b.run_checks,
            b.runs_ended,
            b.server_time,
            b.read_at,
            b.state,
            b.weight,
            b.words.status,
            b.words.resolution,
            b.words.priority,
            b.words.severity,
            b.words.type,
            json_list(b.words.labels),
            b.title,
            b.duplicate_of,
            b.modified_at,
            b.replaced,
            b.changed_at,
            b.product,
            never);
    else
        run(update_check_,
            b.id,
            b.last_outcome,
            b.error,
            b.checked_at,
            b.seen_at,
            b.next_check,
            b.failures,
            b.run_began,
            b.run_checks,
            b.runs_ended,
            b.server_time,
            b.read_at,
            never);
    if (db_.changes() == 0) {
        if (start(is_there_, b.id).next())
            return false;
        throw database_error{error{
            .kind = error_kind::storage,
            .message = fmt::format("there is no bug {} in the database", static_cast<std::int64_t>(b.id))}};
    }
    if (auto const& run_of = settled.ended)
        run(put_run_,
            b.id,
            b.runs_ended % runs_kept,
            b.runs_ended,
            run_of->first,
            run_of->last,
            run_of->how,
            run_of->detail,
            run_of->times);
    for (auto const& u : settled.unmapped)
        run(count_word_, r.from, u.field, u.word, r.at);
    return true;
}

change store::impl::apply_change(change c, bug_id bug)
{
    c.bug = bug;
    run(insert_change_, c.at, c.bug, c.field, c.before, c.after, c.remote_before, c.remote_after, c.reason);
    // The key is the highest plus one, and a row never goes: without a gap, whatever was rolled back.
    c.id = db_.last_id();
    run(insert_event_, c.at, c.bug, c.id);
    return c;
}

applied store::apply(report const& r)
{
    if (!impl_->db_.in_transaction())
        throw std::logic_error{"store::apply() outside of a transaction"};
    applied out;
    signature_page signatures{impl_->signatures_, r};
    for (auto const& settled : r.bugs) {
        if (!impl_->apply_bug(r, settled))
            continue;
        signatures.add(settled);
        for (auto const& c : settled.changes)
            out.changes.push_back(impl_->apply_change(c, settled.after.id));
    }
    out.signatures = signatures.close();
    for (auto const& v : r.validators)
        run(impl_->put_validator_, r.from, v.url, v.etag, v.last_modified, v.at);
    run(impl_->committed_, r.at);
    return out;
}

} // namespace checkwatches::storage
