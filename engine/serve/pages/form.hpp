#pragma once

#include "engine/core/error.hpp"
#include "engine/core/time.hpp"
#include "engine/serve/control_request.hpp"
#include "engine/serve/http/message.hpp"

#include <optional>
#include <string>
#include <vector>

namespace checkwatches::serve::view {

// What a form asks for, and where to go when that is done.
struct command {
    control_request what{};
    std::string location{};
};

watch_call watch_of(http_fields const& form);

// The command of the form that was sent to this path; an error of kind usage says what is wrong with its
// fields. Nothing where no form is sent there.
std::optional<result<command>>
command_of(std::vector<std::string> const& parts, http_fields const& form, utc_time now);

} // namespace checkwatches::serve::view
