#include "engine/app/bulk_add.hpp"
#include "engine/app/commands.hpp"
#include "engine/app/import_report.hpp"
#include "engine/app/import_shadow.hpp"
#include "engine/app/import_sources.hpp"
#include "engine/app/known_kinds.hpp"
#include "engine/intake/adopt/address.hpp"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <set>
#include <utility>
#include <vector>

namespace checkwatches::app {
namespace {

// An entry of the list as it is to be added.
struct planned_watch {
    intake::adopted_watch const* from = nullptr;
    intake::wanted_watch what{};
};

class importer {
public:
    importer(
        config const& conf,
        adapters::registry const& kinds,
        import_options const& options,
        storage::reader const* known)
        : conf_{conf},
          kinds_{kinds},
          options_{options},
          known_{known},
          report_{options.json}
    {}

    exit_code run(std::string const& database, intake::adopted const& list)
    {
        for (auto const& rest : list.rest)
            report_.print(rest);
        for (auto const& tracker : list.trackers)
            plan(tracker);
        for (auto const& watch : list.watches)
            plan(watch);
        if (options_.dry_run)
            print_plan();
        else if (!watches_.empty() || !trackers_.empty())
            if (auto const done = carry_out(database); !done)
                return fail(done.error());
        report_.finish();
        return report_.any_failed() ? exit_code::some_failed : exit_code::done;
    }

private:
    import_row row_of(intake::adopted_watch const& watch) const
    {
        return {.what = "watch", .at = watch.at, .name = watch.name, .url = intake::shown_address(watch.url)};
    }
    import_row row_of(intake::adopted_tracker const& tracker) const
    {
        return {
            .what = "tracker",
            .at = tracker.at,
            .name = tracker.name,
            .url = tracker.url,
            .kind = tracker.kind};
    }
    void reject(import_row row, std::string reason)
    {
        row.state = import_state::bad;
        row.reason = std::move(reason);
        report_.print(row);
    }

    std::optional<storage::tracker> registered(web_url const& base) const
    {
        return known_ == nullptr ? std::nullopt : intake::find_tracker(*known_, base);
    }

    void plan(intake::adopted_tracker const& tracker)
    {
        auto row = row_of(tracker);
        auto const* const kind = kinds_.find(tracker.kind);
        auto const base = parse_url(tracker.url);
        if (kind == nullptr)
            return reject(row, "there is no tracker kind \"" + tracker.kind + "\"");
        if (!base)
            return reject(row, base.error().message);
        if (auto const there = registered(*base))
            return print_there(row, *there, import_state::there);
        trackers_.push_back({.from = &tracker, .kind = kind, .base = *base});
    }

    // Some tracker is registered at the address that is wanted.
    void print_there(import_row row, storage::tracker const& there, import_state state)
    {
        if (there.kind != row.kind)
            return reject(
                row, "at its address the tracker " + there.name + " is registered, which is " + there.kind);
        row.state = state;
        row.tracker = there.name;
        report_.print(row);
    }

    void plan(intake::adopted_watch const& watch)
    {
        auto const url = intake::address_of(watch, known_, kinds_);
        if (!url)
            return reject(row_of(watch), url.error().message);
        planned_watch planned{.from = &watch, .what = {.url = *url, .what = watch.what}};
        auto& what = planned.what.what;
        what.source = source_of(options_);
        if (what.label.empty())
            what.label = options_.label.empty() ? watch.usual_label : options_.label;
        if (what.owner.empty())
            what.owner = options_.owner;
        watches_.push_back(std::move(planned));
    }

    void print_plan()
    {
        for (auto const& tracker : trackers_) {
            auto row = row_of(*tracker.from);
            row.state = import_state::planned;
            report_.print(row);
        }
        for (auto const& planned : watches_) {
            auto row = row_of(*planned.from);
            row.url = intake::shown_address(planned.what.url);
            row.label = planned.what.what.label;
            row.state = is_there(planned.what) ? import_state::there : import_state::planned;
            report_.print(row);
        }
    }

    bool is_there(intake::wanted_watch const& want) const
    {
        auto const url = parse_link(want.url);
        if (known_ == nullptr || !url)
            return false;
        auto const bug = intake::find_bug(*known_, kinds_, *url);
        if (!bug || !*bug)
            return false;
        return std::ranges::any_of(known_->watches(**bug), [&](storage::watch const& there) {
            return there.label == want.what.label && there.source == want.what.source;
        });
    }

    result<void> carry_out(std::string const& database)
    {
        bulk_addition what;
        for (auto const& planned : watches_)
            what.watches.push_back(planned.what);
        for (auto const& tracker : trackers_) {
            auto& one = what.trackers["tracker " + tracker.from->kind + " " + tracker.base.text()];
            one.tried = {{.kind = tracker.kind, .bug = {.base = tracker.base}}};
        }
        auto const done = add_in_bulk(database, conf_, kinds_, what);
        if (!done)
            return done.error();
        auto const now = storage::reader::open(database);
        if (!now)
            return now.error();
        for (auto const& tracker : trackers_)
            print_outcome(tracker, **now, *done);
        for (std::size_t i = 0; i != watches_.size(); ++i)
            print_outcome(watches_[i], done->watches[i], *done);
        return {};
    }

    struct planned_tracker {
        intake::adopted_tracker const* from = nullptr;
        adapters::adapter const* kind = nullptr;
        web_url base{};
    };

    void print_outcome(planned_tracker const& one, storage::reader const& now, bulk_outcome const& done)
    {
        auto row = row_of(*one.from);
        auto const there = intake::find_tracker(now, one.base);
        if (there) // several entries may name one tracker
            return print_there(
                row, *there, made_.insert(there->name).second ? import_state::added : import_state::there);
        auto const& asked = done.asked.at("tracker " + one.from->kind + " " + one.base.text());
        bool const waits = asked.refusal && intake::may_pass(asked.refusal->kind);
        row.state = waits ? import_state::waiting : import_state::bad;
        row.reason = asked.refusals.empty() ? "its address or name is taken" : asked.refusals;
        report_.print(row);
    }

    void print_outcome(
        planned_watch const& planned, result<intake::added_watch> const& added, bulk_outcome const& done)
    {
        auto row = row_of(*planned.from);
        row.url = intake::shown_address(planned.what.url);
        row.label = planned.what.what.label;
        if (added) {
            row.state = added->new_watch ? import_state::added : import_state::there;
            row.kind = added->tracker.kind;
            row.tracker = added->tracker.name;
            row.remote_id = added->remote_id;
            if (added->malformed_id)
                row.reason = "no " + row.kind + " bug can have this id: it will be reported as invalid_id";
        }
        else {
            auto const* const asked = intake::newcomer_at(done.asked, kinds_, {}, planned.what.url);
            bool const waits = asked != nullptr && asked->refusal && intake::may_pass(asked->refusal->kind);
            row.state = waits ? import_state::waiting : import_state::bad;
            row.reason = added.error().message;
        }
        report_.print(row);
    }

    config const& conf_;
    adapters::registry const& kinds_;
    import_options const& options_;
    storage::reader const* known_; // null: there is no database yet
    import_report report_;
    std::vector<planned_tracker> trackers_;
    std::vector<planned_watch> watches_;
    std::set<std::string> made_; // names of trackers
};

} // namespace

exit_code run_import(global_options const& global, config const& conf, import_options const& options)
{
    auto const known = load_kinds(conf);
    print_bad_descriptions(known);
    auto const list = read_foreign_list(conf, options);
    if (!list) {
        auto const code = fail(list.error());
        return code == exit_code::some_failed ? exit_code::could_not_run : code; // nothing was done
    }
    auto const reader = storage::reader::open(global.database);
    // There may be no database yet, but for a comparison.
    if (!reader && (options.shadow || std::filesystem::exists(global.database)))
        return fail(reader.error());
    if (options.shadow)
        return run_shadow(**reader, conf, known.all, options, *list);
    return importer{conf, known.all, options, reader ? reader->get() : nullptr}.run(global.database, *list);
}

} // namespace checkwatches::app
