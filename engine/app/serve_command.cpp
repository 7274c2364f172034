#include "engine/app/commands.hpp"
#include "engine/app/instance_lock.hpp"
#include "engine/app/resident.hpp"
#include "engine/app/web_config.hpp"

#include <fmt/format.h>

#include <unistd.h>

namespace checkwatches::app {
namespace {

error held_by(long holder)
{
    auto const who = holder == 0 ? std::string{"another process"} : fmt::format("process {}", holder);
    return error{
        .kind = error_kind::storage,
        .message = fmt::format(
            "{} holds the database already; `checkwatches status` says how it fares", who)};
}

} // namespace

exit_code run_serve(global_options const& global, config const& configured, serve_options const& options)
{
    auto web = with_listen(configured.web, options.listen);
    if (!web)
        return fail(web.error());
    auto conf = configured;
    conf.web = std::move(*web);
    if (auto const made = make_folder_of(global.database); !made)
        return fail(made.error());
    auto const lock = instance_lock::try_take(global.database);
    if (!lock)
        return fail(lock.error());
    if (!*lock)
        return fail(held_by(instance_lock::holder(global.database)));
    service_log log{conf.log, STDERR_FILENO};
    web_news news;
    auto host = engine_host::open(global.database, conf, log, storage::patience::unlimited, &news);
    if (!host)
        return fail(host.error());
    resident program{global, conf, **host, news, log};
    auto const done = program.run();
    return done ? exit_code::done : fail(done.error());
}

} // namespace checkwatches::app
