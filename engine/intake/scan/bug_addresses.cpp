#include "engine/intake/scan/bug_addresses.hpp"

#include "engine/core/ascii.hpp"

#include <algorithm>
#include <array>

namespace checkwatches::intake::scan {
namespace {

constexpr std::size_t longest_address = 8192;

// By byte: whether it can stand in an address here. Brackets, quotes, commas and the like may by RFC 3986,
// but no bug's address has them, and text around it does.
constexpr auto address_bytes = [] {
    std::array<bool, 256> out{};
    for (unsigned c = '0'; c <= '9'; ++c)
        out[c] = true;
    for (unsigned c = 'a'; c <= 'z'; ++c)
        out[c] = out[c - 'a' + 'A'] = true;
    for (char const c : std::string_view{"-._~:/?#@!$&+;=%"})
        out[static_cast<unsigned char>(c)] = true;
    return out;
}();

bool is_address_byte(char c) noexcept
{
    return address_bytes[static_cast<unsigned char>(c)];
}

bool is_word_byte(char c) noexcept
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_digit(char c) noexcept
{
    return c >= '0' && c <= '9';
}

// Where the scheme of the address with its "://" at `mark` begins; npos where it is neither http nor https.
std::size_t scheme_before(std::string_view text, std::size_t mark)
{
    for (std::string_view const scheme : {"https", "http"}) {
        if (mark < scheme.size())
            continue;
        auto const at = mark - scheme.size();
        bool const fits = same_word(text.substr(at, scheme.size()), scheme);
        if (fits && (at == 0 || !is_word_byte(text[at - 1])))
            return at;
    }
    return std::string_view::npos;
}

// An entity of HTML that stands for a bracket or a quote ends an address; "&amp;" belongs to it.
bool ends_by_entity(std::string_view rest)
{
    constexpr std::array<std::string_view, 6> ends{"&lt;", "&gt;", "&quot;", "&apos;", "&nbsp;", "&#"};
    return std::ranges::any_of(ends, [&](std::string_view end) { return rest.starts_with(end); });
}

std::string without_entities(std::string_view address)
{
    constexpr std::string_view entity = "&amp;";
    std::string out;
    out.reserve(address.size());
    while (!address.empty()) {
        auto const at = address.find(entity);
        out += address.substr(0, at);
        if (at == std::string_view::npos)
            break;
        out += '&';
        address.remove_prefix(at + entity.size());
    }
    return out;
}

// What is kept for examples and for networks of one's own: nobody's tracker.
bool is_reserved(std::string_view host)
{
    constexpr std::array<std::string_view, 4> domains{
        "example.com", "example.net", "example.org", "example.edu"};
    constexpr std::array<std::string_view, 6> tops{
        ".example", ".test", ".invalid", ".localhost", ".local", ".localdomain"};
    auto const is_below = [&](std::string_view domain) {
        return host == domain || (host.ends_with(domain) && host[host.size() - domain.size() - 1] == '.');
    };
    return std::ranges::any_of(domains, is_below)
           || std::ranges::any_of(tops, [&](std::string_view top) { return host.ends_with(top); });
}

} // namespace

std::optional<span> address_around(std::string_view text, std::size_t mark)
{
    auto const begin = scheme_before(text, mark);
    if (begin == std::string_view::npos)
        return std::nullopt;
    constexpr std::size_t colon_and_slashes = 3;
    auto const first = mark + colon_and_slashes;
    auto end = first;
    while (end < text.size() && is_address_byte(text[end])
           && !(text[end] == '&' && ends_by_entity(text.substr(end, 8))))
        ++end;
    constexpr std::string_view punctuation = ".,;:!?&#@$=%+~-_";
    while (end > first && punctuation.find(text[end - 1]) != std::string_view::npos)
        --end;
    if (end == first)
        return std::nullopt;
    return span{begin, end};
}

bool is_plausible_host(std::string_view host)
{
    auto const dot = host.rfind('.');
    if (dot == std::string_view::npos || dot == 0 || host.size() - dot < 3 || is_reserved(host))
        return false;
    auto const top = host.substr(dot + 1);
    bool const is_name = std::ranges::all_of(top, [](char c) { return c >= 'a' && c <= 'z'; })
                         || top.starts_with("xn--");
    bool const has_odd_label = host.find("..") != std::string_view::npos
                               || host.find('_') != std::string_view::npos;
    return is_name && !has_odd_label;
}

std::optional<bug_addresses::named> bug_addresses::name(std::string_view address, said how)
{
    if (address.size() > longest_address)
        return std::nullopt;
    if (how == said::as_bug)
        return look_up(address, how);
    // Every bug's address has a number behind the host; a host with one in it is looked at closely.
    if (std::ranges::none_of(address, is_digit))
        return std::nullopt;
    if (others_.contains(address))
        return std::nullopt;
    auto found = look_up(address, how);
    constexpr std::size_t most_others = 4096;
    if (!found) {
        if (others_.size() == most_others)
            others_.clear();
        others_.emplace(address);
    }
    return found;
}

std::optional<bug_addresses::named> bug_addresses::look_up(std::string_view address, said how) const
{
    auto const url = parse_url(without_entities(address));
    if (!url || (how == said::in_passing && !is_plausible_host(url->host)))
        return std::nullopt;
    std::optional<named> first;
    for (auto const& kind : kinds_.all()) {
        auto const bug = kind->recognise(*url);
        if (!bug)
            continue;
        auto const id = kind->normalise(bug->remote_id);
        if (!id) {
            if (!kind->features().polled)
                return std::nullopt;
            continue;
        }
        named one{.url = url->text(), .bug = kind->bug_url(bug->base, *id).text()};
        // http and https are one tracker (same_tracker).
        one.bug.erase(0, bug->base.scheme.size());
        if (!kind->features().polled)
            return one;
        if (!first)
            first = std::move(one);
    }
    return first;
}

} // namespace checkwatches::intake::scan
