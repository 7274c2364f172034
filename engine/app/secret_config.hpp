#pragma once

#include "engine/core/secret.hpp"
#include "engine/core/toml_section.hpp"

#include <optional>
#include <string>

namespace checkwatches::app {

// The secret that a section of the configuration names by one of the keys "file" and "variable": a file that
// nobody else may read (without a folder one of systemd's credentials, LoadCredential=), or a variable of the
// environment. Complains where there is neither or both, or no such secret; `what` is the section's name as
// the user writes it: "[[credential]]". With a `prefix` the keys are "<prefix>_file" and "<prefix>_variable".
std::optional<secret> read_secret(section& in, std::string const& what, std::string const& prefix = {});

// Whether the section has one of the keys that read_secret() takes.
bool names_secret(section& in, std::string const& prefix = {});

} // namespace checkwatches::app
