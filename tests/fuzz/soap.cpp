#include "adapters/wire/soap.hpp"

#include "tests/fuzz/claim.hpp"

using namespace checkwatches;
namespace soap = wire::soap;

namespace {

void check(soap::value const& v, int depth, std::size_t& count)
{
    ++count;
    constexpr int deepest = 32;
    fuzz::claim(depth <= deepest, "the depth is bounded");
    fuzz::claim(v.text.empty() || v.children.empty(), "a value is a text or has children");
    fuzz::claim(!v.unreadable || v.text.empty(), "what cannot be read is empty");
    fuzz::claim(fuzz::is_printable(v.text), "texts have no control characters");
    fuzz::claim(v.integer().has_value() || v.text != "7", "a number is one");
    for (auto const& inner : v.children)
        check(inner, depth + 1, count);
}

} // namespace

// A message.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    auto const text = fuzz::as_text(data, size);
    constexpr std::size_t most = 1000;
    auto const answer = soap::decode_answer(text, most);
    if (!answer) {
        fuzz::claim(answer.error().kind == error_kind::unparsable, "a message that is none is unparsable");
    }
    else if (auto const* const r = std::get_if<soap::response>(&*answer)) {
        std::size_t count = 0;
        check(r->result, 0, count);
        fuzz::claim(count <= most, "the values are bounded");
    }

    // Any text comes back from a call.
    auto const call = soap::encode_call("urn:x", "ask", {.type = "string", .text = std::string{text}});
    auto const again = soap::decode_answer(call);
    fuzz::claim(again.has_value() && std::holds_alternative<soap::response>(*again), "a call is a message");
    fuzz::claim(std::get<soap::response>(*again).space == "urn:x", "a call has its namespace");
    return 0;
}
