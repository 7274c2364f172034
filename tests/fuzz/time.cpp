#include "engine/core/time.hpp"

#include "tests/fuzz/claim.hpp"

using namespace checkwatches;

namespace {

void claim_written_and_read(utc_time t)
{
    using namespace std::chrono;
    constexpr checkwatches::utc_time first = sys_days{year{0} / 1 / 1};
    constexpr checkwatches::utc_time end = sys_days{year{10000} / 1 / 1};
    auto const text = format_time(t);
    fuzz::claim(text.size() == 20, "a time is written in 20 characters");
    auto const again = parse_time(text);
    fuzz::claim(again.has_value(), "what is written is read");
    if (t >= first && t < end)
        fuzz::claim(*again == floor<seconds>(t), "what is written is read back");
}

} // namespace

// A time in some form.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    auto const text = fuzz::as_text(data, size);
    auto const zoned = parse_time(text);
    auto const any = parse_time(text, naive_time::is_utc);
    fuzz::claim(!zoned || zoned == any, "a zone that is written counts");
    fuzz::claim(!any || zoned || parse_time(std::string{text} + "Z") == any, "no zone is read as UTC");
    if (any)
        claim_written_and_read(*any);
    if (auto const sent = parse_http_date(text))
        claim_written_and_read(*sent);
    return 0;
}
