#include "adapters/wire/blocks.hpp"

#include "tests/fuzz/claim.hpp"

using namespace checkwatches;

namespace {

// Without the lines that were no fields: those can stand anywhere in a block.
std::string written(std::vector<wire::field_block> const& blocks, std::string_view divider)
{
    std::string out;
    for (auto const& block : blocks) {
        for (auto const& [name, value] : block.fields) {
            out += name + ":";
            for (char const c : " " + value + "\n")
                out += c == '\n' ? std::string{"\n "} : std::string{c};
            out += '\n';
        }
        out += divider;
        out += '\n';
    }
    return out;
}

} // namespace

// The divider ("--" or none), and a text.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    if (size == 0)
        return 0;
    std::string_view const divider = data[0] % 2 == 0 ? "--" : "";
    constexpr std::size_t most_lines = 1000;
    auto blocks = wire::read_blocks(fuzz::as_text(data + 1, size - 1), divider, most_lines);
    if (!blocks) {
        fuzz::claim(blocks.error().kind == error_kind::unparsable, "a text that is too long is unparsable");
        return 0;
    }
    std::size_t lines = 0;
    for (auto& block : *blocks) {
        lines += block.fields.size() + block.others.size();
        fuzz::claim(!block.fields.empty() || !block.others.empty(), "no block is empty");
        for (auto const& [name, value] : block.fields) {
            auto const* const first = block.field(name);
            fuzz::claim(first != nullptr && !name.empty(), "a field is found by its name");
        }
        block.others.clear();
    }
    fuzz::claim(lines <= most_lines, "the lines are bounded");

    std::erase_if(*blocks, [](wire::field_block const& block) { return block.fields.empty(); });
    auto const again = wire::read_blocks(written(*blocks, divider), divider);
    fuzz::claim(again.has_value() && *again == *blocks, "what is written is read back");
    return 0;
}
