#include "engine/net/login.hpp"

#include "engine/core/ascii.hpp"

#include <openssl/evp.h>

#include <functional>

namespace checkwatches::net {
namespace {

std::string base64(std::string const& text)
{
    std::string out(4 * ((text.size() + 2) / 3) + 1, '\0');
    auto const n = EVP_EncodeBlock(
        reinterpret_cast<unsigned char*>(out.data()),
        reinterpret_cast<unsigned char const*>(text.data()),
        static_cast<int>(text.size()));
    out.resize(static_cast<std::size_t>(n));
    return out;
}

std::string xml_escape(std::string_view text)
{
    std::string out;
    for (char const c : text) {
        switch (c) {
        case '&': out += "&amp;"; break;
        case '<': out += "&lt;"; break;
        case '>': out += "&gt;"; break;
        case '"': out += "&quot;"; break;
        case '\'': out += "&apos;"; break;
        default: out += c;
        }
    }
    return out;
}

bool is_form(header_list const& headers)
{
    auto const type = find_header(headers, "Content-Type");
    return same_word(trimmed(type.substr(0, type.find(';'))), "application/x-www-form-urlencoded");
}

// One pass over the body, so that a value that looks like a slot is not replaced again.
std::string fill_slots(std::string_view body, login const& l, bool form)
{
    std::string out;
    auto const escape = form ? percent_encode : xml_escape;
    auto const secret = escape(l.who.value.reveal());
    auto const user = escape(l.who.user);
    while (!body.empty()) {
        if (!l.secret_slot.empty() && body.starts_with(l.secret_slot)) {
            out += secret;
            body.remove_prefix(l.secret_slot.size());
        }
        else if (!l.user_slot.empty() && body.starts_with(l.user_slot)) {
            out += user;
            body.remove_prefix(l.user_slot.size());
        }
        else {
            out += body.front();
            body.remove_prefix(1);
        }
    }
    return out;
}

} // namespace

bool carries_login(request const& rq)
{
    return rq.login && rq.login->who.origin == rq.url.origin();
}

request with_login(request rq)
{
    if (!rq.login)
        return rq;
    auto const& l = *rq.login;
    switch (l.place) {
    case login::where::query:
        rq.url = without_parameter(std::move(rq.url), l.name);
        if (!rq.url.query.empty())
            rq.url.query += '&';
        rq.url.query += percent_encode(l.name) + "=" + percent_encode(l.who.value.reveal());
        break;
    case login::where::header:
        rq.headers.emplace_back(l.name, l.prefix + std::string{l.who.value.reveal()});
        break;
    case login::where::basic:
        rq.headers.emplace_back(
            "Authorization", "Basic " + base64(l.who.user + ":" + std::string{l.who.value.reveal()}));
        break;
    case login::where::body: rq.body = fill_slots(rq.body, l, is_form(rq.headers)); break;
    }
    return rq;
}

std::size_t identity(request const& rq)
{
    if (!rq.login || rq.login->who.origin != rq.url.origin())
        return 0;
    std::hash<std::string_view> const hash;
    auto const user = hash(rq.login->who.user);
    auto const both = user * 31 + hash(rq.login->who.value.reveal());
    return both == 0 ? 1 : both;
}

web_url without_parameter(web_url url, std::string_view name)
{
    std::string kept;
    std::string_view query = url.query;
    while (!query.empty()) {
        auto const field = query.substr(0, query.find('&'));
        query.remove_prefix(std::min(query.size(), field.size() + 1));
        if (percent_decode(field.substr(0, field.find('='))) == name)
            continue;
        if (!kept.empty())
            kept += '&';
        kept += field;
    }
    url.query = std::move(kept);
    return url;
}

} // namespace checkwatches::net
