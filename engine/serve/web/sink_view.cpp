#include "engine/serve/web/sink_view.hpp"

namespace checkwatches::serve {

std::vector<sink_view> sinks_of(storage::reader const& in, is_configured_sink const& is_configured)
{
    auto const last = in.last_change();
    std::vector<sink_view> out;
    for (auto& stands : in.sinks()) {
        auto& one = out.emplace_back();
        one.stands = std::move(stands);
        one.is_configured = is_configured(one.stands.name);
        one.behind = last > one.stands.changes ? last - one.stands.changes : 0;
        if (auto const next = in.changes(one.stands.changes, 1); !next.empty())
            one.oldest = next.front().what.at;
        one.parked = in.parked(one.stands.name, sink_view::most_parked);
        one.parked_count = in.parked_count(one.stands.name);
    }
    return out;
}

} // namespace checkwatches::serve
