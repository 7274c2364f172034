#include "adapters/registry.hpp"
#include "engine/check/settle.hpp"
#include "engine/check/turns.hpp"
#include "storage/reader.hpp"
#include "storage/store.hpp"

#include <fmt/format.h>

#include <deque>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <stdlib.h>

#include "hot_paths.hpp"

namespace {

using namespace checkwatches;

constexpr utc_time day_0{std::chrono::sys_days{std::chrono::year{2026} / 11 / 22}};
constexpr std::size_t stored_bugs = 2'000; // among which the batch lies

// What a Bugzilla tells of a batch; another status each time that `step` is another one.
adapters::findings findings_of(std::vector<storage::settled_bug> const& batch, std::size_t step)
{
    adapters::findings out;
    for (std::size_t i = 0; i != batch.size(); ++i) {
        sighting seen{
            .words =
                {.status = (i + step) % 2 == 0 ? "NEW" : "ASSIGNED", .priority = "P3", .severity = "normal"},
            .title = fmt::format("A window is blank after the screen was locked ({})", i),
            .product = "plasmashell",
            .modified = day_0 - std::chrono::days{30 - static_cast<int>(step)}};
        out.found.push_back({.remote_id = batch[i].after.remote_id, .what = std::move(seen)});
    }
    return out;
}

// A tracker in a database of its own. Its first bugs are the batch that is asked for.
class world {
public:
    world()
    {
        auto const from = writer_
                              ->add_tracker(
                                  {.kind = "bugzilla",
                                   .name = "bugs.example.org",
                                   .base_url = "https://bugs.example.org/",
                                   .created_at = day_0})
                              .value()
                              .id;
        writer_->in_transaction([&] {
            for (std::size_t i = 1; i <= stored_bugs; ++i) {
                auto const id = writer_->add_bug(from, std::to_string(i), day_0);
                if (i <= batch_size)
                    batch_ids_.push_back(id);
            }
        });
        report_.from = from;
        reader_ = storage::reader::open(file()).value();
        commit(settle(read(), 0, day_0));
        // From here on it is known.
        known_ = read();
    }
    ~world()
    {
        std::error_code ignored;
        std::filesystem::remove_all(folder_, ignored);
    }
    world(world const&) = delete;
    world& operator=(world const&) = delete;

    std::vector<storage::settled_bug> read() const { return reader_->bugs_to_settle(batch_ids_); }

    std::vector<storage::settled_bug>
    settle(std::vector<storage::settled_bug> batch, std::size_t step, utc_time now) const
    {
        auto found = findings_of(batch, step);
        return check::settle(std::move(batch), std::move(found), words_, policy_, now);
    }

    storage::report report_of(std::vector<storage::settled_bug> bugs, utc_time at) const
    {
        auto out = report_;
        out.at = at;
        out.bugs = std::move(bugs);
        return out;
    }
    void commit(storage::report const& r) const
    {
        writer_->in_transaction([&] { writer_->apply(r); });
    }
    std::vector<storage::settled_bug> const& known() const { return known_; }
    check::interpreter const& words() const { return words_; }
    check::schedule_policy const& policy() const { return policy_; }

private:
    void commit(std::vector<storage::settled_bug> bugs) const { commit(report_of(std::move(bugs), day_0)); }
    std::string file() const { return folder_ + "/db"; }
    static std::string make_folder()
    {
        auto pattern = (std::filesystem::temp_directory_path() / "checkwatches-hot-XXXXXX").string();
        if (::mkdtemp(pattern.data()) == nullptr)
            throw std::runtime_error("no temporary folder");
        return pattern;
    }

    std::string folder_ = make_folder();
    std::unique_ptr<storage::store> writer_ = storage::store::open(file()).value();
    std::unique_ptr<storage::reader> reader_;
    storage::report report_;
    std::vector<storage::bug_id> batch_ids_;
    std::vector<storage::settled_bug> known_;
    adapters::registry kinds_;
    check::interpreter words_{*kinds_.find("bugzilla"), nullptr};
    check::schedule_policy policy_;
};

hot_work make_settling(std::size_t step)
{
    auto const in = std::make_shared<world>();
    auto prepare = [in, step] {
        return [in, batch = in->known(), found = findings_of(in->known(), step)]() mutable {
            auto const now = day_0 + std::chrono::days{1};
            auto const all = check::settle(
                std::move(batch), std::move(found), in->words(), in->policy(), now);
            if (all.size() != batch_size)
                throw std::runtime_error("not all were settled");
        };
    };
    return {.bugs = batch_size, .prepare = std::move(prepare)};
}

// Each report is the next day's; `step`: what changes from one to the next.
hot_work make_committing(std::size_t step)
{
    struct history {
        world in{};
        std::vector<storage::settled_bug> batch = in.known();
        std::size_t days = 0;

        storage::report next(std::size_t changes)
        {
            ++days;
            auto const now = day_0 + std::chrono::days{days};
            auto settled = in.settle(batch, changes * days, now);
            for (std::size_t i = 0; i != settled.size(); ++i)
                batch[i].after = settled[i].after;
            return in.report_of(std::move(settled), now);
        }
    };
    auto const of = std::make_shared<history>();
    auto prepare = [of, step] { return [of, next = of->next(step)] { of->in.commit(next); }; };
    return {.bugs = batch_size, .prepare = std::move(prepare)};
}

hot_work make_row_reading()
{
    auto const in = std::make_shared<world>();
    auto prepare = [in] {
        return [in] {
            if (in->read().size() != batch_size)
                throw std::runtime_error("not all were read");
        };
    };
    return {.bugs = batch_size, .prepare = std::move(prepare)};
}

// Many trackers with many bugs, whose appointments are spread over a week.
class crowd {
public:
    crowd()
    {
        for (std::size_t i = 0; i != trackers; ++i) {
            hosts_.emplace_back();
            auto& d = desks_.emplace_back();
            d.host = &hosts_.back();
            std::vector<check::agenda::entry> all;
            for (std::size_t n = 0; n != bugs_each; ++n) {
                auto const part = (n * trackers + i) * 2'654'435'761U % 604'800U;
                all.push_back(check::agenda::make_entry(
                    static_cast<std::uint32_t>(n), day_0 + std::chrono::seconds{part}));
            }
            d.due.fill(std::move(all));
            turns_.sleep(d, *d.due.earliest());
        }
    }

    // Chooses the next that fall due, as the engine does; each is given its next appointment.
    void pick()
    {
        std::size_t got = 0;
        while (got < to_pick) {
            auto const now = *turns_.next_wake();
            turns_.wake(now);
            while (auto* const d = turns_.next({})) {
                for (auto const& e : d->due.take_due(now, to_pick)) {
                    ++got;
                    d->due.add(check::agenda::make_entry(e.number, now + std::chrono::days{7}));
                }
                turns_.ended(*d);
                turns_.sleep(*d, *d->due.earliest());
            }
        }
    }

    static constexpr std::size_t to_pick = 1'000;

private:
    static constexpr std::size_t trackers = 200;
    static constexpr std::size_t bugs_each = 500;

    std::deque<check::host_desk> hosts_;
    std::deque<check::desk> desks_;
    check::turns turns_;
};

hot_work make_picking()
{
    auto const all = std::make_shared<crowd>();
    return {.bugs = crowd::to_pick, .prepare = [all] { return [all] { all->pick(); }; }};
}

} // namespace

std::vector<hot_path> settling_paths()
{
    return {
        {.name = "rows-read", .make = make_row_reading},
        {.name = "settle-unchanged", .make = [] { return make_settling(0); }},
        {.name = "settle-changed", .make = [] { return make_settling(1); }},
        {.name = "commit-unchanged", .make = [] { return make_committing(0); }},
        {.name = "commit-changed", .make = [] { return make_committing(1); }},
        {.name = "pick-due", .make = make_picking},
    };
}
