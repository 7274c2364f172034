#include "adapters/wire/text.hpp"

#include "tests/fuzz/clean.hpp"

using namespace checkwatches;
using namespace checkwatches::wire;

// A Content-Type, a line feed, and the bytes.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    auto bytes = fuzz::as_text(data, size);
    auto const content_type = fuzz::take_line(bytes);

    auto const got = decode_text(bytes, content_type);
    fuzz::claim_clean(got.text);
    fuzz::claim(got.replaced <= bytes.size(), "no more is replaced than there is");
    fuzz::claim(got.text.size() <= 3 * bytes.size(), "a byte becomes at most three");
    fuzz::claim(without_controls(got.text) == got.text, "clean text stays");

    auto const again = decode_text(got.text, "text/plain; charset=utf-8");
    bool const marked = got.text.starts_with("\xEF\xBB\xBF");
    fuzz::claim(again.replaced == 0 && (marked || again.text == got.text), "decoded text decodes to itself");

    fuzz::claim(media_type(content_type).size() <= content_type.size(), "a media type is part of its header");
    auto const number = normal_number(bytes);
    fuzz::claim(number.empty() || (is_number(number) && number[0] != '0'), "a number has one spelling");
    fuzz::claim(normal_number("#0" + number) == number, "a number is recognised in other spellings");
    return 0;
}
