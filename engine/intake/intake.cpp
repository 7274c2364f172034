#include "engine/intake/intake.hpp"

namespace checkwatches::intake {
namespace {

error untold(web_url const& url, std::string const& refusals)
{
    auto const shown = redacted(url);
    return error{
        .kind = error_kind::usage,
        .message = shown + ": it could not be told what tracker this is (" + refusals
                   + "); nothing was added. --kind KIND --no-probe registers it unproven"};
}

std::optional<acquaintance> known_among(storage::reader const& read, std::vector<candidate> const& all)
{
    for (auto const& c : all) {
        auto tracker = find_tracker(read, c.bug.base);
        if (tracker && tracker->kind == c.kind->kind())
            return acquaintance{.tracker = std::move(*tracker), .named = c};
    }
    return std::nullopt;
}

} // namespace

std::string newcomer_key(std::vector<candidate> const& all)
{
    std::string key;
    for (auto const& c : all)
        key += std::string{c.kind->kind()} + " ";
    return key + all.front().bug.base.text();
}

intake::intake(
    storage::reader const& read,
    storage::store& write,
    adapters::registry const& kinds,
    std::string only_kind,
    std::chrono::seconds capabilities_last)
    : read_{read},
      write_{write},
      kinds_{kinds},
      only_kind_{std::move(only_kind)},
      capabilities_last_{capabilities_last}
{}

newcomers unknown_trackers(
    storage::reader const& read,
    adapters::registry const& kinds,
    std::string const& only_kind,
    std::vector<wanted_watch> const& wanted)
{
    newcomers out;
    for (auto const& want : wanted) {
        auto const url = parse_link(want.url);
        if (!url)
            continue; // add_one() says what is wrong with it
        auto all = candidates(kinds, *url, only_kind);
        if (!all || known_among(read, *all))
            continue;
        auto key = newcomer_key(*all);
        out.try_emplace(std::move(key), newcomer{.tried = std::move(*all)});
    }
    return out;
}

newcomer const* newcomer_at(
    newcomers const& all,
    adapters::registry const& kinds,
    std::string const& only_kind,
    std::string const& url)
{
    auto const parsed = parse_link(url);
    auto const shaped = parsed ? candidates(kinds, *parsed, only_kind) : parsed.error();
    auto const found = shaped ? all.find(newcomer_key(*shaped)) : all.end();
    return found == all.end() ? nullptr : &found->second;
}

void intake::register_all(newcomers& fresh)
{
    for (auto& [key, one] : fresh) {
        if (!one.proven || find_tracker(read_, one.proven->bug.base))
            continue;
        auto const made = register_tracker(one, *one.proven, {});
        if (!made)
            one.refusals = made.error().message;
    }
}

std::vector<result<added_watch>> intake::add(std::vector<wanted_watch> const& wanted, newcomers fresh)
{
    register_all(fresh);
    std::vector<result<added_watch>> out;
    write_.in_transaction([&] {
        std::set<storage::bug_id> made;
        for (auto const& want : wanted)
            out.push_back(add_one(want, fresh, made));
    });
    return out;
}

result<added_watch>
intake::add_one(wanted_watch const& want, newcomers const& fresh, std::set<storage::bug_id>& made)
{
    auto const url = parse_link(want.url);
    if (!url)
        return url.error();
    auto const all = candidates(kinds_, *url, only_kind_);
    if (!all)
        return all.error();
    auto const fresh_one = fresh.find(newcomer_key(*all));
    auto known = known_among(read_, *all);
    if (!known)
        return untold(
            *url,
            fresh_one == fresh.end() ? "no kind fits the tracker at this address"
                                     : fresh_one->second.refusals);

    auto out = add_to(std::move(known->tracker), known->named, want, made);
    if (out)
        out->new_tracker = fresh_one != fresh.end();
    return out;
}

result<std::optional<added_watch>>
intake::add_where_known(wanted_watch const& want, std::set<storage::bug_id>& made)
{
    auto const url = parse_link(want.url);
    if (!url)
        return url.error();
    auto const all = candidates(kinds_, *url, only_kind_);
    if (!all)
        return all.error();
    auto known = known_among(read_, *all);
    if (!known)
        return std::optional<added_watch>{};
    auto added = add_to(std::move(known->tracker), known->named, want, made);
    if (!added)
        return added.error();
    return std::optional{std::move(*added)};
}

result<std::optional<added_watch>> intake::add_where_known(
    std::string const& tracker,
    std::string const& remote_id,
    storage::watch const& what,
    std::set<storage::bug_id>& made)
{
    auto known = read_.tracker_by_name(tracker);
    if (!known)
        if (auto const url = parse_url(tracker))
            known = find_tracker(read_, *url);
    if (!known)
        return std::optional<added_watch>{};
    auto const* const kind = kinds_.find(known->kind);
    auto const base = parse_url(known->base_url);
    if (kind == nullptr || !base)
        return error{
            .kind = error_kind::usage,
            .message = "the kind of the tracker " + known->name + " is not known to this program"};
    auto normal = kind->normalise(remote_id);
    if (!normal)
        return error{
            .kind = error_kind::usage,
            .message = "no bug of " + known->name + " can have the id \"" + remote_id + "\""};
    candidate const named{.kind = kind, .bug = {.base = *base, .remote_id = std::move(*normal)}};
    auto added = add_to(std::move(*known), named, {.what = what}, made);
    if (!added)
        return added.error();
    return std::optional{std::move(*added)};
}

result<added_watch> intake::add_to(
    storage::tracker tracker,
    candidate const& named,
    wanted_watch const& want,
    std::set<storage::bug_id>& made)
{
    added_watch out{.url = want.url, .tracker = std::move(tracker), .remote_id = named.bug.remote_id};
    out.malformed_id = !named.kind->normalise(out.remote_id);
    auto const stored = read_.find_bug(out.tracker.id, out.remote_id);
    if (stored)
        if (auto const there = moved_from(*stored))
            return add_to(there->tracker, there->named, want, made);
    auto const now = utc_now();
    out.bug = write_.add_bug(
        out.tracker.id, out.remote_id, named.kind->features().polled ? now : storage::never);
    out.new_bug = made.insert(out.bug).second && !stored;
    out.new_watch = write_.add_watch(out.bug, want.what, now);
    return out;
}

// Where a bug is watched now whose watches followed it; nothing where it is asked about itself.
std::optional<acquaintance> intake::moved_from(storage::bug_id bug) const
{
    std::optional<acquaintance> found;
    constexpr int most_moves = 10;
    for (int moves = 0; moves != most_moves; ++moves) {
        auto const rows = read_.bugs({bug});
        if (rows.empty() || rows.front().next_check != storage::never
            || rows.front().last_outcome != outcome::moved)
            break;
        auto const url = parse_url(rows.front().error);
        auto const all = url ? candidates(kinds_, *url, {}) : url.error();
        auto there = all ? known_among(read_, *all) : std::nullopt;
        auto const id = there ? read_.find_bug(there->tracker.id, there->named.bug.remote_id) : std::nullopt;
        if (!id)
            break;
        bug = *id;
        found = std::move(there);
    }
    return found;
}

result<storage::tracker> intake::register_tracker(newcomer const& one, candidate const& as, std::string name)
{
    auto const now = utc_now();
    auto const& base = as.bug.base;
    if (name.empty())
        name = free_name(base);
    result<storage::tracker> made = error{};
    write_.in_transaction([&] {
        made = write_.add_tracker(
            {.kind = std::string{as.kind->kind()},
             .name = std::move(name),
             .base_url = base.text(),
             .api_url = one.api_url,
             .created_at = now});
        if (made && one.can)
            write_.put_capabilities(
                made->id, {.can = *one.can, .probed_at = now, .expires_at = now + capabilities_last_});
    });
    return made;
}

std::string intake::free_name(web_url const& base) const
{
    auto stem = base.host.empty() ? base.scheme : base.authority();
    if (base.path != "/")
        stem += base.path;
    auto name = stem;
    for (int n = 2; read_.tracker_by_name(name); ++n)
        name = stem + "-" + std::to_string(n);
    return name;
}

} // namespace checkwatches::intake
