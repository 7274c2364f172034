#include "engine/intake/duplicates.hpp"

#include <set>
#include <utility>

namespace checkwatches::intake {

std::optional<web_url> master_of(
    adapters::registry const& kinds,
    std::string const& kind,
    std::string const& base_url,
    std::string const& duplicate_of)
{
    if (auto const url = parse_url(duplicate_of))
        return *url;
    auto const* const as = kinds.find(kind);
    auto const base = parse_url(base_url);
    auto const id = as == nullptr ? std::nullopt : as->normalise(duplicate_of);
    if (!id || !base)
        return std::nullopt;
    return as->bug_url(*base, *id);
}

storage::shown_bug const* duplicate_chain::master() const noexcept
{
    bool const is_known = !bugs.empty() && unknown.empty() && !loops && !is_cut && bugs.back().bug.seen_at;
    return is_known ? &bugs.back() : nullptr;
}

duplicate_chain
chain_of(storage::reader const& in, adapters::registry const& kinds, storage::shown_bug const& of)
{
    duplicate_chain out;
    std::set<storage::bug_id> passed{of.bug.id};
    // A bug whose watches have followed it is asked no more: what it was is not what it is.
    auto const is_left = [](storage::bug_state const& bug) { return bug.next_check == storage::never; };
    for (auto const* at = &of; !at->bug.duplicate_of.empty(); at = &out.bugs.back()) {
        if (out.bugs.size() == longest_chain) {
            out.is_cut = true;
            break;
        }
        auto const url = master_of(kinds, at->kind, at->base_url, at->bug.duplicate_of);
        auto const bug = url ? find_bug(in, kinds, *url) : std::optional<storage::bug_id>{};
        if (!bug || !*bug) {
            out.unknown = url ? url->text() : at->bug.duplicate_of;
            break;
        }
        if (!passed.insert(**bug).second) {
            out.loops = true;
            break;
        }
        in.each_bug({.bugs = {**bug}}, [&](storage::shown_bug const& next) { out.bugs.push_back(next); });
        if (is_left(out.bugs.back().bug)) {
            out.unknown = out.bugs.back().bug.error.empty() ? url->text() : out.bugs.back().bug.error;
            break;
        }
    }
    return out;
}

} // namespace checkwatches::intake
