#include "engine/app/engine_host.hpp"

#include "engine/app/network.hpp"

namespace checkwatches::app {

result<std::unique_ptr<engine_host>>
engine_host::open(std::string const& database, config const& conf, logger& log, storage::patience with)
{
    std::unique_ptr<engine_host> host{new engine_host};
    auto client = make_client(host->loop_.get_executor(), conf);
    if (!client)
        return client.error();
    auto store = storage::store::open(database);
    if (!store)
        return store.error();
    auto reader = storage::reader::open(database);
    if (!reader)
        return reader.error();
    host->network_ = std::move(*client);
    host->writer_.emplace(std::move(*store), with);
    host->reader_.emplace(std::move(*reader));
    auto set_budget =
        [network = host->network_.get()](std::string const& origin, net::budget_settings const& budget) {
            network->set_budget(origin, budget);
        };
    check::engine_parts const parts{
        .time = host->time_,
        .network = *host->network_,
        .set_budget = std::move(set_budget),
        .writer = *host->writer_,
        .reader = *host->reader_,
        .kinds = host->kinds_,
        .log = log};
    host->engine_.emplace(parts, conf.engine);
    return host;
}

void engine_host::reload(config const& conf)
{
    for (auto const& [origin, budget] : conf.hosts)
        network_->set_budget(origin, budget);
    engine_->reload(conf.engine);
}

} // namespace checkwatches::app
