#include "engine/serve/control_request.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <fmt/format.h>

#include <array>
#include <cstdint>
#include <optional>
#include <set>

namespace checkwatches::serve {
namespace {

namespace json = boost::json;

error wrong(std::string what)
{
    return error{.kind = error_kind::usage, .message = std::move(what)};
}

// The members of a request. Each reader takes one, where it is there, or notes the first thing that is wrong;
// finish() complains about members that nobody took.
class fields {
public:
    explicit fields(json::object const& in) : in_{in} {}

    void read(std::string_view key, bool& into) { take(key, into, "true or false"); }
    void read(std::string_view key, std::string& into) { take(key, into, "a text"); }
    void read(std::string_view key, std::vector<std::string>& into) { take(key, into, "a list of texts"); }
    void read(std::string_view key, std::vector<storage::bug_id>& into)
    {
        take(key, into, "a list of whole numbers");
    }
    void read(std::string_view key, std::optional<bool>& into) { take(key, into, "true or false"); }
    void read(std::string_view key, std::optional<std::int64_t>& into) { take(key, into, "a whole number"); }
    void read(std::string_view key, std::optional<double>& into) { take(key, into, "a number"); }

    void read(std::string_view key, storage::bug_id& into) { take(key, into, "a whole number"); }

    template <class T>
    void need(std::string_view key, T& into)
    {
        read(key, into);
        if (!in_.contains(key))
            complain(fmt::format("the request needs the field \"{}\"", key));
    }

    void complain(std::string what)
    {
        if (!trouble_)
            trouble_ = wrong(std::move(what));
    }

    std::optional<error> const& finish()
    {
        for (auto const& member : in_)
            if (std::string_view const key = member.key(); !taken_.contains(key))
                complain(fmt::format("unknown field \"{}\"; expected one of {}", key, known()));
        return trouble_;
    }

private:
    template <class T>
    void take(std::string_view key, T& into, std::string_view expected)
    {
        taken_.emplace(key);
        auto const* const value = in_.if_contains(key);
        if (value != nullptr && !convert(*value, into))
            complain(fmt::format("\"{}\" must be {}", key, expected));
    }

    static bool convert(json::value const& from, bool& into)
    {
        auto const* const flag = from.if_bool();
        return flag != nullptr && (into = *flag, true);
    }
    static bool convert(json::value const& from, std::string& into)
    {
        auto const* const text = from.if_string();
        return text != nullptr && (into.assign(text->data(), text->size()), true);
    }
    static bool convert(json::value const& from, std::int64_t& into)
    {
        auto const* const number = from.if_int64();
        return number != nullptr && (into = *number, true);
    }
    static bool convert(json::value const& from, storage::bug_id& into)
    {
        std::int64_t number = 0;
        return convert(from, number) && (into = static_cast<storage::bug_id>(number), true);
    }
    static bool convert(json::value const& from, double& into)
    {
        error_code ec;
        auto const number = from.to_number<double>(ec);
        return !ec && (into = number, true);
    }
    template <class T>
    static bool convert(json::value const& from, std::optional<T>& into)
    {
        T value{};
        return convert(from, value) && (into = value, true);
    }
    template <class T>
    static bool convert(json::value const& from, std::vector<T>& into)
    {
        auto const* const list = from.if_array();
        if (list == nullptr)
            return false;
        for (auto const& item : *list)
            if (!convert(item, into.emplace_back()))
                return false;
        return true;
    }

    std::string known() const
    {
        std::string out;
        for (auto const& key : taken_)
            out += (out.empty() ? "" : ", ") + key;
        return out;
    }

    json::object const& in_;
    std::set<std::string, std::less<>> taken_;
    std::optional<error> trouble_;
};

void read_fields(fields& in, wanted_bugs& into)
{
    in.read("trackers", into.trackers);
    in.read("bugs", into.bugs);
    in.read("force", into.force);
}
void read_fields(fields& in, check_call& into)
{
    read_fields(in, into.what);
}
void read_fields(fields& in, cost_call& into)
{
    read_fields(in, into.what);
}
void read_fields(fields&, status_call&) {}
void read_fields(fields& in, refresh_call& into)
{
    in.read("bugs", into.bugs);
}
void read_fields(fields& in, limits_call& into)
{
    in.need("tracker", into.tracker);
}
void read_fields(fields& in, probe_call& into)
{
    in.need("tracker", into.tracker);
}
void read_fields(fields& in, pause_call& into)
{
    in.need("tracker", into.tracker);
    in.read("note", into.note);
}
void read_fields(fields& in, resume_call& into)
{
    in.need("tracker", into.tracker);
}
void read_fields(fields& in, reset_call& into)
{
    in.need("tracker", into.tracker);
}
void read_fields(fields& in, configure_call& into)
{
    in.need("tracker", into.tracker);
    in.read("batch", into.settings.batch);
    in.read("lanes", into.settings.lanes);
    in.read("connections", into.settings.connections);
    in.read("requests_per_second", into.settings.requests_per_second);
    in.read("changed_since", into.settings.changed_since);
    in.read("comments", into.settings.comments);
    in.read("comments_of", into.settings.comments_of);
    in.read("only", into.only);
}

void read_fields(fields& in, watch_call& into)
{
    in.need("url", into.url);
    in.read("label", into.label);
    in.read("owner", into.owner);
    in.read("kind", into.kind);
}
void read_fields(fields& in, unwatch_call& into)
{
    in.need("bug", into.bug);
    in.read("label", into.label);
    in.need("source", into.source);
}
void read_fields(fields& in, meaning_call& into)
{
    in.need("tracker", into.tracker);
    in.need("field", into.field);
    in.need("key", into.key);
    in.need("means", into.means);
}
void read_fields(fields& in, put_away_call& into)
{
    in.need("bug", into.bug);
    in.need("label", into.label);
    in.read("back", into.back);
}

void read_fields(fields& in, sink_test_call& into)
{
    in.need("sink", into.sink);
}
void read_fields(fields& in, sink_retry_call& into)
{
    in.need("sink", into.sink);
    in.read("id", into.id);
}
void read_fields(fields& in, sink_skip_call& into)
{
    in.need("sink", into.sink);
}
void read_fields(fields& in, sink_drop_call& into)
{
    in.need("sink", into.sink);
}
void read_fields(fields& in, lists_call& into)
{
    in.read("force", into.force);
    in.read("put", into.put);
}
void read_fields(fields& in, put_list_call& into)
{
    in.need("list", into.list);
    in.need("format", into.format);
    in.need("text", into.text);
    in.read("force", into.force);
}
void read_fields(fields& in, drop_list_call& into)
{
    in.need("list", into.list);
}

void write_bugs(json::object& out, std::vector<storage::bug_id> const& all)
{
    if (all.empty())
        return;
    auto& bugs = out["bugs"].emplace_array();
    for (auto const id : all)
        bugs.push_back(static_cast<std::int64_t>(id));
}

void write_fields(json::object& out, wanted_bugs const& what)
{
    if (!what.trackers.empty())
        out["trackers"] = json::array(what.trackers.begin(), what.trackers.end());
    write_bugs(out, what.bugs);
    out["force"] = what.force;
}
void write_fields(json::object& out, check_call const& call)
{
    write_fields(out, call.what);
}
void write_fields(json::object& out, cost_call const& call)
{
    write_fields(out, call.what);
}
void write_fields(json::object&, status_call const&) {}
void write_fields(json::object& out, refresh_call const& call)
{
    write_bugs(out, call.bugs);
}
void write_fields(json::object& out, limits_call const& call)
{
    out["tracker"] = call.tracker;
}
void write_fields(json::object& out, probe_call const& call)
{
    out["tracker"] = call.tracker;
}
void write_fields(json::object& out, pause_call const& call)
{
    out["tracker"] = call.tracker;
    out["note"] = call.note;
}
void write_fields(json::object& out, resume_call const& call)
{
    out["tracker"] = call.tracker;
}
void write_fields(json::object& out, reset_call const& call)
{
    out["tracker"] = call.tracker;
}
void write_fields(json::object& out, configure_call const& call)
{
    auto const put = [&](std::string_view key, auto const& value) {
        if (value)
            out[key] = *value;
    };
    out["tracker"] = call.tracker;
    put("batch", call.settings.batch);
    put("lanes", call.settings.lanes);
    put("connections", call.settings.connections);
    put("requests_per_second", call.settings.requests_per_second);
    put("changed_since", call.settings.changed_since);
    put("comments", call.settings.comments);
    if (auto const& products = call.settings.comments_of; !products.empty())
        out["comments_of"] = json::array(products.begin(), products.end());
    if (!call.only.empty())
        out["only"] = json::array(call.only.begin(), call.only.end());
}

void write_fields(json::object& out, watch_call const& call)
{
    out["url"] = call.url;
    out["label"] = call.label;
    out["owner"] = call.owner;
    out["kind"] = call.kind;
}
void write_fields(json::object& out, unwatch_call const& call)
{
    out["bug"] = static_cast<std::int64_t>(call.bug);
    out["label"] = call.label;
    out["source"] = call.source;
}
void write_fields(json::object& out, meaning_call const& call)
{
    out["tracker"] = call.tracker;
    out["field"] = call.field;
    out["key"] = call.key;
    out["means"] = call.means;
}
void write_fields(json::object& out, put_away_call const& call)
{
    out["bug"] = static_cast<std::int64_t>(call.bug);
    out["label"] = call.label;
    out["back"] = call.back;
}

void write_fields(json::object& out, sink_test_call const& call)
{
    out["sink"] = call.sink;
}
void write_fields(json::object& out, sink_retry_call const& call)
{
    out["sink"] = call.sink;
    if (call.id)
        out["id"] = *call.id;
}
void write_fields(json::object& out, sink_skip_call const& call)
{
    out["sink"] = call.sink;
}
void write_fields(json::object& out, sink_drop_call const& call)
{
    out["sink"] = call.sink;
}
void write_fields(json::object& out, lists_call const& call)
{
    out["force"] = call.force;
    out["put"] = call.put;
}
void write_fields(json::object& out, put_list_call const& call)
{
    out["list"] = call.list;
    out["format"] = call.format;
    out["text"] = call.text;
    out["force"] = call.force;
}
void write_fields(json::object& out, drop_list_call const& call)
{
    out["list"] = call.list;
}

template <class Call>
control_request read_call(fields& in)
{
    Call call{};
    read_fields(in, call);
    return call;
}

struct known_call {
    std::string_view name;
    control_request (*read)(fields& in);
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
    json::object out{{"v", control_version}};
    std::visit(
        [&]<class Call>(Call const& call) {
            out["do"] = Call::name;
            write_fields(out, call);
        },
        request);
    return json::serialize(out) + "\n";
}

result<control_request> read_request(std::string_view line)
{
    auto const object = parse_object(line);
    if (!object)
        return object.error();
    fields in{*object};
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
