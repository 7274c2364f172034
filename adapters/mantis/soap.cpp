#include "adapters/mantis/soap.hpp"

#include "adapters/trouble.hpp"
#include "adapters/wire/page.hpp"
#include "adapters/wire/text.hpp"

#include <fmt/format.h>

#include <iterator>

namespace checkwatches::adapters::mantis {
namespace {

constexpr std::string_view name_space = "http://futureware.biz/mantisconnect";

std::string escaped(std::string_view text)
{
    std::string out;
    for (char const c : text) {
        if (c == '&')
            out += "&amp;";
        else if (c == '<')
            out += "&lt;";
        else
            out += c;
    }
    return out;
}

std::string text_part(std::string_view name, std::string_view text)
{
    return fmt::format("<{0} xsi:type=\"xsd:string\">{1}</{0}>", name, text);
}

// By the WSDL's names and in its order: old PHP goes by the order.
std::string parts_of(soap_place const& place, soap_call const& what)
{
    std::string out;
    if (what.logs_in) {
        std::string user;
        if (place.as == soap_place::who::credential)
            user = user_slot;
        else if (place.as == soap_place::who::token)
            user = escaped(place.user);
        bool const anybody = place.as == soap_place::who::anybody;
        out += text_part("username", user);
        out += text_part("password", anybody ? std::string_view{} : secret_slot);
    }
    if (what.list) {
        fmt::format_to(
            std::back_inserter(out),
            "<issue_ids SOAP-ENC:arrayType=\"xsd:integer[{}]\" xsi:type=\"SOAP-ENC:Array\">",
            what.ids.size());
        for (auto const& id : what.ids)
            out += "<item xsi:type=\"xsd:integer\">" + id + "</item>";
        out += "</issue_ids>";
    }
    else if (!what.ids.empty())
        out += "<issue_id xsi:type=\"xsd:integer\">" + what.ids.front() + "</issue_id>";
    return out;
}

request request_of(soap_place const& place, soap_call const& what)
{
    request rq{.method = "POST", .url = place.address, .on_redirect = request::redirects::repost};
    rq.headers.emplace_back("Content-Type", "text/xml; charset=utf-8");
    rq.headers.emplace_back(
        "SOAPAction",
        fmt::format("\"http://www.mantisbt.org/bugs/api/soap/mantisconnect.php/{}\"", what.method));
    rq.body = fmt::format(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>"
        "<SOAP-ENV:Envelope xmlns:SOAP-ENV=\"http://schemas.xmlsoap.org/soap/envelope/\""
        " xmlns:SOAP-ENC=\"http://schemas.xmlsoap.org/soap/encoding/\""
        " xmlns:xsd=\"http://www.w3.org/2001/XMLSchema\""
        " xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xmlns:m=\"{0}\">"
        "<SOAP-ENV:Body><m:{1}>{2}</m:{1}></SOAP-ENV:Body></SOAP-ENV:Envelope>",
        name_space,
        what.method,
        parts_of(place, what));
    if (what.logs_in && place.as != soap_place::who::anybody)
        rq.login = login_place{.place = login_place::where::body};
    return rq;
}

} // namespace

awaitable<result<soap_answer>> ask(remote& at, soap_place const& place, soap_call const& what)
{
    auto const answer = co_await at.ask(request_of(place, what));
    if (!answer)
        co_return answer.error();
    // Faults come as text/html too, and with 500.
    auto const decoded = wire::decode_text(answer->body, answer->header("Content-Type"));
    bool const enveloped = decoded.text.find("Envelope") != std::string::npos;
    bool const may_be = enveloped && (answer->status == 200 || answer->status == 500);
    if (!may_be)
        co_return tracker_trouble(wire::explain(*answer));
    auto read = wire::soap::decode_answer(decoded.text);
    if (!read) {
        auto why = wire::explain(*answer);
        if (answer->status == 200 && why.kind == error_kind::protocol_error)
            why.message = read.error().message;
        co_return tracker_trouble(std::move(why));
    }
    co_return soap_answer{
        .what = std::move(*read),
        .status = answer->status,
        .replaced = decoded.replaced,
        .request = answer->request};
}

error fault_error(wire::soap::fault const& why, std::string request)
{
    auto const words = wire::lower(why.text);
    auto kind = error_kind::protocol_error;
    if (words.find("access denied") != std::string::npos)
        kind = error_kind::forbidden;
    else if (
        words.find("issue") != std::string::npos
        && (words.find("not found") != std::string::npos || words.find("not exist") != std::string::npos))
        kind = error_kind::not_found;
    return error{.kind = kind, .message = shortened(why.text), .request = std::move(request)};
}

} // namespace checkwatches::adapters::mantis
