#include "engine/serve/web/background_check.hpp"

#include <boost/asio/co_spawn.hpp>

#include <exception>

namespace checkwatches::serve {
namespace {

awaitable<void> check(control_handler& by, std::string actor, wanted_bugs what, logger& log)
{
    no_progress unheard;
    control_request request = check_call{std::move(what)};
    auto const done = co_await by.handle(std::move(request), std::move(actor), unheard);
    if (!done)
        log.write(log_level::error, "a check that was asked for failed", {{"why", to_string(done.error())}});
}

} // namespace

void start_check(
    asio::any_io_executor const& executor,
    control_handler& by,
    std::string actor,
    wanted_bugs what,
    logger& log)
{
    auto const told = [&log](std::exception_ptr failure) {
        try {
            if (failure)
                std::rethrow_exception(failure);
        }
        catch (std::exception const& why) {
            log.write(log_level::error, "a check that was asked for broke off", {{"why", why.what()}});
        }
    };
    asio::co_spawn(executor, check(by, std::move(actor), std::move(what), log), told);
}

} // namespace checkwatches::serve
