#include "engine/intake/lists/plain_file.hpp"

#include <algorithm>
#include <fcntl.h>
#include <unistd.h>

namespace checkwatches::intake {

descriptor::~descriptor()
{
    if (file_ >= 0)
        ::close(file_);
}

descriptor see_file(std::string const& path, int flags)
{
    return descriptor{::open(path.c_str(), O_PATH | O_CLOEXEC | flags)};
}

descriptor open_seen(descriptor const& seen, int flags)
{
    auto const path = "/proc/self/fd/" + std::to_string(seen.get());
    return descriptor{::open(path.c_str(), O_NONBLOCK | O_CLOEXEC | O_NOCTTY | flags)};
}

file_identity identity_of(struct stat const& about)
{
    return {about.st_dev, about.st_ino};
}

std::vector<file_identity> identities_of(std::vector<std::string> const& paths)
{
    std::vector<file_identity> out;
    for (auto const& path : paths) {
        struct stat about{};
        if (::stat(path.c_str(), &about) == 0)
            out.push_back(identity_of(about));
    }
    return out;
}

bool is_one_of(struct stat const& about, std::vector<std::string> const& paths)
{
    auto const all = identities_of(paths);
    return std::ranges::find(all, identity_of(about)) != all.end();
}

std::vector<std::string> files_of_database(std::string const& path)
{
    return {path, path + "-wal", path + "-shm", path + "-journal"};
}

} // namespace checkwatches::intake
