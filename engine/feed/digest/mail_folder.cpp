#include "engine/feed/digest/mailer.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>
#include <utility>

namespace checkwatches::feed {
namespace {

bool write_durably(std::string const& path, std::string const& bytes)
{
    int const fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0640);
    if (fd < 0)
        return false;
    bool good = true;
    for (std::size_t done = 0; good && done < bytes.size();) {
        auto const n = ::write(fd, bytes.data() + done, bytes.size() - done);
        good = n > 0 || (n < 0 && errno == EINTR);
        done += n > 0 ? static_cast<std::size_t>(n) : 0;
    }
    good = good && ::fsync(fd) == 0;
    return ::close(fd) == 0 && good;
}

// A name is there for good once its folder is on the disk, too.
bool settle(std::string const& folder)
{
    int const fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return false;
    bool const good = ::fsync(fd) == 0;
    return ::close(fd) == 0 && good;
}

class mail_folder final : public mailer {
public:
    explicit mail_folder(std::string folder) : folder_{std::move(folder)} {}

    mail_outcome send(outgoing_mail const& what, send_limit const&) override
    {
        auto const path = folder_ + "/" + what.name + ".eml";
        auto const draft = folder_ + "/." + what.name + ".new";
        if (write_durably(draft, what.bytes) && std::rename(draft.c_str(), path.c_str()) == 0
            && settle(folder_))
            return {};
        return {
            .trouble = error{
                .kind = error_kind::protocol_error,
                .message = fmt::format("cannot write {}: {}", path, std::strerror(errno))}};
    }

private:
    std::string folder_;
};

} // namespace

std::unique_ptr<mailer> make_mail_folder(std::string folder)
{
    return std::make_unique<mail_folder>(std::move(folder));
}

} // namespace checkwatches::feed
