#include "engine/app/commands.hpp"
#include "engine/app/known_kinds.hpp"
#include "engine/app/newcomers.hpp"
#include "engine/app/running_instance.hpp"
#include "engine/core/api_url.hpp"
#include "engine/intake/intake.hpp"

#include <fmt/format.h>

namespace checkwatches::app {

exit_code
run_tracker_add(global_options const& global, config const& conf, tracker_add_options const& options)
{
    auto const kinds = load_kinds(conf).all;
    auto const* const kind = kinds.find(options.kind);
    if (kind == nullptr)
        return fail(
            {.kind = error_kind::usage, .message = "there is no tracker kind \"" + options.kind + "\""});
    auto const base = parse_url(options.url);
    if (!base)
        return fail(base.error());
    if (options.api)
        if (auto const api = parse_api_url(*options.api); !api)
            return fail(api.error());

    intake::newcomers only;
    auto& one = only[options.url];
    one.tried.push_back({.kind = kind, .bug = {.base = *base}});
    one.api_url = options.api;
    if (auto const asked = settle_newcomers(conf, only, options.probe); !asked)
        return fail(asked.error());
    if (!one.proven)
        return fail(*one.refusal);

    auto store = storage::store::open(global.database);
    if (!store)
        return fail(store.error());
    auto const reader = storage::reader::open(global.database);
    if (!reader)
        return fail(reader.error());
    intake::intake into{**reader, **store, kinds, {}, conf.engine.pass.capabilities_last};
    auto const made = into.register_tracker(one, *one.proven, options.name);
    if (!made)
        return fail(made.error());
    announce_additions(global.database);
    fmt::print("registered {} tracker {} at {}\n", made->kind, made->name, made->base_url);
    return exit_code::done;
}

} // namespace checkwatches::app
