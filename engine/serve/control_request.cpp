#include "engine/serve/control_request.hpp"

#include "engine/serve/control_fields.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <fmt/format.h>

#include <array>
#include <concepts>
#include <type_traits>

namespace checkwatches::serve {
namespace {

namespace json = boost::json;

error wrong(std::string what)
{
    return error{.kind = error_kind::usage, .message = std::move(what)};
}

// The fields of each request, for request_reader and request_writer.
template <class T, class Call>
concept of = std::same_as<std::remove_const_t<T>, Call>;

void describe(auto& way, of<wanted_bugs> auto& call)
{
    way.read("trackers", call.trackers);
    way.read("bugs", call.bugs);
    way.read("force", call.force);
}
void describe(auto& way, of<check_call> auto& call)
{
    describe(way, call.what);
}
void describe(auto& way, of<cost_call> auto& call)
{
    describe(way, call.what);
}
void describe(auto&, of<status_call> auto&) {}
void describe(auto& way, of<refresh_call> auto& call)
{
    way.read("bugs", call.bugs);
}
void describe(auto& way, of<limits_call> auto& call)
{
    way.need("tracker", call.tracker);
}
void describe(auto& way, of<probe_call> auto& call)
{
    way.need("tracker", call.tracker);
}
void describe(auto& way, of<pause_call> auto& call)
{
    way.need("tracker", call.tracker);
    way.read("note", call.note);
}
void describe(auto& way, of<resume_call> auto& call)
{
    way.need("tracker", call.tracker);
}
void describe(auto& way, of<reset_call> auto& call)
{
    way.need("tracker", call.tracker);
}
void describe(auto& way, of<configure_call> auto& call)
{
    way.need("tracker", call.tracker);
    way.read("batch", call.settings.batch);
    way.read("lanes", call.settings.lanes);
    way.read("connections", call.settings.connections);
    way.read("requests_per_second", call.settings.requests_per_second);
    way.read("changed_since", call.settings.changed_since);
    way.read("comments", call.settings.comments);
    way.read("comments_of", call.settings.comments_of);
    way.read("only", call.only);
}
void describe(auto& way, of<watch_call> auto& call)
{
    way.need("url", call.url);
    way.read("label", call.label);
    way.read("owner", call.owner);
    way.read("kind", call.kind);
}
void describe(auto& way, of<unwatch_call> auto& call)
{
    way.need("bug", call.bug);
    way.read("label", call.label);
    way.need("source", call.source);
}
void describe(auto& way, of<meaning_call> auto& call)
{
    way.need("tracker", call.tracker);
    way.need("field", call.field);
    way.need("key", call.key);
    way.need("means", call.means);
}
void describe(auto& way, of<put_away_call> auto& call)
{
    way.need("bug", call.bug);
    way.need("label", call.label);
    way.read("back", call.back);
}
void describe(auto& way, of<sink_test_call> auto& call)
{
    way.need("sink", call.sink);
}
void describe(auto& way, of<sink_retry_call> auto& call)
{
    way.need("sink", call.sink);
    way.read("id", call.id);
}
void describe(auto& way, of<sink_skip_call> auto& call)
{
    way.need("sink", call.sink);
}
void describe(auto& way, of<sink_drop_call> auto& call)
{
    way.need("sink", call.sink);
}
void describe(auto& way, of<lists_call> auto& call)
{
    way.read("force", call.force);
    way.read("put", call.put);
}
void describe(auto& way, of<put_list_call> auto& call)
{
    way.need("list", call.list);
    way.need("format", call.format);
    way.need("text", call.text);
    way.read("force", call.force);
}
void describe(auto& way, of<drop_list_call> auto& call)
{
    way.need("list", call.list);
}

template <class Call>
control_request read_call(request_reader& in)
{
    Call call{};
    describe(in, call);
    return call;
}

struct known_call {
    std::string_view name;
    control_request (*read)(request_reader& in);
};

template <class... Call>
constexpr std::array<known_call, sizeof...(Call)> table_of(std::variant<Call...> const*)
{
    return {known_call{Call::name, read_call<Call>}...};
}

constexpr auto known_calls = table_of(static_cast<control_request const*>(nullptr));

std::string names_of_calls()
{
    std::string out;
    for (auto const& call : known_calls)
        out += fmt::format("{}{}", out.empty() ? "" : ", ", call.name);
    return out;
}

result<json::object> parse_object(std::string_view line)
{
    json::parse_options const bounded{.max_depth = most_request_depth};
    error_code ec;
    auto document = json::parse(line, ec, {}, bounded);
    if (ec)
        return wrong(fmt::format("the request is no JSON: {}", ec.message()));
    if (!document.is_object())
        return wrong("the request must be a JSON object");
    return std::move(document.as_object());
}

} // namespace

std::string request_line(control_request const& request)
{
    request_writer out;
    std::visit(
        [&]<class Call>(Call const& call) {
            out.begin(Call::name);
            describe(out, call);
        },
        request);
    return json::serialize(out.members()) + "\n";
}

result<control_request> read_request(std::string_view line)
{
    auto const object = parse_object(line);
    if (!object)
        return object.error();
    request_reader in{*object};
    std::optional<std::int64_t> version;
    std::string what;
    in.read("v", version);
    if (version != control_version)
        return wrong(fmt::format(
            "this program speaks version {} of the protocol: \"v\":{}", control_version, control_version));
    in.need("do", what);
    for (auto const& call : known_calls) {
        if (call.name != what)
            continue;
        auto request = call.read(in);
        if (auto const& trouble = in.finish())
            return *trouble;
        return request;
    }
    return wrong(fmt::format("\"do\" must be one of {}", names_of_calls()));
}

} // namespace checkwatches::serve
