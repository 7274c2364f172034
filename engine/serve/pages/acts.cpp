#include "engine/serve/pages/form.hpp"
#include "engine/serve/pages/page.hpp"
#include "engine/serve/pages/pages.hpp"
#include "engine/serve/pages/rows.hpp"
#include "engine/serve/pages/shelf.hpp"
#include "engine/serve/pages/state_of_engine.hpp"
#include "engine/serve/pages/text.hpp"
#include "engine/serve/web/errands.hpp"

#include <fmt/format.h>

namespace checkwatches::serve {
namespace {

namespace json = boost::json;
using namespace std::chrono_literals;

} // namespace

awaitable<result<json::object>> pages::ask(control_request what, std::string actor)
{
    no_progress nobody;
    co_return co_await parts_.commands.handle(std::move(what), std::move(actor), nobody);
}

awaitable<pages::came>
pages::begin(control_request what, std::string actor, std::chrono::milliseconds patience)
{
    auto came = co_await parts_.work.carry_out(std::move(what), std::move(actor), patience);
    shelf_->forget();
    co_return came;
}

// Does it, and leads on; what takes longer goes on without us.
awaitable<http_answer>
pages::carry_out(control_request what, std::string location, http_request const& rq, visitor const& who)
{
    // A check takes as long as its trackers do; its page shows what comes of it.
    auto const patience = std::holds_alternative<check_call>(what) ? 300ms : 3'000ms;
    auto op = begin(std::move(what), who.actor, patience);
    auto const done = co_await std::move(op);
    if (!done)
        co_return see_other(std::move(location));
    if (!*done)
        co_return co_await tell(done->error(), rq, who);
    co_return see_other(std::move(location));
}

awaitable<http_answer> pages::watch(http_fields const& form, http_request const& rq, visitor const& who)
{
    auto call = view::watch_of(form);
    if (call.url.empty())
        co_return co_await tell(400, "What is to be watched?", "The address of a bug is missing.", rq, who);
    auto const url = call.url;
    auto op = begin(std::move(call), who.actor, 5s);
    auto const done = co_await std::move(op);
    if (done.has_value()) {
        bool const is_refused = !*done && done->error().kind == error_kind::usage;
        if (is_refused) {
            auto engine = co_await ask(status_call{}, who.actor);
            json::object const state = engine ? std::move(*engine) : json::object{};
            auto const counted = parts_.counted.last();
            view::surroundings const around{counted.get(), state, parts_.time.now(), rq, who};
            co_return finished(view::refused_watch_page(form, done->error()), around);
        }
        if (!*done)
            co_return co_await tell(done->error(), rq, who);
    }
    // Leads to the bug, or while its tracker is still being looked at to the offer to watch it.
    co_return see_other(view::link("/search", {{"q", url}}));
}

awaitable<http_answer> pages::show_cost(std::string tracker, http_request const& rq, visitor const& who)
{
    cost_call call;
    call.what.trackers.push_back(tracker);
    call.what.force = true;
    auto const cost = co_await ask(std::move(call), who.actor);
    if (!cost)
        co_return co_await tell(cost.error(), rq, who);
    auto const count = [&](std::string_view field) { return view::number_of(*cost, field); };
    view::page made{
        .name = "confirm",
        .title = "Check all bugs of " + view::cut(tracker, 80),
        .sentence = fmt::format(
            "Check all {} of {}: {}, {}.",
            counted(count("bugs"), "bug"),
            view::cut(tracker, 80),
            counted(count("requests"), "request"),
            view::about(std::chrono::seconds{count("seconds")}))};
    made.model["path"] = view::path_of_tracker(tracker);
    auto engine = co_await ask(status_call{}, who.actor);
    json::object const state = engine ? std::move(*engine) : json::object{};
    auto const counted = parts_.counted.last();
    view::surroundings const around{counted.get(), state, parts_.time.now(), rq, who};
    co_return finished(std::move(made), around);
}

awaitable<http_answer> pages::act(http_request const& rq, visitor const& who)
{
    if (!who.may_operate)
        co_return co_await tell(403, "Not for you", "Only operators change anything here.", rq, who);
    shelf_->forget();
    auto const form = read_form(rq.body);
    if (!form)
        co_return co_await tell(400, "That cannot be read", "The form is broken.", rq, who);
    auto const& parts = rq.parts;
    bool const is_watch = parts.size() == 1 && parts[0] == "watches";
    if (is_watch)
        co_return co_await watch(*form, rq, who);
    bool const is_tracker_check = parts.size() == 3 && parts[0] == "trackers" && parts[2] == "check";
    if (is_tracker_check) {
        bool const is_confirmed = find_field(*form, "confirm") == "1";
        if (!is_confirmed)
            co_return co_await show_cost(parts[1], rq, who);
    }
    auto wanted = view::command_of(parts, *form, parts_.time.now());
    if (!wanted)
        co_return co_await tell(404, "Not here", "There is no such form.", rq, who);
    if (!*wanted)
        co_return co_await tell(wanted->error(), rq, who);
    auto& [what, location] = **wanted;
    co_return co_await carry_out(std::move(what), std::move(location), rq, who);
}

} // namespace checkwatches::serve
