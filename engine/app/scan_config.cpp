#include "engine/app/scan_config.hpp"

namespace checkwatches::app {

void read_scan(
    section& in, std::string const& file, std::optional<error>& trouble, intake::scan::short_ids& into)
{
    with_table(in, "short", file, trouble, [&](section& shorts) {
        shorts.each([&](std::string_view prefix, toml::node const& node) {
            auto const address = node.value_exact<std::string>();
            auto const good = into.add(std::string{prefix}, address.value_or(""));
            if (!good)
                shorts.complain(node.source(), good.error().message);
        });
    });
}

} // namespace checkwatches::app
