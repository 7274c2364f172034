#include "adapters/wire/mail.hpp"

#include "tests/fuzz/claim.hpp"

#include <string>

using namespace checkwatches;

// A line of a mail's header.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    auto const text = fuzz::as_text(data, size);
    auto const words = wire::decode_mail_words(text);
    fuzz::claim(fuzz::is_printable(words), "a header's text has no control characters");

    if (auto const at = wire::parse_mail_date(text)) {
        // A date is the same with a comment behind it.
        fuzz::claim(wire::parse_mail_date(std::string{text} + " (x)") == at, "comments do not count");
    }
    return 0;
}
