#include "engine/app/bulk_add.hpp"

#include "engine/app/newcomers.hpp"
#include "engine/app/running_instance.hpp"

#include <utility>

namespace checkwatches::app {

result<bulk_outcome> add_in_bulk(
    std::string const& database,
    config const& conf,
    adapters::registry const& kinds,
    bulk_addition const& what)
{
    auto store = storage::store::open(database);
    if (!store)
        return store.error();
    auto const reader = storage::reader::open(database);
    if (!reader)
        return reader.error();

    bulk_outcome out{.asked = intake::unknown_trackers(**reader, kinds, what.only_kind, what.watches)};
    out.asked.insert(what.trackers.begin(), what.trackers.end());
    if (auto const asked = settle_newcomers(conf, out.asked, what.probe); !asked)
        return asked.error();
    intake::intake into{**reader, **store, kinds, what.only_kind, conf.engine.pass.capabilities_last};
    out.watches = into.add(what.watches, out.asked);

    bool any = !what.trackers.empty();
    std::vector<storage::bug_id> again;
    for (auto const& one : out.watches) {
        any = any || one.has_value();
        if (one && one->new_watch && !one->new_bug)
            again.push_back(one->bug);
    }
    if (any)
        announce_additions(database, std::move(again));
    return out;
}

} // namespace checkwatches::app
