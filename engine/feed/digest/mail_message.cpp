#include "engine/feed/digest/mail_message.hpp"

#include "engine/core/control_characters.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <gmime/gmime.h>
#include <memory>
#include <mutex>

namespace checkwatches::feed {
namespace {

struct unref {
    void operator()(void* object) const noexcept { g_object_unref(object); }
};
template <class Object>
using owned = std::unique_ptr<Object, unref>;

void need_gmime()
{
    static std::once_flag once;
    std::call_once(once, [] { g_mime_init(); });
}

error no_address(std::string_view text, std::string_view why)
{
    return {
        .kind = error_kind::configuration,
        .message = fmt::format(
            "\"{}\" is no address of mail ({}); \"bugs@example.org\" or \"Bug watch <bugs@example.org>\" "
            "would "
            "be one",
            text,
            why)};
}

// What servers and shells take for nothing else: local part and domain of plain characters.
bool is_plain_address(std::string_view address)
{
    constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    auto const at = address.rfind('@');
    if (at == std::string_view::npos || at == 0 || at + 1 == address.size() || address.size() > 254)
        return false;
    auto const only = [](std::string_view part, std::string const& of) {
        return part.find_first_not_of(of) == std::string_view::npos;
    };
    return letters.find(address.front()) != std::string_view::npos
           && letters.find(address[at + 1]) != std::string_view::npos
           && only(address.substr(0, at), std::string{letters} + ".!#$%&'*+/=?^_`{|}~-")
           && only(address.substr(at + 1), std::string{letters} + ".-");
}

owned<GMimeTextPart> text_part(char const* subtype, std::string const& text)
{
    owned<GMimeTextPart> part{g_mime_text_part_new_with_subtype(subtype)};
    g_mime_text_part_set_charset(part.get(), "utf-8");
    g_mime_text_part_set_text(part.get(), text.c_str());
    g_mime_part_set_content_encoding(GMIME_PART(part.get()), GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE);
    return part;
}

void set_header(GMimeMessage* of, char const* name, std::string const& value)
{
    g_mime_object_set_header(GMIME_OBJECT(of), name, value.c_str(), "utf-8");
}

// Ids are written as they are: GMime folds between them.
std::string bracketed(std::vector<std::string> const& ids)
{
    std::string out;
    for (auto const& id : ids)
        out += fmt::format("{}<{}>", out.empty() ? "" : " ", id);
    return out;
}

void set_date(GMimeMessage* of, utc_time at)
{
    auto const seconds = std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count();
    std::unique_ptr<GDateTime, void (*)(GDateTime*)> const date{
        g_date_time_new_from_unix_utc(seconds), g_date_time_unref};
    g_mime_message_set_date(of, date.get());
}

std::string bytes_of(GMimeMessage* message)
{
    std::unique_ptr<char, void (*)(void*)> const text{
        g_mime_object_to_string(GMIME_OBJECT(message), nullptr), g_free};
    return text.get();
}

} // namespace

result<mail_address> parse_address(std::string_view text)
{
    if (std::ranges::any_of(text, is_control) || text.size() > 1000)
        return no_address("…", "it has control characters, or is too long");
    need_gmime();
    owned<InternetAddressList> const list{internet_address_list_parse(nullptr, std::string{text}.c_str())};
    if (!list || internet_address_list_length(list.get()) != 1)
        return no_address(text, "it is not exactly one");
    auto* const one = internet_address_list_get_address(list.get(), 0);
    if (!INTERNET_ADDRESS_IS_MAILBOX(one))
        return no_address(text, "it is a group");
    auto const* const name = internet_address_get_name(one);
    auto const* const address = internet_address_mailbox_get_addr(INTERNET_ADDRESS_MAILBOX(one));
    if (address == nullptr || !is_plain_address(address))
        return no_address(text, "it needs a name, \"@\" and a domain, of plain characters");
    return mail_address{.name = name == nullptr ? "" : name, .address = address};
}

outgoing_mail compose(storage::digest_letter const& letter, digest_settings const& of, mail_head const& head)
{
    need_gmime();
    owned<GMimeMessage> const message{g_mime_message_new(TRUE)};
    auto* const m = message.get();
    auto const* const sender = head.from.name.empty() ? "checkwatches" : head.from.name.c_str();
    g_mime_message_add_mailbox(m, GMIME_ADDRESS_TYPE_FROM, sender, head.from.address.c_str());
    for (auto const& to : of.to)
        g_mime_message_add_mailbox(m, GMIME_ADDRESS_TYPE_TO, nullptr, to.c_str());
    g_mime_message_set_subject(m, letter.subject.c_str(), "utf-8");
    set_date(m, letter.at);
    g_mime_message_set_message_id(m, letter.message_id.c_str());
    if (!letter.references.empty()) {
        set_header(m, "In-Reply-To", fmt::format("<{}>", letter.references.back()));
        set_header(m, "References", bracketed(letter.references));
    }
    set_header(
        m,
        "List-Id",
        fmt::format("checkwatches {} <{}.checkwatches.{}>", of.name, of.name, head.from.domain()));
    if (!head.unsubscribe.empty())
        set_header(m, "List-Unsubscribe", fmt::format("<{}>", head.unsubscribe));
    set_header(m, "Auto-Submitted", "auto-generated");
    set_header(m, "Precedence", "list");
    set_header(m, "X-Auto-Response-Suppress", "All");

    owned<GMimeMultipart> const both{g_mime_multipart_new_with_subtype("alternative")};
    // By which parts are told apart; a random one would make each copy another message.
    g_mime_multipart_set_boundary(both.get(), fmt::format("=_{}", letter.message_id.substr(0, 32)).c_str());
    g_mime_multipart_add(both.get(), GMIME_OBJECT(text_part("plain", letter.text).get()));
    g_mime_multipart_add(both.get(), GMIME_OBJECT(text_part("html", letter.html).get()));
    g_mime_message_set_mime_part(m, GMIME_OBJECT(both.get()));
    return {
        .from = head.from.address,
        .to = of.to,
        .name = letter.message_id.substr(0, letter.message_id.find('@')),
        .bytes = bytes_of(m)};
}

} // namespace checkwatches::feed
