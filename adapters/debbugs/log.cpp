#include "adapters/debbugs/log.hpp"

#include "adapters/wire/blocks.hpp"
#include "adapters/wire/html.hpp"
#include "adapters/wire/mail.hpp"
#include "adapters/wire/text.hpp"

#include <map>
#include <set>

namespace checkwatches::adapters::debbugs {
namespace {

namespace soap = wire::soap;

constexpr std::size_t longest_field = 1000;

error no_log(std::string message)
{
    return error{.kind = error_kind::protocol_error, .message = std::move(message)};
}

// "Received: (at 42) by bugs.example.org; 23 Nov 2026 13:18:39 +0000" is the line that the tracker wrote.
std::optional<utc_time> received_at(wire::field_block const& header)
{
    for (auto const& [name, value] : header.fields) {
        auto const semicolon = value.rfind(';');
        if (wire::same_word(name, "Received") && value.starts_with("(at ") && semicolon != std::string::npos)
            return wire::parse_mail_date(std::string_view{value}.substr(semicolon + 1));
    }
    return std::nullopt;
}

std::optional<utc_time> written_at(wire::field_block const& header)
{
    if (auto const at = received_at(header))
        return at;
    auto const* const date = header.field("Date");
    return date == nullptr ? std::nullopt : wire::parse_mail_date(*date);
}

std::string line_of(wire::field_block const& header, std::string_view name)
{
    auto const* const value = header.field(name);
    return value == nullptr ? std::string{} : wire::one_line(*value, longest_field);
}

// Nothing where the mail has no date.
result<std::optional<comment>> read_mail(soap::value const& mail)
{
    auto const* const header = mail.child("header");
    auto const* const body = mail.child("body");
    if (header == nullptr || body == nullptr || header->unreadable || body->unreadable)
        return no_log("get_bug_log answered a mail that cannot be read");
    auto const blocks = wire::read_blocks(header->text, "");
    if (!blocks)
        return no_log(blocks.error().message);
    auto const fields = blocks->empty() ? wire::field_block{} : blocks->front();
    comment out{
        .remote_id = line_of(fields, "Message-Id"),
        .author = wire::decode_mail_words(line_of(fields, "From")),
        .at = written_at(fields),
        .text = body->text};
    if (!out.at)
        return std::optional<comment>{};
    auto const* const number = mail.child("msg_num");
    if (out.remote_id.empty() && number != nullptr)
        out.remote_id = "#" + std::string{wire::trimmed(number->text)};
    return std::optional{std::move(out)};
}

} // namespace

result<std::vector<comment>> read_log(wire::soap::value const& list, std::optional<utc_time> since)
{
    if (list.children.empty() && !wire::trimmed(list.text).empty())
        return no_log("get_bug_log answered a text");
    std::multimap<utc_time, comment> by_time;
    std::set<std::string> known;
    for (auto const& item : list.children) {
        if (item.name != "item")
            return no_log("get_bug_log answered something else than a list of mails");
        auto mail = read_mail(item);
        if (!mail)
            return mail.error();
        auto& what = *mail;
        if (what && !(since && *what->at < *since) && known.insert(what->remote_id).second)
            by_time.emplace(*what->at, std::move(*what));
    }
    std::vector<comment> out;
    for (auto& [at, what] : by_time)
        out.push_back(std::move(what));
    return out;
}

} // namespace checkwatches::adapters::debbugs
