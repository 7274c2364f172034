#include "engine/app/commands.hpp"

namespace checkwatches::app {

exit_code code_for(error const& e) noexcept
{
    switch (e.kind) {
    case error_kind::usage:
    case error_kind::configuration: return exit_code::usage;
    case error_kind::storage: return exit_code::could_not_run;
    default: return exit_code::some_failed;
    }
}

} // namespace checkwatches::app
