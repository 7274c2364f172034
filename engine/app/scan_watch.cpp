#include "engine/app/scan_watch.hpp"

#include "engine/app/json_lines.hpp"
#include "engine/app/newcomers.hpp"
#include "engine/app/running_instance.hpp"
#include "engine/app/scan_text.hpp"
#include "engine/app/table.hpp"
#include "engine/intake/intake.hpp"
#include "engine/intake/scan/bug_addresses.hpp"
#include "storage/listing.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <utility>

namespace checkwatches::app {
namespace {

namespace json = boost::json;

// So many in one transaction: nobody else waits long for the database.
constexpr std::size_t watches_at_once = 500;
constexpr std::size_t trackers_at_once = 200;
constexpr std::size_t most_told = 10'000; // bugs in one request to a running instance
constexpr std::int64_t rows_at_once = 500;

struct counts {
    std::size_t fresh = 0;
    std::size_t known = 0;
    std::size_t gone = 0;
    std::size_t failed = 0;
};

// Takes what was found in, and takes away what was not.
class scan_intake {
public:
    scan_intake(
        storage::reader const& read,
        storage::store& write,
        config const& conf,
        scan_options const& options,
        adapters::registry const& kinds)
        : read_{read},
          write_{write},
          conf_{conf},
          options_{options},
          kinds_{kinds},
          into_{read, write, kinds, "", conf.engine.pass.capabilities_last}
    {}

    result<void> add(std::vector<intake::scan::found_bug> const& bugs)
    {
        std::vector<intake::wanted_watch> wanted;
        for (auto const& bug : bugs)
            wanted.push_back(
                {.url = bug.url,
                 .what = {
                     .label = bug.label,
                     .source = source_of_scan(bug.label),
                     .owner = options_.owner,
                     .is = bug.is,
                     .note = note_of(bug)}});
        auto fresh = meet(wanted);
        if (!fresh)
            return fresh.error();
        for (std::size_t at = 0; at < wanted.size(); at += watches_at_once) {
            auto const from = wanted.begin() + static_cast<std::ptrdiff_t>(at);
            auto const to = from + static_cast<std::ptrdiff_t>(std::min(watches_at_once, wanted.size() - at));
            add_some({from, to}, *fresh);
        }
        return {};
    }

    // Of a label that was looked at as a whole.
    void take_away_others(std::string const& label)
    {
        storage::watch_list which{.label = label, .source = source_of_scan(label)};
        std::vector<storage::shown_watch> others;
        for (;;) {
            auto part = read_.list_watches(which, rows_at_once);
            for (auto& one : part)
                if (!kept_[label].contains(one.on.bug.id))
                    others.push_back(one);
            if (part.size() < static_cast<std::size_t>(rows_at_once))
                break;
            auto const& last = part.back();
            which.after = storage::watch_key{
                .bug = last.on.bug.id, .label = last.what.label, .source = last.what.source};
        }
        write_.in_transaction([&] {
            for (auto const& one : others)
                write_.remove_watch(one.on.bug.id, one.what.label, one.what.source);
        });
        for (auto const& one : others) {
            ++counts_.gone;
            changed_.push_back(one.on.bug.id);
            auto const url = url_of(kinds_, one.on.kind, one.on.base_url, one.on.bug.remote_id);
            tell("gone", url, one.what, one.on.tracker);
        }
    }

    counts const& tally() const { return counts_; }
    // Bugs that were known before, and are watched again or no longer.
    std::vector<storage::bug_id> const& changed() const { return changed_; }

private:
    // Whether a tracker that is not known is asked: what packages say leads to no address or name of one's
    // own network.
    static bool may_ask(intake::newcomer const& one)
    {
        return std::ranges::all_of(one.tried, [](intake::candidate const& as) {
            return intake::scan::is_plausible_host(as.bug.base.host);
        });
    }

    // Asks the trackers that are not known what they are.
    result<intake::newcomers> meet(std::vector<intake::wanted_watch> const& wanted)
    {
        auto all = intake::unknown_trackers(read_, kinds_, "", wanted);
        intake::newcomers out;
        while (!all.empty()) {
            intake::newcomers some;
            while (!all.empty() && some.size() != trackers_at_once) {
                auto one = all.extract(all.begin());
                bool const asked = may_ask(one.mapped());
                if (!asked)
                    one.mapped().refusals = "a host of one's own network is not asked because of a scan: "
                                            "\"tracker add\" makes it known";
                (asked ? some : out).insert(std::move(one));
            }
            if (auto const asked = settle_newcomers(conf_, some, true); !asked)
                return asked.error();
            out.merge(some);
        }
        return out;
    }

    void add_some(std::vector<intake::wanted_watch> const& wanted, intake::newcomers const& fresh)
    {
        auto const added = into_.add(wanted, fresh);
        write_.in_transaction([&] {
            for (std::size_t n = 0; n != wanted.size(); ++n)
                if (added[n] && !added[n]->new_watch) // its line, or whose it is, may be another by now
                    write_.amend_watch(added[n]->bug, wanted[n].what);
        });
        for (std::size_t n = 0; n != wanted.size(); ++n)
            note(wanted[n], added[n]);
    }

    void note(intake::wanted_watch const& want, result<intake::added_watch> const& added)
    {
        auto& kept = kept_[want.what.label];
        if (!added) {
            ++counts_.failed;
            fail(added.error());
            // It is there all the same: what an earlier scan could add stays.
            auto const url = parse_link(want.url);
            auto const known = url ? intake::find_bug(read_, kinds_, *url) : url.error();
            if (known && *known)
                kept.insert(**known);
            return;
        }
        kept.insert(added->bug);
        ++(added->new_watch ? counts_.fresh : counts_.known);
        if (added->new_watch && !added->new_bug)
            changed_.push_back(added->bug);
        if (added->new_watch || options_.format == scan_format::objects)
            tell(added->new_watch ? "new" : "known", want.url, want.what, added->tracker.name);
    }

    void tell(
        std::string_view became,
        std::string const& url,
        storage::watch const& what,
        std::string const& tracker) const
    {
        if (options_.format == scan_format::objects) {
            fmt::print(
                "{}\n",
                json::serialize(json::object{
                    {"watch", became},
                    {"url", url},
                    {"tracker", tracker},
                    {"label", what.label},
                    {"owner", what.owner},
                    {"relation", word(what.is)},
                    {"note", what.note}}));
            return;
        }
        auto const how = became == "gone" ? "no longer watched" : "watching";
        fmt::print("{}\n", one_line(fmt::format("{}: {} for {} ({})", how, url, what.label, what.note)));
    }

    storage::reader const& read_;
    storage::store& write_;
    config const& conf_;
    scan_options const& options_;
    adapters::registry const& kinds_;
    intake::intake into_;
    std::map<std::string, std::set<storage::bug_id>> kept_; // by label
    std::vector<storage::bug_id> changed_;
    counts counts_;
};

void announce(std::string const& database, std::vector<storage::bug_id> const& changed)
{
    std::size_t at = 0;
    do {
        auto const end = std::min(at + most_told, changed.size());
        announce_additions(
            database,
            {changed.begin() + static_cast<std::ptrdiff_t>(at),
             changed.begin() + static_cast<std::ptrdiff_t>(end)});
        at = end;
    } while (at != changed.size());
}

} // namespace

std::string source_of_scan(std::string const& label)
{
    return "scan:" + label;
}

exit_code watch_found(
    global_options const& global,
    config const& conf,
    scan_options const& options,
    known_kinds const& kinds,
    intake::scan::scan_report const& report,
    std::vector<intake::scan::found_bug> const& bugs)
{
    auto const store = storage::store::open(global.database);
    if (!store)
        return fail(store.error());
    auto const reader = storage::reader::open(global.database);
    if (!reader)
        return fail(reader.error());
    scan_intake into{**reader, **store, conf, options, kinds.all};
    if (auto const added = into.add(bugs); !added)
        return fail(added.error());
    std::set<std::string> const partial{report.partial.begin(), report.partial.end()};
    for (auto const& label : report.labels)
        if (!partial.contains(label))
            into.take_away_others(label);

    auto const& tally = into.tally();
    if (options.format != scan_format::objects)
        fmt::print(
            "{} watched, {} of them new; {} no longer watched; {} failed\n",
            tally.fresh + tally.known,
            tally.fresh,
            tally.gone,
            tally.failed);
    if (tally.fresh + tally.gone != 0)
        announce(global.database, into.changed());
    return tally.failed == 0 ? exit_code::done : exit_code::some_failed;
}

} // namespace checkwatches::app
