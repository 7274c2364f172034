#include "engine/serve/metrics/process_state.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <sys/resource.h>
#include <system_error>
#include <unistd.h>

namespace checkwatches::serve {

process_state read_process_state()
{
    process_state out;
    std::error_code ec;
    std::filesystem::directory_iterator const open{"/proc/self/fd", ec};
    // One of them is the one that reads the folder.
    if (!ec)
        out.descriptors = static_cast<std::size_t>(std::distance(begin(open), end(open))) - 1;
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) == 0)
        out.most_descriptors = limit.rlim_cur;
    std::uint64_t size = 0;
    std::uint64_t resident = 0;
    if (std::ifstream{"/proc/self/statm"} >> size >> resident)
        out.resident_bytes = resident * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
    return out;
}

std::size_t raise_descriptor_limit() noexcept
{
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return 0;
    auto const soft = limit.rlim_cur;
    limit.rlim_cur = limit.rlim_max;
    return ::setrlimit(RLIMIT_NOFILE, &limit) == 0 ? limit.rlim_cur : soft;
}

} // namespace checkwatches::serve
