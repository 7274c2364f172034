#include "engine/intake/scan/short_ids.hpp"

#include "engine/core/ascii.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

namespace checkwatches::intake::scan {
namespace {

constexpr std::size_t longest_prefix = 16;
constexpr std::size_t longest_project = 255;
constexpr std::size_t longest_number = 12;
constexpr std::string_view project_slot = "{project}";
constexpr std::string_view id_slot = "{id}";
constexpr std::string_view key_slot = "{key}";

// As the Open Build Service, openQA and packagers of Fedora, Debian and openSUSE write them.
constexpr std::array<std::pair<char const*, char const*>, 30> built_in{{
    {"bco", "https://bugzilla.clamav.net/show_bug.cgi?id={id}"},
    {"bgo", "https://bugzilla.gnome.org/show_bug.cgi?id={id}"},
    {"bko", "https://bugzilla.kernel.org/show_bug.cgi?id={id}"},
    {"blp", "https://bugs.launchpad.net/bugs/{id}"},
    {"bmo", "https://bugzilla.mozilla.org/show_bug.cgi?id={id}"},
    {"bnc", "https://bugzilla.suse.com/show_bug.cgi?id={id}"},
    {"boo", "https://bugzilla.opensuse.org/show_bug.cgi?id={id}"},
    {"brc", "https://bugzilla.redhat.com/show_bug.cgi?id={id}"},
    {"bsc", "https://bugzilla.suse.com/show_bug.cgi?id={id}"},
    {"bso", "https://bugzilla.samba.org/show_bug.cgi?id={id}"},
    {"bxo", "https://bugzilla.xfce.org/show_bug.cgi?id={id}"},
    {"deb", "https://bugs.debian.org/{id}"},
    {"fdo", "https://bugs.freedesktop.org/show_bug.cgi?id={id}"},
    {"gcc", "https://gcc.gnu.org/bugzilla/show_bug.cgi?id={id}"},
    {"gfs", "https://gitlab.com/fedora/sigs/{project}/-/issues/{id}"},
    {"ggo", "https://gitlab.gnome.org/{project}/-/issues/{id}"},
    {"gh", "https://github.com/{project}/issues/{id}"},
    {"gl", "https://gitlab.com/{project}/-/issues/{id}"},
    {"its", "https://bugs.openldap.org/show_bug.cgi?id={id}"},
    {"jsc", "https://jira.suse.com/browse/{key}"},
    {"kde", "https://bugs.kde.org/show_bug.cgi?id={id}"},
    {"lp", "https://bugs.launchpad.net/bugs/{id}"},
    {"obs", "https://github.com/openSUSE/open-build-service/issues/{id}"},
    {"osc", "https://github.com/openSUSE/osc/issues/{id}"},
    {"pio", "https://pagure.io/{project}/issue/{id}"},
    {"poo", "https://progress.opensuse.org/issues/{id}"},
    {"rh", "https://bugzilla.redhat.com/show_bug.cgi?id={id}"},
    {"rhbz", "https://bugzilla.redhat.com/show_bug.cgi?id={id}"},
    {"swo", "https://sourceware.org/bugzilla/show_bug.cgi?id={id}"},
    {"tdf", "https://bugs.documentfoundation.org/show_bug.cgi?id={id}"},
}};

bool is_digit(char c) noexcept
{
    return c >= '0' && c <= '9';
}

bool is_letter(char c) noexcept
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_word(char c) noexcept
{
    return is_digit(c) || is_letter(c);
}

bool is_project_byte(char c) noexcept
{
    return is_word(c) || c == '-' || c == '_' || c == '.' || c == '/' || c == '+';
}

// How far from `at` on all bytes are `fits`.
template <class Fits>
std::size_t run_of(std::string_view text, std::size_t at, std::size_t end, Fits fits)
{
    auto const start = at;
    while (at < end && fits(text[at]))
        ++at;
    return at - start;
}

// Whether what stands before a prefix makes it the end of something else, such as an address; but
// "boo#1/bsc#2" are two.
bool is_part_of_address(std::string_view before)
{
    constexpr std::string_view joints = "#&=?%@-_.+~";
    if (before.empty())
        return false;
    if (before.back() == '/')
        return before.size() == 1 || !is_digit(before[before.size() - 2]);
    return joints.find(before.back()) != std::string_view::npos;
}

std::string with(std::string address, std::string_view slot, std::string_view value)
{
    if (auto const at = address.find(slot); at != std::string::npos)
        address.replace(at, slot.size(), value);
    return address;
}

// An id as a template asks for it: what stands in its slots, and where it ends.
struct read_id {
    std::string_view project{};
    std::string_view id{};
    std::size_t end = 0;
};

// "17" at `at`; nothing where it is none, or goes on as another word.
std::optional<read_id> number_at(std::string_view text, std::size_t at, std::size_t end)
{
    auto const length = run_of(text, at, end, is_digit);
    auto const behind = at + length;
    if (length == 0 || length > longest_number
        || (behind < end && (is_letter(text[behind]) || text[behind] == '_')))
        return std::nullopt;
    return read_id{.id = text.substr(at, length), .end = behind};
}

std::optional<read_id> project_at(std::string_view text, std::size_t at, std::size_t end)
{
    auto const length = run_of(text, at, std::min(end, at + longest_project + 1), is_project_byte);
    auto const behind = at + length;
    // gh#owner/name!17 is GitHub's and GitLab's for a request to merge; that has other addresses.
    if (length == 0 || length > longest_project || behind >= end || text[behind] != '#')
        return std::nullopt;
    auto out = number_at(text, behind + 1, end);
    if (out)
        out->project = text.substr(at, length);
    return out;
}

std::optional<read_id> key_at(std::string_view text, std::size_t at, std::size_t end)
{
    auto const length = is_letter(at < end ? text[at] : ' ') ? run_of(text, at, end, is_word) : 0;
    auto const behind = at + length;
    if (length == 0 || length > longest_prefix || behind >= end || text[behind] != '-')
        return std::nullopt;
    auto out = number_at(text, behind + 1, end);
    if (out)
        out->id = text.substr(at, out->end - at);
    return out;
}

std::optional<read_id> id_at(std::string_view address, std::string_view text, std::size_t at, std::size_t end)
{
    if (address.find(project_slot) != std::string_view::npos)
        return project_at(text, at, end);
    if (address.find(key_slot) != std::string_view::npos)
        return key_at(text, at, end);
    return number_at(text, at, end);
}

std::string filled(std::string const& address, read_id const& with_id)
{
    return with(
        with(with(address, project_slot, with_id.project), id_slot, with_id.id), key_slot, with_id.id);
}

} // namespace

short_ids::short_ids()
{
    for (auto const& [prefix, address] : built_in)
        all_.emplace(prefix, address);
}

result<void> short_ids::add(std::string const& prefix, std::string const& address)
{
    bool const fits = !prefix.empty() && prefix.size() <= longest_prefix && is_letter(prefix.front())
                      && std::ranges::all_of(prefix, is_word);
    if (!fits)
        return error{
            .kind = error_kind::usage,
            .message = fmt::format(
                "\"{}\" cannot stand before a short id: at most {} letters and digits are expected, a letter "
                "first",
                prefix,
                longest_prefix)};
    bool const has_id = address.find(id_slot) != std::string::npos;
    bool const has_key = address.find(key_slot) != std::string::npos;
    auto const made = parse_url(filled(address, {.project = "group/name", .id = "17", .end = 0}));
    if (has_id == has_key || !made || made->text().find("17") == std::string::npos
        || made->text().find('{') != std::string::npos)
        return error{
            .kind = error_kind::usage,
            .message = fmt::format(
                "\"{}\" must be an address such as \"https://bugs.example.org/show_bug.cgi?id={{id}}\", with "
                "{{id}} or "
                "{{key}} where the number or Jira's key of a bug stands, and {{project}} where that of its "
                "project does",
                address)};
    all_.insert_or_assign(lower(prefix), address);
    return {};
}

void short_ids::find(
    std::string_view text, span part, storage::relation is, bug_addresses& bugs, text_links& into) const
{
    auto const end = std::min(part.end, text.size());
    for (auto at = part.begin; at < end;) {
        auto const* const found = static_cast<char const*>(std::memchr(text.data() + at, '#', end - at));
        if (found == nullptr)
            return;
        auto const hash = static_cast<std::size_t>(found - text.data());
        auto begin = hash;
        while (begin > part.begin && hash - begin <= longest_prefix && is_word(text[begin - 1]))
            --begin;
        at = hash + 1;
        auto const known = all_.find(lower(text.substr(begin, hash - begin)));
        if (begin == hash || known == all_.end()
            || is_part_of_address(text.substr(part.begin, begin - part.begin)))
            continue;
        auto const id = id_at(known->second, text, hash + 1, end);
        if (!id)
            continue;
        at = id->end;
        if (auto named = bugs.name(filled(known->second, *id), said::as_bug))
            into.push_back(
                {.url = std::move(named->url),
                 .bug = std::move(named->bug),
                 .at = begin,
                 .length = id->end - begin,
                 .is = is,
                 .by = known->first + "#"});
    }
}

} // namespace checkwatches::intake::scan
