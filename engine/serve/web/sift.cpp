#include "engine/serve/web/sift.hpp"

#include <boost/json/serialize.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace checkwatches::serve {
namespace {

constexpr std::int64_t chunk = 1'000;

bool has_word(
    lore const& known, storage::reader const& in, storage::shown_bug const& shown, unmapped_word const& word)
{
    auto const unknown = known.unmapped(in, shown);
    return std::ranges::find(unknown, word) != unknown.end();
}

bool passes(
    sieve const& by,
    storage::reader const& in,
    lore const& known,
    storage::shown_bug const& shown,
    utc_time now)
{
    if (by.due && shown.bug.next_check > now)
        return false;
    if (by.late && !known.is_late(shown.bug, now))
        return false;
    if (by.state || by.weight) {
        auto const judge = known.judge_of(in, shown);
        auto const& verdict = judge ? judge->bug : shown.bug;
        if (by.state && verdict.state != by.state)
            return false;
        if (by.weight && verdict.weight != by.weight)
            return false;
    }
    return !by.word || has_word(known, in, shown, *by.word);
}

} // namespace

bool sieve::lets_all_through() const
{
    return !due && !late && !state && !weight && !word;
}

sifted sift(
    storage::reader const& in,
    lore const& known,
    storage::bug_list which,
    sieve const& by,
    utc_time now,
    std::int64_t limit)
{
    sifted out;
    auto const most = static_cast<std::size_t>(std::max<std::int64_t>(limit, 1));
    std::size_t looked_at = 0;
    while (looked_at < most_sifted) {
        auto const size = by.lets_all_through() ? limit + 1 : chunk;
        auto some = in.list_bugs(which, size);
        auto const last = some.empty() ? storage::bug_id{} : some.back().bug.id;
        for (auto& shown : some) {
            ++looked_at;
            if (!passes(by, in, known, shown, now))
                continue;
            if (out.bugs.size() == most) {
                out.next = out.bugs.back().bug.id;
                return out;
            }
            out.bugs.push_back(std::move(shown));
        }
        if (static_cast<std::int64_t>(some.size()) < size)
            return out;
        which.after = last;
    }
    out.next = which.after;
    out.is_cut = true;
    return out;
}

std::int64_t word_counts::of(storage::unmapped_entry const& entry) const
{
    auto const found = bugs.find({entry.tracker, entry.what.field, entry.what.word});
    return found == bugs.end() ? 0 : found->second;
}

word_counts
count_words(storage::reader const& in, lore const& known, std::vector<storage::unmapped_entry> const& entries)
{
    word_counts out;
    std::set<std::string> names;
    for (auto const& entry : entries)
        names.insert(entry.tracker);
    std::size_t looked_at = 0;
    for (auto const& name : names) {
        auto const at = in.tracker_by_name(name);
        if (!at)
            continue;
        storage::bug_list which{.of = at->id};
        for (bool more = true; more;) {
            if (looked_at >= 2 * most_sifted) {
                out.is_cut = true;
                return out;
            }
            auto const some = in.list_bugs(which, chunk);
            for (auto const& shown : some)
                for (auto const& word : known.unmapped(in, shown))
                    ++out.bugs[{name, word.field, word.word}];
            looked_at += some.size();
            more = static_cast<std::int64_t>(some.size()) == chunk;
            if (more)
                which.after = some.back().bug.id;
        }
    }
    return out;
}

std::string
setting_for(std::string_view tracker, std::string_view field, std::string_view word, std::string_view means)
{
    auto const quoted = [](std::string_view text) {
        return boost::json::serialize(boost::json::string{text});
    };
    return fmt::format("map.{}.{}.{} = {}", quoted(tracker), field, quoted(word), quoted(means));
}

} // namespace checkwatches::serve
