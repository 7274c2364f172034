#pragma once

#include "engine/core/clock.hpp"
#include "engine/core/log.hpp"
#include "engine/serve/control_handler.hpp"
#include "engine/serve/web/census.hpp"
#include "engine/serve/web/errands.hpp"
#include "engine/serve/web/lore.hpp"
#include "storage/background_reader.hpp"

#include <functional>
#include <memory>
#include <string>

namespace checkwatches::serve {

// Who asks over HTTP, and what they may do.
struct visitor {
    std::string actor{}; // "token ci"; empty: nobody that is known
    bool may_read = false;
    bool may_operate = false;
    // What a form must carry as its field "csrf"; empty where no session's cookie says who it is.
    std::string csrf{};
};

// What everything that is asked over HTTP works with; all of it outlives its users.
struct web_parts {
    storage::background_reader& reader;                    // of the web alone
    control_handler& commands;                             // for what only asks
    errands& work;                                         // for what does something
    std::function<std::shared_ptr<lore const>()> lore_now; // of the configuration that holds now
    census const& counted;
    clock const& time;
    logger& log;
};

} // namespace checkwatches::serve
