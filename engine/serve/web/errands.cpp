#include "engine/serve/web/errands.hpp"

#include <boost/asio/co_spawn.hpp>

#include <exception>
#include <memory>

namespace checkwatches::serve {

struct errands::errand {
    explicit errand(asio::any_io_executor const& on) : done{on, asio::steady_timer::time_point::max()} {}
    asio::steady_timer done;
    std::optional<answer> came{};
};

errands::errands(asio::any_io_executor executor, control_handler& by, logger& log)
    : executor_{std::move(executor)},
      by_{by},
      log_{log},
      idle_{executor_, asio::steady_timer::time_point::max()}
{}

awaitable<void> errands::run(std::shared_ptr<errand> self, control_request what, std::string actor)
{
    no_progress unheard;
    self->came = co_await by_.handle(std::move(what), std::move(actor), unheard);
}

std::shared_ptr<errands::errand> errands::begin(control_request what, std::string actor)
{
    auto self = std::make_shared<errand>(executor_);
    ++under_way_;
    auto const ended = [this, self](std::exception_ptr failure) {
        try {
            if (failure)
                std::rethrow_exception(failure);
        }
        catch (std::exception const& why) {
            self->came = error{.kind = error_kind::storage, .message = why.what()};
        }
        if (!*self->came)
            log_.write(
                log_level::warning,
                "what a visitor wanted failed",
                {{"why", to_string(self->came->error())}});
        self->done.cancel();
        if (--under_way_ == 0)
            idle_.cancel();
    };
    asio::co_spawn(executor_, run(self, std::move(what), std::move(actor)), ended);
    return self;
}

void errands::start(control_request what, std::string actor)
{
    begin(std::move(what), std::move(actor));
}

awaitable<errands::answer> errands::carry_out(control_request what, std::string actor)
{
    auto const self = begin(std::move(what), std::move(actor));
    while (!self->came)
        co_await self->done.async_wait(use_tuple);
    co_return std::move(*self->came);
}

awaitable<std::optional<errands::answer>>
errands::carry_out(control_request what, std::string actor, std::chrono::milliseconds patience)
{
    auto const self = begin(std::move(what), std::move(actor));
    self->done.expires_after(patience);
    if (!self->came)
        co_await self->done.async_wait(use_tuple);
    co_return std::move(self->came);
}

awaitable<void> errands::all_done(std::chrono::milliseconds most)
{
    idle_.expires_after(most);
    if (under_way_ != 0)
        co_await idle_.async_wait(use_tuple);
}

} // namespace checkwatches::serve
