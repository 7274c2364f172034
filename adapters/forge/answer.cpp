#include "adapters/forge/answer.hpp"

#include "adapters/wire/page.hpp"
#include "adapters/wire/text.hpp"

#include <algorithm>

namespace checkwatches::adapters::forge {
namespace {

constexpr std::string_view json_type = "application/json";

} // namespace

std::optional<wire::json_object> document::object() const noexcept
{
    wire::json_object out;
    if (root().get_object().get(out) != simdjson::SUCCESS)
        return std::nullopt;
    return out;
}

std::optional<wire::json_array> document::array() const noexcept
{
    wire::json_array out;
    if (root().get_array().get(out) != simdjson::SUCCESS)
        return std::nullopt;
    return out;
}

result<document> decode(reply const& from)
{
    auto json = wire::decode_json(from.body, from.header("Content-Type"));
    if (!json) {
        auto why = json.error();
        why.request = from.request;
        return why;
    }
    return document{.json = std::move(json->document), .replaced = json->replaced};
}

result<document> read_document(reply const& from)
{
    if (auto wrong = wire::expect(from, {json_type}))
        return *wrong;
    return decode(from);
}

std::optional<document> read_refusal(reply const& from)
{
    if (from.status < 400 || wire::media_type(from.header("Content-Type")) != json_type)
        return std::nullopt;
    auto in = decode(from);
    if (!in || !in->object())
        return std::nullopt;
    return std::move(*in);
}

std::string next_link(reply const& from)
{
    auto header = from.header("Link");
    while (!header.empty()) {
        auto const open = header.find('<');
        auto const close = header.find('>', std::min(open, header.size()));
        if (close == std::string_view::npos)
            return {};
        auto const address = header.substr(open + 1, close - open - 1);
        header.remove_prefix(close + 1);
        auto const parameters = header.substr(0, header.find('<'));
        if (parameters.find("rel=\"next\"") != std::string_view::npos)
            return std::string{address};
    }
    return {};
}

error unreadable(std::string message, reply const& from)
{
    return error{.kind = error_kind::unparsable, .message = std::move(message), .request = from.request};
}

} // namespace checkwatches::adapters::forge
