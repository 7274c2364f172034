#include "engine/app/tally_json.hpp"

#include "engine/serve/control_event.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value_to.hpp>
#include <boost/system/system_error.hpp>

namespace checkwatches::app {
namespace {

namespace json = boost::json;

std::string pack(std::vector<check::failed_bug> const& failed)
{
    std::string out{"["};
    for (auto const& bug : failed) {
        serve::json_text one;
        one.add("remote_id", bug.remote_id).add("outcome", word(bug.how)).add("detail", bug.detail);
        out.append(out.size() == 1 ? "" : ",").append(std::move(one).text());
    }
    return out += ']';
}

std::string pack(std::map<outcome, std::size_t> const& outcomes)
{
    serve::json_text out;
    for (auto const& [how, count] : outcomes)
        out.add(word(how), count);
    return std::move(out).text();
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

serve::json_text pack(check::tracker_tally const& tally)
{
    constexpr std::size_t usual = 320;
    serve::json_text out{usual};
    out.add("tracker", tally.tracker)
        .add("kind", tally.kind)
        .add("base_url", tally.base_url)
        .add("due", tally.due)
        .add_json("outcomes", pack(tally.outcomes))
        .add("changes", tally.changes)
        .add("requests", tally.requests)
        .add_json("failed", pack(tally.failed))
        .add("elapsed_ms", tally.elapsed.count());
    if (tally.trouble)
        out.add_json("trouble", json::serialize(serve::json_of(*tally.trouble)));
    if (tally.moved_to)
        out.add("moved_to", tally.moved_to->text());
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
