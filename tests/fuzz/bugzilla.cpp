#include "adapters/bugzilla.hpp"

#include "tests/fuzz/looks.hpp"

#include <array>

using namespace checkwatches;

// The protocol, and what the tracker answers.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    static constexpr std::array<char const*, 8> protocols{
        "rest", "rest.cgi", "xmlrpc", "xml", "csv", "rdf", "xml.cgi", "issuezilla"};
    static auto const kind = adapters::make_bugzilla();
    if (size == 0)
        return 0;
    capabilities const can{.protocol = protocols[data[0] % protocols.size()], .version = "5.2", .batch = 100};
    fuzz::check_look(
        *kind, can, {"1", "2", "13", "9999", "CVE-2026-0001"}, fuzz::as_text(data + 1, size - 1));
    return 0;
}
