#include "adapters/wire/page.hpp"

#include "adapters/wire/text.hpp"
#include "tests/fuzz/clean.hpp"

using namespace checkwatches;

namespace {

// A header's value as the network hands it over: decoded by nobody, but of printable characters.
std::string header_value(std::string_view text)
{
    std::string out{text};
    for (char& c : out)
        c = static_cast<char>(static_cast<unsigned char>(c) & 0x7FU);
    return wire::without_controls(out);
}

} // namespace

// A status in two bytes, lines of Content-Type, Retry-After and Date, and a body.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    if (size < 2)
        return 0;
    auto rest = fuzz::as_text(data + 2, size - 2);
    adapters::reply answer{.status = 100 + (data[0] * 256U + data[1]) % 500};
    answer.headers.emplace_back("Content-Type", header_value(fuzz::take_line(rest)));
    answer.headers.emplace_back("Retry-After", header_value(fuzz::take_line(rest)));
    answer.headers.emplace_back("Date", header_value(fuzz::take_line(rest)));
    answer.body = rest;

    auto const e = wire::explain(answer);
    fuzz::claim_clean(e.message);
    fuzz::claim(e.message.find('\n') == std::string::npos, "the message is one line");
    fuzz::claim(e.message.size() <= 300, "the message is bounded");
    fuzz::claim(to_outcome(e.kind).has_value(), "what a tracker answers is an outcome");
    if (e.retry_after)
        fuzz::claim(
            *e.retry_after >= std::chrono::seconds{0} && *e.retry_after <= std::chrono::days{30},
            "the wait is bounded");

    auto const type = wire::media_type(answer.header("Content-Type"));
    auto const expected = wire::expect(answer, {type});
    fuzz::claim(expected.has_value() == (answer.status != 200), "200 of the expected type is no error");
    fuzz::claim(!expected || expected->kind == e.kind, "the same answer is explained in the same way");
    return 0;
}
