#pragma once

#include "adapters/adapter.hpp"

#include <memory>

namespace checkwatches::adapters {

// Kinds whose bugs are links for people and are never asked for, as Launchpad has them: a report that went to
// an e-mail address ("email"), PHP's bug tracker ("php"), Google Code, which is closed ("googlecode"), and
// what SourceForge's bugs were before Allura ("sourceforge").
std::unique_ptr<adapter const> make_email();
std::unique_ptr<adapter const> make_google_code();
std::unique_ptr<adapter const> make_php();
std::unique_ptr<adapter const> make_sourceforge();

} // namespace checkwatches::adapters
