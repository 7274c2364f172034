// A mock Debbugs: /cgi-bin/soap.cgi with get_status and get_bug_log as SOAP::Lite writes them, and
// /cgi-bin/bugreport.cgi for people. It has no accounts: the hidden bug is left out like a missing one.
//
// Options: `empty` is how no bugs are written: "element" (as it is), "map" or "nil"; `numbers=1`: each
// subject is the bug's number, which is sent as an int; `poison=N`: bug N cannot be read, which ends every
// call for it in a fault.

#include "bench/mock/kinds.hpp"
#include "bench/mock/text.hpp"

#include <fmt/format.h>
#include <pugixml.hpp>

#include <algorithm>
#include <array>

namespace checkwatches::mock {

namespace {

constexpr std::string_view gone_text = "There is no record of Bug";

constexpr status_word debbugs_statuses[]{
    {"open", true, false}, {"forwarded", true, false}, {"done", false, false}};
constexpr std::string_view debbugs_severities[]{
    "critical", "grave", "serious", "important", "normal", "minor", "wishlist"};
constexpr std::array<std::string_view, 6> debbugs_tags{
    "", "moreinfo", "patch upstream", "pending", "l10n wontfix", "confirmed"};
constexpr std::array<std::string_view, 3> debbugs_options{"empty", "numbers", "poison"};

struct call {
    std::string method{};
    std::vector<std::int64_t> ids{};
};

std::string_view local(std::string_view name)
{
    return name.substr(name.find(':') == std::string_view::npos ? 0 : name.find(':') + 1);
}

pugi::xml_node child_of(pugi::xml_node in, std::string_view name)
{
    return in.find_child([&](pugi::xml_node c) { return local(c.name()) == name; });
}

// The ids are items of one array, or arguments of their own.
std::optional<call> read_call(std::string_view body)
{
    pugi::xml_document document;
    if (!document.load_buffer(body.data(), body.size()))
        return std::nullopt;
    auto const method = child_of(child_of(document, "Envelope"), "Body").first_child();
    if (!method)
        return std::nullopt;
    call out{.method = std::string{local(method.name())}};
    for (pugi::xml_node const argument : method.children()) {
        bool const is_list = local(argument.first_child().name()) == "item";
        if (is_list)
            for (pugi::xml_node const item : argument.children())
                out.ids.push_back(read_id(item.text().get()).value_or(0));
        else
            out.ids.push_back(read_id(argument.text().get()).value_or(0));
    }
    return out;
}

std::string base64(std::string_view bytes)
{
    constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string out;
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        auto const part = bytes.substr(i, 3);
        std::uint32_t bits = 0;
        for (std::size_t k = 0; k != 3; ++k)
            bits = (bits << 8U) | (k < part.size() ? static_cast<unsigned char>(part[k]) : 0U);
        for (std::size_t k = 0; k != 4; ++k)
            out += k <= part.size() ? digits[(bits >> (18 - 6 * k)) & 63U] : '=';
    }
    return out;
}

// An element of the type that SOAP::Lite takes a text for.
std::string element(std::string_view name, std::string_view text)
{
    bool const plain = std::ranges::all_of(text, [](char c) { return c >= ' ' || c == '\n' || c == '\t'; });
    constexpr std::int64_t greatest_int = 2'147'483'647;
    bool const number = read_id(text).value_or(greatest_int + 1) <= greatest_int;
    std::string content;
    if (plain)
        append_xml(content, text);
    else
        content = base64(text);
    return fmt::format(
        "<{0} xsi:type=\"xsd:{1}\">{2}</{0}>",
        name,
        plain ? (number ? "int" : "string") : "base64Binary",
        content);
}

std::string number_text(std::int64_t n)
{
    return std::to_string(n);
}

class debbugs_site final : public site {
public:
    explicit debbugs_site(site_ground ground)
        : ground_{std::move(ground)},
          poison_{read_id(ground_.options.option("poison", "0")).value_or(0)}
    {}

private:
    answer reply(unsigned status, std::string_view type, std::string body) const
    {
        answer a{.status = status, .frame = answer::framing::length};
        a.headers = {
            {"Date", http_time(ground_.now())},
            {"Server", "Apache"},
            {"Content-Type", std::string{type}},
            {std::string{framing_mark}, ""},
            {"X-Clacks-Overhead", "GNU Terry Pratchett"}};
        a.body = std::move(body);
        return a;
    }

    answer answer_to(request const& rq) override
    {
        if (rq.path == "/cgi-bin/soap.cgi")
            return rq.method == "POST" ? soap(rq) : reply(411, "text/plain", "");
        if (rq.path == "/cgi-bin/bugreport.cgi")
            return page(field(rq.query, "bug").value_or(""));
        if (rq.path == "/")
            return reply(200, "text/html; charset=utf-8", "<html><title>Bug tracking system</title></html>");
        if (read_id(std::string_view{rq.path}.substr(1)))
            return page(std::string_view{rq.path}.substr(1));
        return reply(404, "text/html; charset=iso-8859-1", "<html><title>404 Not Found</title></html>");
    }

    answer page(std::string_view id)
    {
        auto const number = read_id(id);
        auto const* const b = number ? visible(*number) : nullptr;
        if (b == nullptr)
            return reply(
                number ? 404 : 400,
                "text/html; charset=utf-8",
                fmt::format(
                    "<html><title>No such bug</title><h1>{} #{}</h1></html>", gone_text, number.value_or(0)));
        std::string title;
        append_xml(title, b->title);
        auto a = reply(
            200,
            "text/html; charset=utf-8",
            fmt::format("<html><title>#{} - {} - Debian Bug report logs</title></html>", b->id, title));
        a.tells = {{b->id, b->version()}};
        return a;
    }

    bug const* visible(std::int64_t id)
    {
        ground_.bugs.record_asked(id);
        auto const* const b = ground_.bugs.find(id);
        return b == nullptr || b->hidden ? nullptr : b;
    }

    answer message(unsigned status, std::string_view content) const
    {
        auto a = reply(
            status,
            "text/xml; charset=utf-8",
            fmt::format(
                R"(<?xml version="1.0" encoding="UTF-8"?><soap:Envelope)"
                R"( soap:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/")"
                R"( xmlns:apachens="http://xml.apache.org/xml-soap")"
                R"( xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/")"
                R"( xmlns:soapenc="http://schemas.xmlsoap.org/soap/encoding/")"
                R"( xmlns:xsd="http://www.w3.org/2001/XMLSchema")"
                R"( xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">)"
                R"(<soap:Body>{}</soap:Body></soap:Envelope>)",
                content));
        a.headers.emplace_back("SOAPServer", "SOAP::Lite/Perl/1.27");
        return a;
    }

    answer fault(std::string_view code, std::string_view text) const
    {
        std::string escaped;
        append_xml(escaped, text);
        return message(
            500,
            fmt::format(
                "<soap:Fault><faultcode>soap:{}</faultcode><faultstring>{}</faultstring></soap:Fault>",
                code,
                escaped));
    }

    answer soap(request const& rq)
    {
        auto const what = read_call(rq.body);
        if (!what)
            return fault("Client", "Application failed during request deserialization: no element found");
        if (poison_ != 0 && std::ranges::find(what->ids, poison_) != what->ids.end())
            return fault("Server", "Can't use an undefined value as a HASH reference at Debbugs/Status.pm");
        if (what->method == "get_status")
            return get_status(what->ids);
        if (what->method == "get_bug_log" && !what->ids.empty())
            return get_bug_log(what->ids.front());
        return fault(
            "Server", fmt::format("Denied access to method ({}) in class (Debbugs::SOAP)", what->method));
    }

    answer get_status(std::vector<std::int64_t> const& ids)
    {
        std::string items;
        std::vector<told> tells;
        for (auto const id : ids)
            if (auto const* const b = visible(id)) {
                items += fmt::format(
                    "<item>{}<value>{}</value></item>", element("key", number_text(b->id)), record(*b));
                tells.push_back({b->id, b->version()});
            }
        auto const shape = ground_.options.option("empty", "element");
        std::string map;
        if (!items.empty() || shape == "map")
            map = fmt::format("<s-gensym3 xsi:type=\"apachens:Map\">{}</s-gensym3>", items);
        else
            map = shape == "nil" ? "<s-gensym3 xsi:nil=\"true\" />" : "<s-gensym3 />";
        auto a = message(
            200, fmt::format(R"(<get_statusResponse xmlns="Debbugs/SOAP/V1">{}</get_statusResponse>)", map));
        a.tells = std::move(tells);
        return a;
    }

    std::string record(bug const& b) const
    {
        auto const& now = b.now();
        bool const numbers = ground_.options.option("numbers", "0") == "1";
        auto const tags = debbugs_tags[static_cast<std::size_t>(b.id) % debbugs_tags.size()];
        auto const at = number_text(now.since);
        bool const done = now.status == "done";
        // Forwarded bugs keep their address when they are done.
        bool const forwarded = now.status == "forwarded" || (done && b.id % 2 == 0);
        return element("bug_num", number_text(b.id)) + element("id", number_text(b.id))
               + element("severity", now.severity) + element("tags", tags) + element("keywords", tags)
               + element("subject", numbers ? number_text(b.id) : b.title) + element("package", "gadget")
               + element("pending", done ? "done" : "pending")
               + element("done", done ? "J Doe <dev@example.org>" : "")
               + element("forwarded", forwarded ? "https://tracker.example.net/7" : "")
               + element("mergedwith", now.duplicate_of == 0 ? "" : number_text(now.duplicate_of))
               + element("blocks", "") + element("blockedby", "") + element("owner", "")
               + R"(<found_versions soapenc:arrayType="xsd:anyType[0]" xsi:type="soapenc:Array" /><fixed />)"
               + element("originator", "Jürgen <reporter@example.org>") + element("location", "db-h")
               + element("archived", "0") + element("date", number_text(b.created))
               + element("last_modified", at) + element("log_modified", at);
    }

    answer get_bug_log(std::int64_t id)
    {
        auto const* const b = visible(id);
        if (b == nullptr)
            return fault("Server", "Debbugs::Log was unable to be initialized at Debbugs/SOAP.pm line 214.");
        std::string items;
        int number = 3;
        for (auto const& r : remarks_of(*b)) {
            auto const day = http_time(r.at);
            auto const date = day.substr(5, 20) + " +0000";
            auto const header = fmt::format(
                "Received: (at {}) by bugs.example.org; {}\nFrom {} {}\nReceived: from mail.example.net\n"
                "\tby bugs.example.org; {}\nFrom: =?UTF-8?Q?J=C3=BCrgen?= <{}>\nSubject: Bug#{}: news\n"
                "Message-Id: <{}@example.org>\nDate: {}",
                id,
                date,
                r.author,
                day,
                day,
                r.author,
                id,
                r.id,
                date);
            items += mail(header, r.text, number);
            number += 2;
        }
        items += mail(
            "Received: (at fakecontrol) by fakecontrolmessage;\nFrom: Debbugs Internal Request "
            "<owner@bugs.example.org>\nSubject: Internal Control\nMessage-Id: Bug archived.",
            "# A New Hope\nthanks",
            number);
        auto a = message(
            200,
            fmt::format(
                R"(<get_bug_logResponse xmlns="Debbugs/SOAP/V1"><soapenc:Array)"
                R"( soapenc:arrayType="xsd:anyType[{}]" xsi:type="soapenc:Array">{}</soapenc:Array>)"
                R"(</get_bug_logResponse>)",
                remarks_of(*b).size() + 1,
                items));
        a.tells = {{b->id, b->version()}};
        return a;
    }

    static std::string mail(std::string_view header, std::string_view body, int number)
    {
        return "<item>" + element("header", header) + element("body", body)
               + R"(<attachments soapenc:arrayType="xsd:anyType[0]" xsi:type="soapenc:Array" />)"
               + element("msg_num", number_text(number)) + "</item>";
    }

    site_ground ground_;
    std::int64_t poison_;
};

} // namespace

mock_kind debbugs_kind() noexcept
{
    return {
        .name = "debbugs",
        .make = [](site_ground ground) -> std::unique_ptr<site> {
            return std::make_unique<debbugs_site>(std::move(ground));
        },
        .words = [](tracker_options const&) noexcept -> vocabulary {
            return {
                .statuses = debbugs_statuses,
                .resolutions = {},
                .duplicate = {},
                .priorities = {},
                .severities = debbugs_severities};
        },
        .options = debbugs_options};
}

} // namespace checkwatches::mock
