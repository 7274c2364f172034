#include "engine/feed/digest/letter_draft.hpp"

#include "engine/core/control_characters.hpp"
#include "engine/core/url.hpp"

#include <fmt/format.h>

#include <iterator>

namespace checkwatches::feed {
namespace {

constexpr std::size_t most_lines = 40;
constexpr std::size_t longest_title = 120;
constexpr std::size_t longest_subject = 200;
constexpr std::size_t longest_says = 300;
constexpr std::size_t longest_name = 200;

// Of a name such as "label curl" or "tracker bugs.example.org".
struct topic_name {
    std::string_view kind;
    std::string_view key;
};
topic_name parts_of(std::string_view topic)
{
    auto const blank = topic.find(' ');
    return {topic.substr(0, blank), blank == std::string_view::npos ? "" : topic.substr(blank + 1)};
}

std::string escaped(std::string_view text)
{
    std::string out;
    for (char const c : text)
        switch (c) {
        case '&': out += "&amp;"; break;
        case '<': out += "&lt;"; break;
        case '>': out += "&gt;"; break;
        case '"': out += "&quot;"; break;
        case '\'': out += "&#39;"; break;
        default: out += c;
        }
    return out;
}

// An address that may stand in a link: of the web, and nothing else.
bool is_link(std::string_view url)
{
    return url.starts_with("https://") || url.starts_with("http://");
}

std::string bug_name(storage::named_bug const& bug)
{
    return plain(fmt::format("{} #{}", bug.tracker, bug.remote_id), longest_name);
}

std::string why_you_get_this(digest_settings const& of, std::string const& topic)
{
    auto const [kind, key] = parts_of(topic);
    return fmt::format(
        "The digest \"{}\" of checkwatches tells you what it sees of {} \"{}\".",
        of.name,
        kind,
        plain(key, longest_name));
}

std::string more_of(letter_section const& part)
{
    return fmt::format("… and {} more", part.more);
}

std::string text_of(
    letter_draft const& draft, digest_settings const& of, std::string const& topic, std::string const& link)
{
    std::string out;
    auto to = std::back_inserter(out);
    for (auto const& sentence : draft.opening)
        fmt::format_to(to, "{}\n\n", sentence);
    for (auto const& part : draft.sections) {
        if (!part.heading.empty())
            fmt::format_to(to, "{}\n\n", part.heading);
        for (auto const& line : part.lines) {
            fmt::format_to(to, "* {}: {}\n", bug_name(line.what), plain(line.says, longest_says));
            if (!line.what.title.empty())
                fmt::format_to(to, "  {}\n", plain(line.what.title, longest_title));
            if (is_link(line.what.url))
                fmt::format_to(to, "  {}\n", plain(line.what.url, 2000));
        }
        if (part.more != 0)
            fmt::format_to(to, "{}\n", more_of(part));
        out += '\n';
    }
    if (!link.empty())
        fmt::format_to(to, "All of it: {}\n\n", link);
    // "-- " is where a signature begins.
    fmt::format_to(to, "-- \n{}\n", why_you_get_this(of, topic));
    return out;
}

std::string html_of(
    letter_draft const& draft, digest_settings const& of, std::string const& topic, std::string const& link)
{
    std::string out = "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"></head>\n<body>\n";
    auto to = std::back_inserter(out);
    for (auto const& sentence : draft.opening)
        fmt::format_to(to, "<p>{}</p>\n", escaped(sentence));
    for (auto const& part : draft.sections) {
        if (!part.heading.empty())
            fmt::format_to(to, "<h3>{}</h3>\n", escaped(part.heading));
        out += "<ul>\n";
        for (auto const& line : part.lines) {
            auto const name = escaped(bug_name(line.what));
            if (is_link(line.what.url))
                fmt::format_to(to, "<li><a href=\"{}\">{}</a>: ", escaped(plain(line.what.url, 2000)), name);
            else
                fmt::format_to(to, "<li>{}: ", name);
            fmt::format_to(to, "<b>{}</b>", escaped(plain(line.says, longest_says)));
            if (!line.what.title.empty())
                fmt::format_to(to, "<br>{}", escaped(plain(line.what.title, longest_title)));
            out += "</li>\n";
        }
        out += "</ul>\n";
        if (part.more != 0)
            fmt::format_to(to, "<p>{}</p>\n", more_of(part));
    }
    if (!link.empty())
        fmt::format_to(to, "<p><a href=\"{}\">All of it</a></p>\n", escaped(link));
    fmt::format_to(
        to, "<hr>\n<p><small>{}</small></p>\n</body></html>\n", escaped(why_you_get_this(of, topic)));
    return out;
}

} // namespace

void letter_section::add(letter_line line)
{
    if (lines.size() == most_lines)
        ++more;
    else
        lines.push_back(std::move(line));
}

std::string plain(std::string_view text, std::size_t most)
{
    auto out = controls_to_blanks(text);
    if (out.size() <= most)
        return out;
    constexpr std::string_view ellipsis = "…";
    auto end = most - ellipsis.size();
    while (end != 0 && (static_cast<unsigned char>(out[end]) & 0xC0U) == 0x80U)
        --end;
    out.resize(end);
    return out += ellipsis;
}

std::string link_to(letter_style const& style, std::string const& topic)
{
    if (style.web.empty())
        return {};
    auto const [kind, key] = parts_of(topic);
    if (kind == "label" || kind == "owner")
        return fmt::format("{}/watches?{}={}", style.web, kind, percent_encode(key));
    if (kind == "tracker")
        return fmt::format("{}/trackers/{}", style.web, percent_encode(key));
    return style.web + "/changes";
}

letter_texts write_down(
    letter_draft const& draft, digest_settings const& of, letter_style const& style, std::string const& topic)
{
    auto const link = link_to(style, topic);
    auto const key = parts_of(topic).key;
    return {
        .subject = plain(fmt::format("[{}] {}: {}", of.name, key, draft.subject), longest_subject),
        .text = text_of(draft, of, topic, link),
        .html = html_of(draft, of, topic, link)};
}

} // namespace checkwatches::feed
