#include "engine/serve/pages/page.hpp"
#include "engine/serve/pages/rows.hpp"
#include "engine/serve/pages/text.hpp"
#include "engine/serve/web/sink_view.hpp"

#include <fmt/format.h>

namespace checkwatches::serve::view {
namespace {

namespace json = boost::json;

json::object mark_of(sink_view const& one)
{
    if (!one.is_configured)
        return mark(state::unknown, "not in the configuration");
    if (one.stands.failing_since)
        return mark(state::failing, "fails");
    if (one.behind != 0)
        return mark(state::waiting, "behind");
    return mark(state::fine, "has everything");
}

json::object row_of(asked const& with, sink_view const& one)
{
    auto const& s = one.stands;
    return {
        {"name", s.name},
        {"path", "/sinks/" + s.name},
        {"kind", s.kind},
        {"mark", mark_of(one)},
        {"trouble", cut(s.trouble, 300)},
        {"since", moment(s.failing_since, with.now)},
        {"tries", counted(s.tries, "try", "tries")},
        {"position", grouped(s.changes)},
        {"behind", grouped(one.behind)},
        {"oldest", moment(one.oldest, with.now)},
        {"delivered", grouped(s.delivered)},
        {"confirmed", moment(s.confirmed_at, with.now)},
        {"parked", grouped(one.parked_count)},
        {"is_configured", one.is_configured},
        {"is_stuck", one.is_failing()}};
}

json::object row_of(asked const& with, storage::parked_event const& one)
{
    return {
        {"sink", one.sink},
        {"path", "/sinks/" + one.sink},
        {"what", fmt::format("{} {}", one.is_check ? "check" : "change", one.id)},
        {"id", one.id},
        {"at", moment(one.at, with.now)},
        {"tries", one.tries},
        {"why", cut(one.why, 300)}};
}

std::string sentence_of(std::vector<sink_view> const& all)
{
    std::int64_t failing = 0;
    std::int64_t behind = 0;
    for (auto const& one : all) {
        failing += one.is_failing() ? 1 : 0;
        behind += one.is_configured && one.behind != 0 ? 1 : 0;
    }
    auto const sinks = static_cast<std::int64_t>(all.size());
    if (all.empty())
        return "Changes go nowhere but to these pages, the API and the feeds.";
    if (failing != 0)
        return fmt::format(
            "{} of {} fail; what they miss is kept for them.", failing, counted(sinks, "sink"));
    if (behind != 0)
        return fmt::format("{} of {} are being told of changes.", behind, counted(sinks, "sink"));
    return fmt::format("Every change was told: {}.", counted(sinks, "sink"));
}

} // namespace

// Where changes go, how far each is, and what could not be told. ?tested=NAME says that a test has arrived.
page sinks_page(asked const& with)
{
    page out{.name = "sinks", .title = "Sinks", .live = "change"};
    auto const all = sinks_of(with.in, [&](auto const& name) { return with.known.has_sink(name); });
    json::array rows;
    json::array parked;
    std::int64_t parked_count = 0;
    for (auto const& one : all) {
        parked_count += one.parked_count;
        rows.push_back(row_of(with, one));
        for (auto const& event : one.parked)
            if (parked.size() != static_cast<std::size_t>(most_rows))
                parked.push_back(row_of(with, event));
    }
    out.sentence = sentence_of(all);
    auto& model = out.model;
    model["tested"] = cut(text_argument(with.rq, "tested").value_or(""), 64);
    model["caption"] = counted(static_cast<std::int64_t>(rows.size()), "sink") + ", by name";
    model["has_rows"] = !rows.empty();
    model["rows"] = std::move(rows);
    model["parked_caption"] = counted(parked_count, "parked event")
                              + ": not taken by the sink, and told again only when you say so";
    model["has_parked"] = !parked.empty();
    model["parked_events"] = std::move(parked);
    return out;
}

} // namespace checkwatches::serve::view
