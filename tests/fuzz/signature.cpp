#include "engine/intake/gerrit/signature.hpp"

#include "tests/fuzz/claim.hpp"

using namespace checkwatches;

// A file of signatures: its name in the first line, and what is in it.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    auto text = fuzz::as_text(data, size);
    auto const name = fuzz::take_line(text);
    auto const got = intake::gerrit::read_signature(std::string{name}, text);
    fuzz::claim(got.file == name, "it is called as it is called");
    if (got.is_good()) {
        fuzz::claim(!got.query.empty() && !got.bug.empty(), "a good one has a bug and a query");
        fuzz::claim(got.line == 0 && got.column == 0, "… and nothing to complain about");
    }
    else {
        fuzz::claim(got.query.empty() && got.test_ids.empty(), "of a bad one nothing is taken");
        fuzz::claim((got.line == 0) == (got.column == 0), "a place has a line and a column");
    }
    return 0;
}
