#include "adapters/wire/json.hpp"

#include "adapters/wire/text.hpp"
#include "tests/fuzz/clean.hpp"

using namespace checkwatches;
using namespace checkwatches::wire;

namespace {

void walk(json_element at, int depth)
{
    fuzz::claim(depth <= 64, "the nesting is bounded");
    json_array items;
    if (at.get_array().get(items) == simdjson::SUCCESS)
        for (auto const item : items)
            walk(item, depth + 1);
    json_object members;
    if (at.get_object().get(members) != simdjson::SUCCESS)
        return;
    for (auto const [key, item] : members) {
        fuzz::claim_clean(text_member(members, key));
        auto const number = integer_member(members, key);
        fuzz::claim(!number || !text_member(members, key).empty(), "what is a number is a text too");
        fuzz::claim(!flag_member(members, key) || !number, "a flag is no number");
        fuzz::claim(!array_member(members, key) || !object_member(members, key), "an array is no object");
        walk(item, depth + 1);
    }
}

} // namespace

// A document.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    auto const text = decode_text(fuzz::as_text(data, size), "application/json").text;
    auto const document = json_document::parse(text);
    if (document)
        walk(document->root(), 0);
    else
        fuzz::claim(document.error().kind == error_kind::unparsable, "no JSON is unparsable");
    return 0;
}
