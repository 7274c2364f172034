#include "adapters/debbugs/service.hpp"

#include "adapters/debbugs/address.hpp"
#include "adapters/trouble.hpp"
#include "adapters/wire/page.hpp"
#include "adapters/wire/text.hpp"

#include <fmt/format.h>

namespace checkwatches::adapters::debbugs {
namespace {

namespace soap = wire::soap;

// The interface's first version; a server that has a later one still speaks it.
constexpr std::string_view space = "Debbugs/SOAP/V1";
constexpr std::string_view spaces = "Debbugs/SOAP";

request call_request(remote const& at, std::string body)
{
    // The header SOAPAction must be there, and may be empty.
    return request{
        .method = "POST",
        .url = service_of(at),
        .headers{{"Content-Type", "text/xml; charset=\"utf-8\""}, {"SOAPAction", ""}},
        .body = std::move(body),
        .on_redirect = request::redirects::repost};
}

bool is_xml(reply const& answer)
{
    auto const type = wire::media_type(answer.header("Content-Type"));
    return type == "text/xml" || type == "application/xml" || type == "application/soap+xml";
}

soap::argument number(std::string const& id)
{
    constexpr std::size_t digits_of_int = 9;
    return {.type = id.size() > digits_of_int ? "long" : "int", .text = id};
}

} // namespace

web_url service_of(remote const& at)
{
    auto const& given = at.api();
    if (given && given->path.ends_with(".cgi"))
        return *given;
    auto const& root = given ? *given : at.base();
    return join(root, std::string{programs_of(root)} + "soap.cgi");
}

request status_request(remote const& at, std::span<std::string const> ids)
{
    std::vector<soap::argument> numbers;
    for (auto const& id : ids)
        numbers.push_back(number(id));
    return call_request(at, soap::encode_list_call(space, get_status, numbers));
}

request log_request(remote const& at, std::string const& id)
{
    return call_request(at, soap::encode_call(space, get_bug_log, number(id)));
}

result<service_answer> read_answer(reply const& answer, std::string_view method)
{
    // A fault comes with 500.
    bool const told = answer.status == 200 || answer.status == 500;
    if (!told || !is_xml(answer))
        return tracker_trouble(wire::explain(answer));
    auto const decoded = wire::decode_text(answer.body, answer.header("Content-Type"));
    auto what = soap::decode_answer(decoded.text);
    if (!what)
        return error{
            .kind = error_kind::protocol_error, .message = what.error().message, .request = answer.request};
    auto const* const response = std::get_if<soap::response>(&*what);
    bool const right = response == nullptr
                       || (response->name == fmt::format("{}Response", method)
                           && response->space.starts_with(spaces));
    if (!right)
        return error{
            .kind = error_kind::protocol_error,
            .message = fmt::format("the SOAP message is not Debbugs' answer to {}", method),
            .request = answer.request};
    return service_answer{.what = std::move(*what), .replaced = decoded.replaced, .request = answer.request};
}

error fault_error(wire::soap::fault const& why, std::string request)
{
    auto const code = why.code.empty() ? std::string{} : shortened(why.code) + ": ";
    return error{
        .kind = error_kind::protocol_error,
        .message = fmt::format("SOAP fault {}{}", code, shortened(wire::trimmed(why.text))),
        .request = std::move(request)};
}

} // namespace checkwatches::adapters::debbugs
