#include "engine/serve/local_user.hpp"

#include <fmt/format.h>

#include <pwd.h>
#include <vector>

namespace checkwatches::serve {

std::string local_user(uid_t uid)
{
    constexpr std::size_t room = 16 * 1024; // what is longer is no name
    std::vector<char> text(room);
    passwd entry{};
    passwd* found = nullptr;
    if (::getpwuid_r(uid, &entry, text.data(), text.size(), &found) == 0 && found != nullptr)
        return fmt::format("local user {}", found->pw_name);
    return fmt::format("local user {}", uid);
}

} // namespace checkwatches::serve
