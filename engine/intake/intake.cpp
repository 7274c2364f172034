#include "engine/intake/intake.hpp"

#include "engine/core/join.hpp"

namespace checkwatches::intake {
namespace {

// Bugs of one tracker have the same key: the kinds whose shape they have, and the first one's base.
std::string key_of(std::vector<candidate> const& all)
{
    std::string key;
    for (auto const& c : all)
        key += std::string{c.kind->kind()} + " ";
    return key + all.front().bug.base.text();
}

error untold(std::string const& url, std::string const& refusals)
{
    return error{
        .kind = error_kind::usage,
        .message = url + ": it could not be told what tracker this is (" + refusals
                   + "); nothing was added. --kind KIND --no-probe registers it unproven"};
}

// The known tracker that one of the candidates names, and that candidate.
struct acquaintance {
    storage::tracker tracker{};
    candidate named{};
};

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

intake::intake(
    storage::reader const& read,
    storage::store& write,
    adapters::registry const& kinds,
    net::client& over,
    intake_settings settings)
    : read_{read},
      write_{write},
      kinds_{kinds},
      over_{over},
      settings_{std::move(settings)}
{}

awaitable<std::vector<result<added_watch>>> intake::add(std::vector<wanted_watch> wanted)
{
    auto fresh = unknown_trackers(wanted);
    std::vector<awaitable<void>> probes;
    for (auto& [base, one] : fresh) {
        if (settings_.probe)
            probes.push_back(prove(one));
        else
            assume(one);
    }
    co_await join(std::move(probes));

    for (auto& [base, one] : fresh) {
        if (!one.proven)
            continue;
        auto const made = register_tracker(
            *one.proven->kind, one.proven->bug.base, std::nullopt, {}, one.can);
        if (!made)
            one.refusals = made.error().message;
    }

    std::vector<result<added_watch>> out;
    write_.in_transaction([&] {
        std::set<storage::bug_id> made;
        for (auto const& want : wanted)
            out.push_back(add_one(want, fresh, made));
    });
    co_return out;
}

intake::newcomers intake::unknown_trackers(std::vector<wanted_watch> const& wanted) const
{
    newcomers out;
    for (auto const& want : wanted) {
        auto const url = parse_url(want.url);
        if (!url)
            continue; // add_one() says what is wrong with it
        auto all = candidates(kinds_, *url, settings_.only_kind);
        if (!all || known_among(read_, *all))
            continue;
        auto key = key_of(*all);
        out.try_emplace(std::move(key), newcomer{.tried = std::move(*all)});
    }
    return out;
}

awaitable<void> intake::prove(newcomer& one)
{
    for (auto const& c : one.tried) {
        auto to = bind_to(c.bug.base.text(), std::nullopt, settings_.credentials);
        if (!to)
            continue;
        bound_remote at{over_, std::move(*to)};
        auto const can = co_await c.kind->probe(at);
        if (can) {
            one.proven = c;
            one.can = *can;
            co_return;
        }
        if (!one.refusals.empty())
            one.refusals += "; ";
        one.refusals += std::string{c.kind->kind()} + ": " + to_string(can.error());
    }
}

void intake::assume(newcomer& one) const
{
    if (one.tried.size() == 1)
        one.proven = one.tried.front();
    else
        one.refusals = "several kinds have bugs at such addresses: give --kind";
}

result<added_watch>
intake::add_one(wanted_watch const& want, newcomers const& fresh, std::set<storage::bug_id>& made)
{
    auto const url = parse_url(want.url);
    if (!url)
        return url.error();
    auto const all = candidates(kinds_, *url, settings_.only_kind);
    if (!all)
        return all.error();
    auto const fresh_one = fresh.find(key_of(*all));
    auto known = known_among(read_, *all);
    if (!known)
        return untold(
            want.url,
            fresh_one == fresh.end() ? "no kind fits the tracker at this address"
                                     : fresh_one->second.refusals);

    added_watch out{
        .url = want.url, .tracker = std::move(known->tracker), .remote_id = known->named.bug.remote_id};
    out.new_tracker = fresh_one != fresh.end();
    out.malformed_id = !known->named.kind->normalise(out.remote_id);
    bool const stored = read_.find_bug(out.tracker.id, out.remote_id).has_value();
    auto const now = utc_now();
    auto const bug = write_.add_bug(out.tracker.id, out.remote_id, now);
    out.new_bug = made.insert(bug).second && !stored;
    out.new_watch = write_.add_watch(bug, want.what, now);
    return out;
}

awaitable<result<storage::tracker>> intake::add_tracker(
    std::string kind, std::string base_url, std::optional<std::string> api_url, std::string name)
{
    auto const* const adapter = kinds_.find(kind);
    if (adapter == nullptr)
        co_return error{.kind = error_kind::usage, .message = "there is no tracker kind \"" + kind + "\""};
    auto to = bind_to(base_url, api_url, settings_.credentials);
    if (!to)
        co_return to.error();
    auto const base = to->base;

    std::optional<capabilities> can;
    if (settings_.probe) {
        bound_remote at{over_, std::move(*to)};
        auto const proved = co_await adapter->probe(at);
        if (!proved)
            co_return proved.error();
        can = *proved;
    }
    co_return register_tracker(*adapter, base, api_url, std::move(name), can);
}

result<storage::tracker> intake::register_tracker(
    adapters::adapter const& kind,
    web_url const& base,
    std::optional<std::string> const& api_url,
    std::string name,
    std::optional<capabilities> const& can)
{
    auto const now = utc_now();
    if (name.empty())
        name = free_name(base);
    result<storage::tracker> made = error{};
    write_.in_transaction([&] {
        made = write_.add_tracker(
            {.kind = std::string{kind.kind()},
             .name = std::move(name),
             .base_url = base.text(),
             .api_url = api_url,
             .created_at = now});
        if (made && can)
            write_.put_capabilities(
                made->id, {.can = *can, .probed_at = now, .expires_at = now + settings_.capabilities_last});
    });
    return made;
}

std::string intake::free_name(web_url const& base) const
{
    auto stem = base.authority();
    if (base.path != "/")
        stem += base.path;
    auto name = stem;
    for (int n = 2; read_.tracker_by_name(name); ++n)
        name = stem + "-" + std::to_string(n);
    return name;
}

} // namespace checkwatches::intake
