#include "engine/serve/control_address.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <fcntl.h>
#include <sys/un.h>
#include <unistd.h>

namespace checkwatches::serve {
namespace {

constexpr std::size_t most_path = sizeof(sockaddr_un::sun_path) - 1;

} // namespace

std::string control_path(std::string const& database)
{
    return database + ".sock";
}

result<control_address> control_address::of(std::string const& path)
{
    if (path.size() <= most_path)
        return control_address{-1, path};
    auto const slash = path.rfind('/');
    auto const folder = slash == std::string::npos ? std::string{"."} : path.substr(0, slash + 1);
    auto const name = slash == std::string::npos ? path : path.substr(slash + 1);
    int const opened = ::open(folder.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (opened < 0)
        return error{
            .kind = error_kind::storage,
            .message = "cannot open the folder " + folder,
            .cause = error_code{errno, boost::system::system_category()}};
    control_address out{opened, fmt::format("/proc/self/fd/{}/{}", opened, name)};
    if (out.path_.size() > most_path)
        return error{
            .kind = error_kind::storage,
            .message = fmt::format(
                "the name {} is too long for a control socket: give the database a shorter one", name)};
    return out;
}

control_address::~control_address()
{
    if (folder_ >= 0)
        ::close(folder_);
}

} // namespace checkwatches::serve
