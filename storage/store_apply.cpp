#include "storage/chain.hpp"
#include "storage/json_list.hpp"
#include "storage/store_impl.hpp"

#include <fmt/format.h>

#include <map>
#include <stdexcept>

namespace checkwatches::storage {
namespace {

constexpr std::int64_t runs_kept = 16; // of each bug; the schema says so, too

// When the status that was known became another one; nothing where it did not.
std::optional<utc_time> status_changed_at(settled_bug const& settled)
{
    std::optional<utc_time> out;
    for (auto const& one : settled.changes)
        if (one.field == "status" && one.before)
            out = one.at;
    return out;
}

} // namespace

void store::impl::update_facts(settled_bug const& settled)
{
    auto const& b = settled.after;
    run(update_facts_,
        b.id,
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
        status_changed_at(settled),
        b.state && is_resolved(*b.state));
}

void store::impl::update_check(settled_bug const& settled)
{
    auto const& b = settled.after;
    if (settled.run_goes_on) { // as most do
        run(go_on_,
            b.id,
            b.checked_at,
            b.seen_at,
            b.next_check,
            b.failures,
            b.run_checks,
            b.server_time,
            b.read_at);
        return;
    }
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
        b.next_check == never);
}

bool store::impl::apply_bug(report const& r, settled_bug const& settled)
{
    auto const& b = settled.after;
    update_check(settled);
    if (db_.changes() == 0) {
        if (start(is_there_, b.id).next())
            return false;
        throw database_error{error{
            .kind = error_kind::storage,
            .message = fmt::format("there is no bug {} in the database", static_cast<std::int64_t>(b.id))}};
    }
    if (settled.facts_changed) // and only now: the row of its checks said that the bug is still asked about
        update_facts(settled);
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

void store::impl::log(change& c)
{
    if (c.bug)
        if (auto row = start(last_of_bug_, *c.bug); row.next())
            c.previous = hash_of(logged_at(row, 0));
    run(insert_change_,
        c.at,
        c.from,
        c.bug,
        c.field,
        c.before,
        c.after,
        c.remote_before,
        c.remote_after,
        c.reason,
        c.actor,
        c.previous);
    // The key is the highest plus one, and a row never goes: without a gap, whatever was rolled back.
    c.id = db_.last_id();
    run(insert_hash_, hash_part(c.id), hash_key(hash_of(c)), c.id);
}

change store::impl::apply_change(change c, bug_id bug)
{
    c.from = tracker_of(bug);
    c.bug = bug;
    log(c);
    return c;
}

std::int64_t store::log_act(change const& act)
{
    auto& i = *impl_;
    if (act.field.empty() || act.actor.empty())
        throw std::logic_error{"an act without what was done, or by whom"};
    return i.atomically([&] {
        auto whole = act;
        if (act.bug)
            whole.from = tracker_of(*act.bug);
        i.log(whole);
        return whole.id;
    });
}

applied store::apply(report const& r)
{
    if (!impl_->db_.in_transaction())
        throw std::logic_error{"store::apply() outside of a transaction"};
    applied out;
    signature_page signatures{impl_->signatures_, r};
    std::map<outcome, std::int64_t> outcomes;
    for (auto const& settled : r.bugs) {
        std::optional<check_book::before> earlier;
        if (impl_->checks_.is_wanted())
            earlier = impl_->checks_.before_of(settled.after.id);
        if (!impl_->apply_bug(r, settled))
            continue;
        if (earlier)
            impl_->checks_.add(r.at, settled, *earlier);
        if (settled.after.last_outcome)
            ++outcomes[*settled.after.last_outcome];
        signatures.add(settled);
        for (auto const& c : settled.changes)
            out.changes.push_back(impl_->apply_change(c, settled.after.id));
    }
    out.signatures = signatures.close();
    for (auto const& [how, checks] : outcomes)
        run(impl_->count_outcome_, r.from, day_of(r.at), how, checks);
    for (auto const& v : r.validators)
        run(impl_->put_validator_, r.from, v.url, v.etag, v.last_modified, v.at);
    run(impl_->committed_, r.at);
    return out;
}

} // namespace checkwatches::storage
