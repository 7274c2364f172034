#include "engine/check/engine_impl.hpp"
#include "engine/check/settle.hpp"
#include "engine/core/ascii.hpp"

#include <algorithm>

namespace checkwatches::check {
awaitable<result<void>> engine::impl::load_meanings()
{
    auto const question = [](storage::reader const& in) { return in.meanings(); };
    auto read = co_await parts_.reader.run(question);
    if (!read)
        co_return read.error();
    meanings_ = std::move(*read);
    apply_meanings();
    co_return result<void>{};
}

void engine::impl::apply_meanings()
{
    settings_.pass.meanings = with_stored(configured_, meanings_);
}

// What is said of a word from now on, in place of what was said before; an empty meaning is none.
std::optional<storage::stored_meaning> engine::impl::swap_meaning(storage::stored_meaning const& what)
{
    auto const at = std::ranges::find_if(meanings_, [&](storage::stored_meaning const& one) {
        return one.from == what.from && one.field == what.field && one.key == what.key;
    });
    std::optional<storage::stored_meaning> before;
    if (at != meanings_.end()) {
        before = std::move(*at);
        meanings_.erase(at);
    }
    if (!what.means.empty())
        meanings_.push_back(what);
    apply_meanings();
    return before;
}

awaitable<result<std::size_t>> engine::impl::set_meaning(
    std::string name, std::string field, std::string key, std::string means, std::string actor)
{
    auto const found = named(name);
    if (!found)
        co_return found.error();
    auto& d = **found;
    auto what = read_meaning(std::move(field), key, std::move(means));
    if (!what)
        co_return what.error();
    what->from = d.tracker.id;
    what->tracker = name;
    what->actor = std::move(actor);
    what->at = parts_.time.now();
    // What is settled from here on has the new meaning; what was settled before is stored before it is, and
    // is read after that.
    auto before = swap_meaning(*what);
    if (what->means.empty() && !before)
        co_return error{
            .kind = error_kind::usage, .message = "no meaning of \"" + what->key + "\" was ever set"};
    auto keep = [one = *what](storage::store& to) {
        if (one.means.empty())
            to.drop_meaning(one.from, one.field, one.key);
        else
            to.put_meaning(one);
    };
    auto const kept = co_await parts_.writer.run(std::move(keep));
    if (!kept) {
        what->means.clear();
        swap_meaning(before ? *before : *what);
        co_return kept.error();
    }
    auto const changed = co_await effect_of(d, *what);
    if (!changed)
        co_return changed.error();
    auto carry_out = [effect = *changed, of = d.tracker.id, now = what->at](storage::store& to) {
        to.make_due(effect.bugs, now);
        for (auto const& entry : effect.queue)
            to.settle_word(of, entry.what.field, entry.what.word);
    };
    auto const done = co_await parts_.writer.run(std::move(carry_out));
    if (!done)
        co_return done.error();
    make_due(d, changed->bugs);
    co_return changed->bugs.size();
}

// What a word does that means something else by now.
awaitable<result<engine::impl::effect>> engine::impl::effect_of(desk const& d, storage::stored_meaning what)
{
    auto const* const kind = parts_.kinds.find(d.tracker.kind);
    auto const* const says = overrides_of(settings_.pass.meanings, d.tracker.name);
    auto question = [kind, says = says == nullptr ? word_map{} : *says, what = std::move(what)](
                        storage::reader const& in) {
        effect out;
        auto const visit = [&](storage::shown_bug const& shown) {
            auto const means = interpreter{*kind, &says}.of(shown.bug.words);
            if (!remapped(shown.bug, means, what.at).empty())
                out.bugs.push_back(shown.bug.id);
        };
        if (kind != nullptr)
            in.each_bug({.trackers = {what.tracker}}, visit);
        std::ranges::sort(out.bugs);
        if (!what.means.empty())
            out.queue = in.unmapped();
        std::erase_if(out.queue, [&](storage::unmapped_entry const& entry) {
            return entry.tracker != what.tracker || entry.what.field != what.field
                   || lower(entry.what.word) != what.key;
        });
        return out;
    };
    co_return co_await parts_.reader.run(std::move(question));
}

// These bugs' appointments are others by now: some are to be asked about again, some not any more.
awaitable<result<void>> engine::impl::reschedule(std::vector<storage::bug_id> bugs)
{
    auto question = [bugs = std::move(bugs)](storage::reader const& in) { return in.bugs(bugs); };
    auto const rows = co_await parts_.reader.run(std::move(question));
    if (!rows)
        co_return rows.error();
    std::map<storage::tracker_id, std::vector<std::uint32_t>> numbers; // ascending, as the rows are
    for (auto const& row : *rows)
        numbers[storage::tracker_of(row.id)].push_back(storage::number_of(row.id));
    for (auto const& [of, some] : numbers)
        if (auto* const d = roster_.find(of))
            d->due.take(some);
    for (auto const& row : *rows) {
        auto* const d = roster_.find(storage::tracker_of(row.id));
        auto const number = storage::number_of(row.id);
        bool const is_theirs = d == nullptr || d->in_hand.contains(number)
                               || std::ranges::find(d->wanted, number, &agenda::entry::number)
                                      != d->wanted.end();
        if (is_theirs || row.next_check == storage::never) // whoever asks for it sees its row
            continue;
        d->due.add(agenda::make_entry(number, row.checked_at ? on_.of(row.next_check) : utc_time{}));
        if (!d->active)
            rest(*d);
    }
    alarm_.ring();
    co_return result<void>{};
}

} // namespace checkwatches::check
