#include "engine/app/commands.hpp"
#include "engine/app/table.hpp"

#include <fmt/format.h>

#include <cstdio>

namespace checkwatches::app {

exit_code fail(error const& e)
{
    // Our own kinds say nothing that the message does not; those of trackers are the outcomes people know.
    bool const ours = !to_outcome(e.kind);
    auto const text = ours && !e.cause ? e.message : to_string(e);
    fmt::print(stderr, "checkwatches: {}\n", one_line(text));
    switch (e.kind) {
    case error_kind::usage:
    case error_kind::configuration: return exit_code::usage;
    case error_kind::storage: return exit_code::could_not_run;
    default: return exit_code::some_failed;
    }
}

} // namespace checkwatches::app
