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
    std::string_view text;
    if (at.get_string().get(text) == simdjson::SUCCESS)
        fuzz::claim_clean(text);
    if (at.get_array().get(items) == simdjson::SUCCESS)
        for (auto const item : items)
            walk(item, depth + 1);
    json_object members;
    if (at.get_object().get(members) != simdjson::SUCCESS)
        return;
    for (auto const [key, item] : members) {
        fuzz::claim_clean(key);
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
    auto const bytes = fuzz::as_text(data, size);
    auto const decoded = decode_text(bytes, "application/json");
    auto const document = json_document::parse(decoded.text);
    if (document)
        walk(document->root(), 0);
    else
        fuzz::claim(document.error().kind == error_kind::unparsable, "no JSON is unparsable");
    auto const at_once = decode_json(bytes, "application/json");
    fuzz::claim(at_once.has_value() == document.has_value(), "one step reads what two steps do");
    if (at_once) {
        fuzz::claim(at_once->replaced == decoded.replaced, "… and replaces as much");
        fuzz::claim(
            simdjson::to_string(at_once->document.root()) == simdjson::to_string(document->root()),
            "… and finds the same");
    }
    return 0;
}
