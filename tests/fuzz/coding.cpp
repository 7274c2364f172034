#include "engine/net/coding.hpp"

#include "tests/fuzz/claim.hpp"

using namespace checkwatches;
using namespace checkwatches::net;

// A Content-Encoding, a line feed, and a body.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    constexpr std::size_t most = 64 * 1024;
    auto rest = fuzz::as_text(data, size);
    auto const from = parse_coding(fuzz::take_line(rest));
    auto const decoded = decode(from, std::string{rest}, most);
    if (decoded)
        fuzz::claim(decoded->size() <= most, "what is decoded is bounded");
    else
        fuzz::claim(
            decoded.error().kind == error_kind::too_large
                || decoded.error().kind == error_kind::protocol_error,
            "a body that cannot be decoded is too large or broken");
    if (from == coding::none && decoded)
        fuzz::claim(*decoded == rest, "without a coding nothing is changed");
    return 0;
}
