#include "adapters/wire/xmlrpc.hpp"

#include "adapters/wire/text.hpp"
#include "tests/fuzz/clean.hpp"

using namespace checkwatches;
using namespace checkwatches::wire;

namespace {

void walk(xmlrpc::value const& v, int depth)
{
    fuzz::claim(depth <= 64, "the nesting is bounded");
    fuzz::claim_clean(v.as_text());
    if (auto const* const items = v.items())
        for (auto const& item : *items)
            walk(item, depth + 1);
    if (auto const* const fields = v.fields())
        for (auto const& [name, item] : *fields) {
            fuzz::claim_clean(name);
            fuzz::claim(v.member(name) != nullptr, "a member is found by its name");
            walk(item, depth + 1);
        }
}

// The answer of a server that sends back its one argument.
std::string echoed(xmlrpc::value const& v)
{
    auto text = xmlrpc::encode_call("echo", {v});
    text.replace(0, text.find("<params>"), "<methodResponse>");
    text.replace(text.rfind("</methodCall>"), std::string::npos, "</methodResponse>");
    return text;
}

} // namespace

// A document: as it is, and decoded first as it always is.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    auto const bytes = fuzz::as_text(data, size);
    (void)xmlrpc::decode_answer(bytes);

    auto const answer = xmlrpc::decode_answer(decode_text(bytes, "text/xml").text);
    if (!answer) {
        fuzz::claim(answer.error().kind == error_kind::unparsable, "no answer is unparsable");
        fuzz::claim_clean(answer.error().message);
        return 0;
    }
    if (auto const* const failed = std::get_if<xmlrpc::fault>(&*answer)) {
        fuzz::claim_clean(failed->text);
        fuzz::claim(failed->word.empty() || failed->code == 0, "a code is a number or a word");
        return 0;
    }
    auto const& value = std::get<xmlrpc::value>(*answer);
    walk(value, 0);
    // A comment is read the long way only.
    auto const the_long_way = xmlrpc::decode_answer(decode_text(bytes, "text/xml").text + "<!-- -->");
    fuzz::claim(
        the_long_way.has_value() && std::get<xmlrpc::value>(*the_long_way) == value,
        "both ways of reading read the same");
    auto const again = xmlrpc::decode_answer(echoed(value));
    fuzz::claim(
        again.has_value() && std::get<xmlrpc::value>(*again) == value, "what is encoded is read back");
    return 0;
}
