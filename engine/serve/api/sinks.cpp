#include "engine/serve/api/acts.hpp"
#include "engine/serve/api/arguments.hpp"
#include "engine/serve/api/json_of.hpp"
#include "engine/serve/api/questions.hpp"
#include "engine/serve/web/errands.hpp"

#include <fmt/format.h>

namespace checkwatches::serve {
namespace {

namespace json = boost::json;

constexpr std::size_t most_parked_told = 100;

act_answer carry_out(act const& a, control_request request)
{
    auto done = co_await a.with.work.carry_out(std::move(request), a.actor);
    if (!done)
        co_return done.error();
    act_result out{.body = std::move(*done)};
    co_return out;
}

// An error of kind not_found: there is no sink of this name. What the handler says is meant for people at a
// shell.
result<void> must_be_known(act const& a)
{
    if (a.with.lore_now()->has_sink(a.names.front()))
        return {};
    return no_such(fmt::format("there is no sink \"{}\" in the configuration", a.names.front()));
}

} // namespace

json::object json_of(sink_view const& view)
{
    auto const& s = view.stands;
    json::array parked;
    for (auto const& one : view.parked) {
        if (parked.size() == most_parked_told)
            break;
        parked.push_back(json::object{
            {"kind", one.is_check ? "check" : "change"},
            {"id", one.id},
            {"at", format_time(one.at)},
            {"tries", one.tries},
            {"why", one.why}});
    }
    return {
        {"name", s.name},
        {"kind", s.kind},
        {"configured", view.is_configured},
        {"position", s.changes},
        {"checks_position", s.checks},
        {"behind", view.behind},
        {"oldest", time_or_null(view.oldest)},
        {"delivered", s.delivered},
        {"confirmed_at", time_or_null(s.confirmed_at)},
        {"failing_since", time_or_null(s.failing_since)},
        {"tries", s.tries},
        {"trouble", text_or_null(s.trouble)},
        {"parked", view.parked_count},
        {"parked_events", std::move(parked)}};
}

result<question> ask_sinks(ask const& a)
{
    arguments in{a.rq};
    if (auto const good = in.finish(); !good)
        return good.error();
    return [known = a.known.of_kinds](storage::reader const& store) -> result<json::object> {
        json::array items;
        for (auto const& one : sinks_of(store, [&](auto const& name) { return known->has_sink(name); }))
            items.push_back(json_of(one));
        return json::object{{"items", std::move(items)}};
    };
}

namespace {

// Carries out what needs nothing but the sink's name.
template <class Call>
act_answer act_on_sink(act a)
{
    auto in = members::of(a.rq.body);
    if (!in)
        co_return in.error();
    if (auto const good = in->finish(); !good)
        co_return good.error();
    if (auto const known = must_be_known(a); !known)
        co_return known.error();
    control_request request = Call{.sink = a.names.front()};
    co_return co_await carry_out(a, std::move(request));
}

} // namespace

act_answer act_test_sink(act a)
{
    return act_on_sink<sink_test_call>(std::move(a));
}

act_answer act_skip_sink(act a)
{
    return act_on_sink<sink_skip_call>(std::move(a));
}

act_answer act_retry_sink(act a)
{
    auto in = members::of(a.rq.body);
    if (!in)
        co_return in.error();
    sink_retry_call call{.sink = a.names.front(), .id = in->number("id")};
    if (auto const good = in->finish(); !good)
        co_return good.error();
    if (auto const known = must_be_known(a); !known)
        co_return known.error();
    control_request request = std::move(call);
    co_return co_await carry_out(a, std::move(request));
}

} // namespace checkwatches::serve
