#include "bench/mock/mantis.hpp"

#include <fmt/format.h>
#include <pugixml.hpp>

#include <iterator>

namespace checkwatches::mock {

namespace {

constexpr std::string_view envelope =
    R"(<?xml version="1.0" encoding="UTF-8"?>
<SOAP-ENV:Envelope xmlns:SOAP-ENV="http://schemas.xmlsoap.org/soap/envelope/")"
    R"( xmlns:ns1="http://futureware.biz/mantisconnect" xmlns:SOAP-ENC="http://schemas.xmlsoap.org/soap/encoding/")"
    R"( xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance")"
    R"( SOAP-ENV:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/"><SOAP-ENV:Body>)";

std::string local_name(pugi::xml_node node)
{
    std::string_view const name = node.name();
    return std::string{name.substr(name.find(':') + 1)};
}

std::string text_of(pugi::xml_node call, char const* name)
{
    return call.child(name).text().get();
}

std::string_view without_zone(std::string_view iso)
{
    return iso.substr(0, iso.size() - 1);
}

void append_text(std::string& out, std::string_view name, std::string_view type, std::string_view text)
{
    fmt::format_to(std::back_inserter(out), "<{} xsi:type=\"xsd:{}\">", name, type);
    append_xml(out, text);
    fmt::format_to(std::back_inserter(out), "</{}>", name);
}

void append_number(std::string& out, std::string_view name, int number)
{
    append_text(out, name, "integer", std::to_string(number));
}

void append_ref(std::string& out, std::string_view name, mantis_word const& word)
{
    fmt::format_to(std::back_inserter(out), "<{} xsi:type=\"ns1:ObjectRef\">", name);
    append_number(out, "id", word.number);
    append_text(out, "name", "string", word.name);
    fmt::format_to(std::back_inserter(out), "</{}>", name);
}

// The main fields, as numbers.
std::string header_item(bug const& b)
{
    auto const& now = b.now();
    std::string out = "<item xsi:type=\"ns1:IssueHeaderData\">";
    append_number(out, "id", b.id);
    append_number(out, "view_state", b.hidden ? 50 : 10);
    append_text(out, "last_updated", "dateTime", std::string{without_zone(iso_time(now.since))} + "+00:00");
    append_text(out, "category", "string", "Core");
    append_number(out, "priority", mantis_priority(now).number);
    append_number(out, "severity", mantis_severity(now).number);
    append_number(out, "status", mantis_status(now).number);
    append_text(out, "summary", "string", b.title);
    out += "<handler xsi:nil=\"true\"/>";
    append_number(out, "resolution", mantis_resolution(now).number);
    append_number(out, "notes_count", 0);
    return out + "</item>";
}

std::string issue_data(bug const& b)
{
    auto const& now = b.now();
    std::string out = "<return xsi:type=\"ns1:IssueData\">";
    append_number(out, "id", b.id);
    append_text(out, "last_updated", "dateTime", std::string{without_zone(iso_time(now.since))} + "+00:00");
    append_ref(out, "priority", mantis_priority(now));
    append_ref(out, "severity", mantis_severity(now));
    append_ref(out, "status", mantis_status(now));
    append_text(out, "summary", "string", b.title);
    append_ref(out, "resolution", mantis_resolution(now));
    append_text(out, "description", "string", "It broke.");
    if (now.duplicate_of != 0) {
        out += "<relationships SOAP-ENC:arrayType=\"ns1:RelationshipData[1]\" xsi:type=\"SOAP-ENC:Array\">"
               "<item xsi:type=\"ns1:RelationshipData\">";
        append_number(out, "id", b.id);
        append_ref(out, "type", {.number = 0, .name = "duplicate of"});
        append_number(out, "target_id", now.duplicate_of);
        out += "</item></relationships>";
    }
    return out + "</return>";
}

class soap_server {
public:
    soap_server(mantis_ground& at, request const& rq) : at_{at}, rq_{rq} {}

    answer serve()
    {
        pugi::xml_document document;
        if (!document.load_buffer(rq_.body.data(), rq_.body.size()))
            return fault(500, "text/xml; charset=utf-8", "Bad Request", "SOAP-ENV:Client");
        auto const body = document.document_element().find_child(
            [](pugi::xml_node n) { return local_name(n) == "Body"; });
        auto const call = body.find_child([](pugi::xml_node n) { return n.type() == pugi::node_element; });
        auto const method = local_name(call);
        if (method == "mc_version")
            return respond(method, result_text(at_.version()));
        bool const known_method = method == "mc_login" || method == "mc_issue_get"
                                  || method == "mc_enum_status"
                                  || (method == "mc_issues_get_header" && at_.is_on("header_batch"));
        if (!known_method)
            return fault(
                500,
                "text/xml; charset=utf-8",
                fmt::format("Procedure '{}' not present", method),
                "SOAP-ENV:Server");
        auto const who = at_.visitor(text_of(call, "username"), text_of(call, "password"));
        if (!who)
            return fault(500, "text/xml; charset=utf-8", "Access denied", "SOAP-ENV:Client");
        if (method == "mc_login")
            return log_in(*who);
        if (method == "mc_enum_status")
            return statuses();
        if (method == "mc_issue_get")
            return one(*who, text_of(call, "issue_id"));
        return headers(*who, call.child("issue_ids"));
    }

private:
    static std::string result_text(std::string_view text)
    {
        std::string out;
        append_text(out, "return", "string", text);
        return out;
    }

    answer respond(std::string_view method, std::string const& result)
    {
        return at_.page(
            200,
            "text/xml; charset=utf-8",
            fmt::format(
                "{0}<ns1:{1}Response>{2}</ns1:{1}Response></SOAP-ENV:Body></SOAP-ENV:Envelope>\n",
                envelope,
                method,
                result));
    }

    answer fault(unsigned status, std::string_view type, std::string_view text, std::string_view code)
    {
        std::string escaped;
        append_xml(escaped, text);
        return at_.page(
            status,
            type,
            fmt::format(
                "<SOAP-ENV:Envelope xmlns:SOAP-ENV=\"http://schemas.xmlsoap.org/soap/envelope/\">\n"
                "<SOAP-ENV:Body>\n\t<SOAP-ENV:Fault>\n\t\t<faultcode>{}</faultcode>\n"
                "\t\t<faultstring>{}</faultstring>\n\t</SOAP-ENV:Fault>\n"
                "</SOAP-ENV:Body>\n</SOAP-ENV:Envelope>\n",
                code,
                escaped));
    }

    answer log_in(mantis_visitor const& who)
    {
        std::string out = "<return xsi:type=\"ns1:UserData\"><account_data xsi:type=\"ns1:AccountData\">";
        append_number(out, "id", who.known ? 3 : 2);
        append_text(out, "name", "string", who.name);
        return respond("mc_login", out + "</account_data></return>");
    }

    answer statuses()
    {
        std::string out = "<return SOAP-ENC:arrayType=\"ns1:ObjectRef[7]\" xsi:type=\"SOAP-ENC:Array\">";
        for (auto const& one : at_.site.bugs.words().statuses)
            append_ref(out, "item", mantis_status({.status = std::string{one.word}}));
        return respond("mc_enum_status", out + "</return>");
    }

    // A missing issue is told with 200 and as HTML, a denied one with 500 and as XML.
    answer one(mantis_visitor const& who, std::string const& id)
    {
        auto const* b = at_.find(read_id(id).value_or(0));
        if (b == nullptr)
            return fault(
                200, "text/html; charset=UTF-8", fmt::format("Issue #{} not found", id), "SOAP-ENV:Client");
        if (b->hidden && !who.known)
            return fault(
                500,
                "text/xml; charset=utf-8",
                fmt::format("Access denied for user {}.", who.name),
                "SOAP-ENV:Client");
        auto a = respond("mc_issue_get", issue_data(*b));
        a.tells = {{b->id, b->version()}};
        return a;
    }

    answer headers(mantis_visitor const& who, pugi::xml_node ids)
    {
        std::string out;
        std::vector<told> tells;
        for (auto const id : ids.children()) {
            auto const* b = at_.find(read_id(id.text().get()).value_or(0));
            if (b == nullptr || (b->hidden && !who.known))
                continue;
            out += header_item(*b);
            tells.push_back({b->id, b->version()});
        }
        auto a = respond(
            "mc_issues_get_header",
            fmt::format(
                "<return SOAP-ENC:arrayType=\"ns1:IssueHeaderData[{}]\" "
                "xsi:type=\"SOAP-ENC:Array\">{}</return>",
                tells.size(),
                out));
        a.tells = std::move(tells);
        return a;
    }

    mantis_ground& at_;
    request const& rq_;
};

} // namespace

answer mantis_soap(mantis_ground& at, request const& rq)
{
    if (!at.is_on("soap"))
        return at.page(200, "text/html; charset=UTF-8", "PHP SOAP extension is not enabled.");
    soap_server server{at, rq};
    return server.serve();
}

} // namespace checkwatches::mock
