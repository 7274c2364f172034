#include "engine/serve/control_event.hpp"

#include <boost/asio/error.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <array>

namespace checkwatches::serve {
namespace {

namespace json = boost::json;
namespace asio = boost::asio;

using category = boost::system::error_category;

// The categories whose numbers mean the same in every process.
category const* category_named(std::string_view name)
{
    std::array<category const*, 5> const all{
        &boost::system::system_category(),
        &boost::system::generic_category(),
        &asio::error::get_misc_category(),
        &asio::error::get_netdb_category(),
        &asio::error::get_addrinfo_category()};
    for (auto const* const one : all)
        if (name == one->name())
            return one;
    return nullptr;
}

std::string text_of(json::object const& in, std::string_view key)
{
    auto const* const value = in.if_contains(key);
    auto const* const text = value == nullptr ? nullptr : value->if_string();
    return text == nullptr ? std::string{} : std::string{text->data(), text->size()};
}

std::optional<std::int64_t> number_of(json::object const& in, std::string_view key)
{
    auto const* const value = in.if_contains(key);
    auto const* const number = value == nullptr ? nullptr : value->if_int64();
    return number == nullptr ? std::nullopt : std::optional{*number};
}

error_kind kind_named(std::string_view name)
{
    for (int i = 0; i <= static_cast<int>(error_kind::storage); ++i)
        if (auto const kind = static_cast<error_kind>(i); word(kind) == name)
            return kind;
    return error_kind::storage;
}

} // namespace

std::string event_line(std::string_view event, json::object fields)
{
    fields["event"] = event;
    auto line = json::serialize(fields);
    line += '\n';
    return line;
}

std::string event_line(std::string_view event, json_text fields)
{
    fields.add("event", event);
    return std::move(fields).text() + "\n";
}

result<json::object> read_event(std::string_view line)
{
    // What trackers said is passed on as it came.
    json::parse_options const options{.max_depth = 32, .allow_invalid_utf8 = true};
    error_code ec;
    auto document = json::parse(line, ec, {}, options);
    auto* const event = document.if_object();
    if (ec || event == nullptr || name_of(*event).empty())
        return error{
            .kind = error_kind::protocol_error,
            .message = "the running instance answered something that is no event",
            .cause = ec};
    return std::move(*event);
}

std::string_view name_of(json::object const& event) noexcept
{
    auto const* const value = event.if_contains("event");
    auto const* const text = value == nullptr ? nullptr : value->if_string();
    return text == nullptr ? std::string_view{} : std::string_view{*text};
}

json::object json_of(error const& e)
{
    json::object out{{"kind", word(e.kind)}, {"message", e.message}};
    if (e.cause && category_named(e.cause.category().name()) != nullptr)
        out["cause"] = json::object{{"category", e.cause.category().name()}, {"code", e.cause.value()}};
    else if (e.cause)
        out["message"] = e.message.empty() ? e.cause.message() : e.message + ": " + e.cause.message();
    if (!e.request.empty())
        out["request"] = e.request;
    if (e.retry_after)
        out["retry_after"] = e.retry_after->count();
    return out;
}

error error_of(json::object const& in)
{
    error out{
        .kind = kind_named(text_of(in, "kind")),
        .message = text_of(in, "message"),
        .request = text_of(in, "request")};
    auto const* const value = in.if_contains("cause");
    if (auto const* const cause = value == nullptr ? nullptr : value->if_object()) {
        auto const* const known = category_named(text_of(*cause, "category"));
        if (known != nullptr)
            out.cause = error_code{static_cast<int>(number_of(*cause, "code").value_or(0)), *known};
    }
    if (auto const wait = number_of(in, "retry_after"))
        out.retry_after = std::chrono::seconds{*wait};
    return out;
}

} // namespace checkwatches::serve
