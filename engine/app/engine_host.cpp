#include "engine/app/engine_host.hpp"

#include "engine/app/network.hpp"
#include "engine/app/web_lore.hpp"

namespace checkwatches::app {

result<std::unique_ptr<engine_host>> engine_host::open(
    std::string const& database,
    config const& conf,
    logger& log,
    storage::patience with,
    check::engine_observer* told)
{
    std::unique_ptr<engine_host> host{new engine_host};
    host->database_ = database;
    host->kinds_ = load_kinds(conf);
    report_bad_descriptions(host->kinds_, log);
    auto client = make_client(host->loop_.get_executor(), conf);
    if (!client)
        return client.error();
    auto store = storage::store::open(database);
    if (!store)
        return store.error();
    auto reader = storage::reader::open(database);
    auto aside = storage::reader::open(database);
    if (!reader || !aside)
        return reader ? aside.error() : reader.error();
    host->network_ = std::move(*client);
    host->writer_.emplace(std::move(*store), with);
    host->reader_.emplace(std::move(*reader));
    auto set_budget =
        [network = host->network_.get()](std::string const& origin, net::budget_settings const& budget) {
            network->set_budget(origin, budget);
        };
    check::engine_parts const parts{
        .executor = host->loop_.get_executor(),
        .time = host->time_,
        .network = *host->network_,
        .set_budget = std::move(set_budget),
        .writer = *host->writer_,
        .reader = *host->reader_,
        .kinds = host->kinds_.all,
        .log = log,
        .observer = told};
    host->engine_.emplace(parts, conf.engine);
    host->aside_.emplace(std::move(*aside));
    host->follower_.emplace(intake::follower_parts{
        .database = database,
        .from = *host->aside_,
        .over = *host->network_,
        .kinds = host->kinds_.all,
        .time = host->time_,
        .log = log});
    host->pass_ = conf.engine.pass;
    host->duplicates_ = conf.duplicates;
    host->drain_ = conf.engine.drain;
    host->lore_ = make_lore(host->kinds_.all, conf);
    return host;
}

std::shared_ptr<serve::lore const> engine_host::lore() const
{
    std::lock_guard const guard{lore_guard_};
    return lore_;
}

void engine_host::reload(config const& conf)
{
    for (auto const& [origin, budget] : conf.engine.hosts)
        network_->set_budget(origin, budget);
    engine_->reload(conf.engine);
    pass_ = conf.engine.pass;
    duplicates_ = conf.duplicates;
    auto fresh = make_lore(kinds_.all, conf);
    std::lock_guard const guard{lore_guard_};
    lore_ = std::move(fresh);
}

awaitable<result<intake::added_watch>> engine_host::take_in(intake::wanted_watch want, std::string kind)
{
    intake::take_in_parts with{
        .database = database_, .from = *aside_, .over = *network_, .kinds = kinds_.all};
    auto added = co_await intake::take_in(
        std::move(with), std::move(want), std::move(kind), pass_.credentials, pass_.capabilities_last);
    if (!added)
        co_return added;
    // One that was there may have been left alone, since nobody watched it.
    std::vector<storage::bug_id> moved;
    if (!added->new_bug)
        moved.push_back(added->bug);
    auto const known = co_await engine_->refresh(std::move(moved));
    if (!known)
        co_return known.error();
    co_return added;
}

result<std::unique_ptr<storage::background_reader>> engine_host::another_reader() const
{
    auto reader = storage::reader::open(database_);
    if (!reader)
        return reader.error();
    return std::make_unique<storage::background_reader>(std::move(*reader));
}

result<std::string> engine_host::store_id() const
{
    auto const reader = storage::reader::open(database_);
    if (!reader)
        return reader.error();
    return (*reader)->store_id();
}

awaitable<result<intake::follow_report>> engine_host::follow_moves()
{
    if (engine_->status().offline)
        co_return intake::follow_report{};
    auto done = co_await follower_->run(pass_.credentials, pass_.capabilities_last, duplicates_);
    if (done && done->added) {
        auto const taken = co_await engine_->refresh();
        if (!taken)
            co_return taken.error();
    }
    co_return done;
}

// What a coroutine of the engine holds must be gone before the engine is.
void engine_host::finish(std::chrono::milliseconds bound)
{
    auto whole = [](check::engine& engine, std::chrono::milliseconds within) -> awaitable<result<void>> {
        co_await engine.finish(within);
        co_return result<void>{};
    };
    static_cast<void>(run_loop(loop_, whole(*engine_, bound), on_signal::ignore));
}

} // namespace checkwatches::app
