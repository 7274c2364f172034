#include "engine/core/url.hpp"

#include "tests/fuzz/claim.hpp"

using namespace checkwatches;

namespace {

void claim_sound(web_url const& u)
{
    auto const again = parse_url(u.text());
    fuzz::claim(again.has_value() && *again == u, "a URL is read back as it is written");
    fuzz::claim(u.port != 0 && u.path.starts_with('/'), "a URL has a port and a path");
    fuzz::claim(u.origin().find('@') == std::string::npos, "an origin has no user name");
    fuzz::claim(parse_url(u.origin())->origin() == u.origin(), "an origin is the same read back");
    fuzz::claim(u.text().size() <= 8192 + 1, "a URL is bounded"); // a slash for no path

    auto const shown = parse_url(redacted(u));
    fuzz::claim(
        shown.has_value() && shown->origin() == u.origin() && shown->path == u.path,
        "redacted URLs are URLs");
    auto secret = u;
    secret.query += secret.query.empty() ? "api_key=hunter2" : "&api_key=hunter2";
    fuzz::claim(redacted(secret).ends_with("api_key=***"), "a credential is not shown");
}

void claim_error(error const& e)
{
    fuzz::claim(e.kind == error_kind::usage, "what is no URL is a usage error");
    fuzz::claim(
        fuzz::is_printable(e.message) && e.message.size() < 400, "the message is bounded and printable");
}

} // namespace

// A URL, a line feed, and a reference that stands in its document.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    auto reference = fuzz::as_text(data, size);
    auto const text = fuzz::take_line(reference);
    fuzz::claim(percent_decode(percent_encode(text)) == text, "percent coding brings everything back");

    auto const base = parse_url(text);
    if (!base) {
        claim_error(base.error());
        return 0;
    }
    claim_sound(*base);
    fuzz::claim(*resolve(*base, base->text()) == *base, "a URL resolves to itself");
    fuzz::claim(*resolve(*base, "") == *base, "nothing resolves to the document");
    (void)base->parameter(reference);

    auto const target = resolve(*base, reference);
    if (!target) {
        claim_error(target.error());
        return 0;
    }
    claim_sound(*target);
    fuzz::claim(*resolve(*base, target->text()) == *target, "resolving again changes nothing");
    return 0;
}
