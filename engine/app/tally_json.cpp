#include "engine/app/tally_json.hpp"

#include "engine/serve/control_event.hpp"

#include <boost/json/array.hpp>
#include <boost/json/value_to.hpp>
#include <boost/system/system_error.hpp>

namespace checkwatches::app {
namespace {

namespace json = boost::json;

json::array pack(std::vector<check::failed_bug> const& failed, json::storage_ptr const& in)
{
    json::array out(in);
    for (auto const& bug : failed)
        out.push_back({{"remote_id", bug.remote_id}, {"outcome", word(bug.how)}, {"detail", bug.detail}});
    return out;
}

std::string text(json::value const& in)
{
    auto const& from = in.as_string();
    return {from.data(), from.size()};
}

outcome outcome_named(std::string_view name)
{
    auto const known = parse_outcome(name);
    if (!known)
        throw std::runtime_error{"an outcome that is not known"};
    return *known;
}

check::tracker_tally unpack(json::object const& in)
{
    check::tracker_tally out{
        .tracker = text(in.at("tracker")),
        .kind = text(in.at("kind")),
        .base_url = text(in.at("base_url")),
        .due = in.at("due").to_number<std::size_t>(),
        .changes = in.at("changes").to_number<std::size_t>(),
        .requests = in.at("requests").to_number<std::size_t>(),
        .elapsed = std::chrono::milliseconds{in.at("elapsed_ms").to_number<std::int64_t>()}};
    for (auto const& [name, count] : in.at("outcomes").as_object())
        out.outcomes.emplace(outcome_named(name), count.to_number<std::size_t>());
    for (auto const& item : in.at("failed").as_array()) {
        auto const& bug = item.as_object();
        out.failed.push_back(
            {.remote_id = text(bug.at("remote_id")),
             .how = outcome_named(bug.at("outcome").as_string()),
             .detail = text(bug.at("detail"))});
    }
    if (auto const* const trouble = in.if_contains("trouble"))
        out.trouble = serve::error_of(trouble->as_object());
    if (auto const* const moved_to = in.if_contains("moved_to"))
        out.moved_to = parse_url(text(*moved_to)).value();
    return out;
}

} // namespace

json::object pack(check::tracker_tally const& tally, json::storage_ptr in)
{
    json::object outcomes(in);
    for (auto const& [how, count] : tally.outcomes)
        outcomes.emplace(word(how), count);
    json::object out(std::move(in));
    out.reserve(11);
    out.emplace("tracker", tally.tracker);
    out.emplace("kind", tally.kind);
    out.emplace("base_url", tally.base_url);
    out.emplace("due", tally.due);
    out.emplace("outcomes", std::move(outcomes));
    out.emplace("changes", tally.changes);
    out.emplace("requests", tally.requests);
    out.emplace("failed", pack(tally.failed, out.storage()));
    out.emplace("elapsed_ms", tally.elapsed.count());
    if (tally.trouble)
        out["trouble"] = serve::json_of(*tally.trouble);
    if (tally.moved_to)
        out["moved_to"] = tally.moved_to->text();
    return out;
}

result<check::tracker_tally> unpack_tally(json::object const& in)
{
    try {
        return unpack(in);
    }
    catch (std::exception const& wrong) {
        return error{
            .kind = error_kind::protocol_error,
            .message = std::string{"the running instance told a tracker's result that cannot be read: "}
                       + wrong.what()};
    }
}

} // namespace checkwatches::app
