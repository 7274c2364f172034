#include "engine/serve/log/pushes.hpp"

#include "engine/core/signature.hpp"
#include "engine/serve/api/questions.hpp"
#include "engine/serve/web/sift_changes.hpp"
#include "storage/chain.hpp"

#include <boost/json/array.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <iterator>
#include <map>

namespace checkwatches::serve {
namespace {

namespace json = boost::json;
namespace chrono = std::chrono;

using storage::log_part;
using storage::shown_change;

error unknown_revision(std::string_view name)
{
    return error{
        .kind = error_kind::not_found, .message = fmt::format("unknown revision '{}'", cut_text(name, 80))};
}

// The id of the change that is named by its hash, or by the first digits of it, or as the newest.
result<std::int64_t> change_named(storage::reader const& in, std::string const& name, std::int64_t tip)
{
    if (name == "tip" && tip != 0)
        return tip;
    auto const found = in.changes_hashed(name);
    if (found.size() == 1)
        return found.front();
    if (found.empty())
        return unknown_revision(name);
    return error{
        .kind = error_kind::not_found,
        .message = fmt::format("ambiguous revision '{}': name more of its digits", name)};
}

// What was asked for, as the store can be asked.
struct log_range {
    log_part which{};
    change_sieve by{};
};

result<void>
restrict_begin(log_range& to, push_bound const& begin, storage::reader const& in, std::int64_t tip)
{
    if (auto const* const id = std::get_if<std::int64_t>(&begin))
        to.which.after = std::max<std::int64_t>(*id, 0);
    if (auto const* const hash = std::get_if<change_hash>(&begin)) {
        auto const id = change_named(in, hash->digits, tip);
        if (!id)
            return id.error();
        to.which.after = *id;
    }
    if (auto const* const when = std::get_if<utc_time>(&begin)) {
        // A push tells its date in whole seconds, and by that it is later or not.
        auto const since = chrono::floor<chrono::seconds>(*when) + chrono::milliseconds{999};
        to.by.since = since;
        to.which.after = in.first_change_after(since).value_or(to.which.up_to + 1) - 1;
    }
    return {};
}

result<void> restrict_end(log_range& to, push_bound const& end, storage::reader const& in, std::int64_t tip)
{
    auto const lower = [&](std::int64_t id) { to.which.up_to = std::min(to.which.up_to, id); };
    if (auto const* const id = std::get_if<std::int64_t>(&end))
        lower(*id);
    if (auto const* const hash = std::get_if<change_hash>(&end)) {
        auto const id = change_named(in, hash->digits, tip);
        if (!id)
            return id.error();
        lower(*id);
    }
    if (auto const* const when = std::get_if<utc_time>(&end)) {
        auto const until = chrono::ceil<chrono::seconds>(*when);
        to.by.until = until;
        lower(in.last_change_before(until).value_or(0));
    }
    return {};
}

std::string actor_of(std::string const& user)
{
    return user == engine_user ? std::string{} : user;
}

// What the users did who are named: of each the index has its part, or the tracker has.
followed_changes of_users(storage::reader const& in, log_range asked, std::vector<std::string> const& users)
{
    if (asked.which.of) {
        std::ranges::transform(users, std::back_inserter(asked.by.actors), actor_of);
        return follow(in, asked.which, asked.by, most_pushes);
    }
    followed_changes out{.reached = std::max(asked.which.after, asked.which.up_to)};
    for (auto const& user : users) {
        auto one = asked;
        one.which.actor = actor_of(user);
        auto found = follow(in, one.which, one.by, most_pushes);
        std::ranges::move(found.changes, std::back_inserter(out.changes));
        out.is_cut = out.is_cut || found.is_cut;
        out.reached = std::min(out.reached, found.reached);
    }
    auto const id = [](shown_change const& c) { return c.what.id; };
    std::ranges::sort(out.changes, {}, id);
    auto const end = std::ranges::upper_bound(out.changes, out.reached, {}, id);
    out.changes.erase(end, out.changes.end());
    if (std::ssize(out.changes) > most_pushes) {
        out.changes.resize(most_pushes);
        out.reached = out.changes.back().what.id;
        out.is_cut = true;
    }
    return out;
}

// The changes that are named one by one, those of them that are within the bounds.
result<followed_changes> of_changesets(
    storage::reader const& in,
    log_range const& asked,
    std::vector<std::string> const& names,
    std::int64_t tip)
{
    std::map<std::int64_t, shown_change> found;
    for (auto const& name : names) {
        auto const id = change_named(in, name, tip);
        if (!id)
            return id.error();
        auto one = asked.which;
        one.after = std::max(one.after, *id - 1);
        one.up_to = std::min(one.up_to, *id);
        for (auto& shown : follow(in, one, asked.by, 1).changes)
            found.emplace(*id, std::move(shown));
    }
    followed_changes out;
    for (auto& [id, shown] : found)
        out.changes.push_back(std::move(shown));
    return out;
}

// The pushes of a range: those that are named, or the first of it, or the last where it begins nowhere.
result<followed_changes>
read_part(storage::reader const& in, log_range to, push_request const& asked, std::int64_t tip)
{
    if (!asked.changesets.empty()) {
        std::ranges::transform(asked.users, std::back_inserter(to.by.actors), actor_of);
        return of_changesets(in, to, asked.changesets, tip);
    }
    if (!asked.users.empty())
        return of_users(in, std::move(to), asked.users);
    if (!std::holds_alternative<std::monostate>(asked.begin))
        return follow(in, to.which, to.by, most_pushes);
    to.which.newest = true;
    auto out = follow(in, to.which, to.by, usual_pushes);
    out.is_cut = false;
    return out;
}

json::object node_of(shown_change const& shown, json::array files, json::storage_ptr const& at)
{
    json::array parents(at);
    if (shown.what.previous)
        parents.emplace_back(*shown.what.previous);
    auto const& by = shown.what.actor.empty() ? shown.tracker : shown.what.actor;
    return json::object(
        {{"node", storage::hash_of(shown.what)},
         {"author", by},
         {"desc", description_of(shown)},
         {"branch", shown.tracker},
         {"parents", std::move(parents)},
         {"tags", json::array(at)},
         {"files", std::move(files)}},
        at);
}

std::string words_of(std::optional<std::string> const& remote, std::optional<std::string> const& ours)
{
    auto const& known = remote ? remote : ours;
    return known && !known->empty() ? *known : "-";
}

} // namespace

std::vector<std::string> labels_of(storage::reader const& in, storage::bug_id bug)
{
    std::vector<std::string> out;
    for (auto& one : in.watches(bug))
        if (!one.label.empty())
            out.push_back(std::move(one.label));
    std::ranges::sort(out);
    auto const again = std::ranges::unique(out);
    out.erase(again.begin(), again.end());
    return out;
}

std::string_view user_of(storage::change const& what)
{
    return what.actor.empty() ? engine_user : std::string_view{what.actor};
}

std::string description_of(shown_change const& shown)
{
    auto const& c = shown.what;
    auto out = c.bug ? fmt::format("Bug {}: ", shown.remote_id) : std::string{};
    bool const is_status = c.field == "status" || c.field == "remote_status";
    if (!c.actor.empty() || !is_status)
        out += fmt::format("{}: ", c.field);
    auto const before = words_of(c.remote_before, c.before);
    auto const after = words_of(c.remote_after, c.after);
    if (!c.actor.empty() && before == "-")
        return out + after;
    return out + fmt::format("{} → {}", before, after);
}

result<pushes>
find_pushes(storage::reader const& in, std::optional<std::string> const& tracker, push_request const& asked)
{
    pushes out;
    log_range to;
    // What is logged from here on is for the next poll: nothing that is told is newer than the last.
    to.which.up_to = in.last_change();
    if (tracker) {
        auto const of = tracker_named(in, *tracker);
        if (!of)
            return of.error();
        to.which.of = of->id;
    }
    auto ending = to.which;
    ending.newest = true;
    if (auto const last = in.log(ending, 1); !last.empty()) {
        out.last = last.front().what.id;
        out.last_at = last.front().what.at;
    }
    if (asked.branch && asked.branch != tracker) {
        auto const of = tracker_named(in, *asked.branch);
        if (!of)
            return of.error();
        if (to.which.of)
            return out; // no entry is of two trackers
        to.which.of = of->id;
    }
    if (auto const good = restrict_begin(to, asked.begin, in, out.last); !good)
        return good.error();
    if (auto const good = restrict_end(to, asked.end, in, out.last); !good)
        return good.error();
    auto found = read_part(in, std::move(to), asked, out.last);
    if (!found)
        return found.error();
    out.changes = std::move(found->changes);
    if (found->is_cut)
        out.next = found->reached;
    return out;
}

json::object
json_of(pushes const& found, push_request const& asked, storage::reader const& in, json::storage_ptr at)
{
    json::object all(at);
    all.reserve(found.changes.size());
    std::map<storage::bug_id, std::vector<std::string>> labels;
    for (auto const& shown : found.changes) {
        auto const& c = shown.what;
        json::array changesets(at);
        if (asked.full) {
            json::array files(at);
            if (c.bug) {
                auto const [known, is_new] = labels.try_emplace(*c.bug);
                if (is_new)
                    known->second = labels_of(in, *c.bug);
                for (auto const& label : known->second)
                    files.emplace_back(label);
            }
            changesets.push_back(node_of(shown, std::move(files), at));
        }
        else
            changesets.emplace_back(storage::hash_of(c));
        all.emplace(
            std::string_view{fmt::format_int{c.id}.c_str()},
            json::object(
                {{"changesets", std::move(changesets)},
                 {"date", chrono::floor<chrono::seconds>(c.at).time_since_epoch().count()},
                 {"user", user_of(c)}},
                at));
    }
    if (asked.version == 1)
        return all;
    json::object out({{"lastpushid", found.last}, {"pushes", std::move(all)}}, at);
    if (found.next) {
        out["truncated"] = true;
        out["next"] = *found.next;
    }
    return out;
}

} // namespace checkwatches::serve
