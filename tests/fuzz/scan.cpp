#include "engine/core/ascii.hpp"
#include "engine/intake/scan/file_text.hpp"
#include "engine/intake/scan/trailers.hpp"
#include "tests/fuzz/claim.hpp"

#include <array>
#include <string>

using namespace checkwatches;
using namespace checkwatches::intake::scan;

namespace {

bool has(std::string_view text, std::string_view part)
{
    return text.find(part) != std::string_view::npos;
}

// A link stands where it says that it does, and what stands there is what it was made of.
void claim_stands(text_link const& link, std::string_view text)
{
    fuzz::claim(
        link.length != 0 && link.at < text.size() && link.length <= text.size() - link.at,
        "a place is in the text");
    auto const part = text.substr(link.at, link.length);
    auto const url = parse_url(link.url);
    fuzz::claim(url.has_value() && url->text() == link.url, "a link is an address as it is written");
    fuzz::claim(!link.bug.empty() && !link.by.empty(), "a link says what bug it is of, and what says so");
    fuzz::claim(fuzz::is_printable(part), "a link's text is printable");
    if (has(part, "://")) {
        fuzz::claim(lower(part).starts_with("http"), "an address begins at its scheme");
        fuzz::claim(
            part.find_first_of(" \t\n\"'<>()[]{}|\\^`,*") == std::string_view::npos,
            "an address has no more than its own bytes");
        fuzz::claim(has(lower(part), url->host), "an address is that of its text");
        return;
    }
    // A short id or a number: its digits are those at the end of the address.
    auto const digits = part.substr(part.find_last_not_of("0123456789") + 1);
    fuzz::claim(!digits.empty() && link.url.ends_with(digits), "a number is that of its text");
    if (link.by.ends_with('#'))
        fuzz::claim(lower(part).starts_with(link.by), "a short id begins with its prefix");
}

void claim_all(text_links const& links, std::string_view text)
{
    for (auto const& link : links)
        claim_stands(link, text);
}

} // namespace

// A text, as each kind of file and as the message of a commit.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    static adapters::registry const kinds;
    static short_ids const shorts;
    static bug_addresses bugs{kinds};
    auto const text = fuzz::as_text(data, size);
    constexpr std::array<file_kind, 6> all{
        file_kind::text,
        file_kind::deb_changelog,
        file_kind::deb_metadata,
        file_kind::deb_patch,
        file_kind::rpm_spec,
        file_kind::rpm_changes};
    text_links plain;
    for (auto const kind : all) {
        text_links found;
        find_in_file(kind, text, shorts, bugs, found);
        claim_all(found, text);
        for (std::size_t n = 1; n < found.size(); ++n)
            fuzz::claim(found[n - 1].at < found[n].at, "places come in order, each once");
        if (kind == file_kind::text)
            plain = found;
        // Whatever a file is, the addresses that it mentions are found.
        for (auto const& link : plain)
            fuzz::claim(
                std::ranges::any_of(found, [&](text_link const& one) { return one.at == link.at; }),
                "no address is lost");
    }
    for (bool const of_debian : {false, true}) {
        text_links found;
        find_in_message(text, of_debian, shorts, bugs, found);
        claim_all(found, text);
    }
    return 0;
}
