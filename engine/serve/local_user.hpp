#pragma once

#include <string>
#include <sys/types.h>

namespace checkwatches::serve {

// Who a user of this machine is as an actor: "local user anna"; "local user 1000" where the number has no
// name. Blocking: names may come from afar.
std::string local_user(uid_t uid);

} // namespace checkwatches::serve
