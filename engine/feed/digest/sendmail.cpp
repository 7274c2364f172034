#include "engine/core/control_characters.hpp"
#include "engine/feed/digest/mailer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <string_view>
#include <sys/mman.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <thread>
#include <unistd.h>
#include <utility>

extern char** environ;

namespace checkwatches::feed {
namespace {

using std::chrono::steady_clock;

constexpr std::size_t most_said = 2000; // of what the program says that is kept
constexpr std::chrono::milliseconds look_every{20};

class descriptor {
public:
    explicit descriptor(int fd = -1) noexcept : fd_{fd} {}
    descriptor(descriptor&& other) noexcept : fd_{std::exchange(other.fd_, -1)} {}
    descriptor& operator=(descriptor&& other) noexcept
    {
        std::swap(fd_, other.fd_);
        return *this;
    }
    ~descriptor()
    {
        if (fd_ >= 0)
            ::close(fd_);
    }
    int get() const noexcept { return fd_; }

private:
    int fd_;
};

mail_outcome trouble(std::string message)
{
    return {.trouble = error{.kind = error_kind::protocol_error, .message = std::move(message)}};
}

// The message as a file that only we have: a program that reads none of it is no matter.
descriptor file_of(std::string const& bytes)
{
    descriptor file{::memfd_create("mail", MFD_CLOEXEC)};
    for (std::size_t done = 0; file.get() >= 0 && done < bytes.size();) {
        auto const n = ::write(file.get(), bytes.data() + done, bytes.size() - done);
        if (n < 0 && errno != EINTR)
            return descriptor{};
        done += n > 0 ? static_cast<std::size_t>(n) : 0;
    }
    if (file.get() >= 0)
        ::lseek(file.get(), 0, SEEK_SET);
    return file;
}

// What a mail program may want of our environment; more would hand it our secrets.
std::vector<char*> environment()
{
    std::vector<char*> out;
    for (auto** each = environ; *each != nullptr; ++each) {
        std::string_view const name{*each, std::strcspn(*each, "=")};
        constexpr std::array<std::string_view, 6> passed{"PATH", "HOME", "LANG", "TZ", "USER", "LOGNAME"};
        if (name.starts_with("LC_") || std::ranges::find(passed, name) != passed.end())
            out.push_back(*each);
    }
    out.push_back(nullptr);
    return out;
}

// A program of its own process group, so that all of it can be ended.
class program {
public:
    program(std::vector<std::string> const& command, int input, int output)
    {
        std::vector<char*> arguments;
        for (auto const& one : command)
            arguments.push_back(const_cast<char*>(one.c_str()));
        arguments.push_back(nullptr);
        auto variables = environment();
        posix_spawn_file_actions_t files;
        posix_spawnattr_t how;
        ::posix_spawn_file_actions_init(&files);
        ::posix_spawnattr_init(&how);
        ::posix_spawn_file_actions_adddup2(&files, input, STDIN_FILENO);
        ::posix_spawn_file_actions_adddup2(&files, output, STDOUT_FILENO);
        ::posix_spawn_file_actions_adddup2(&files, output, STDERR_FILENO);
        sigset_t none;
        sigset_t all;
        ::sigemptyset(&none);
        ::sigfillset(&all);
        ::posix_spawnattr_setsigmask(&how, &none);
        ::posix_spawnattr_setsigdefault(&how, &all);
        ::posix_spawnattr_setpgroup(&how, 0);
        ::posix_spawnattr_setflags(
            &how, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
        failure_ = ::posix_spawn(
            &pid_, command.front().c_str(), &files, &how, arguments.data(), variables.data());
        ::posix_spawn_file_actions_destroy(&files);
        ::posix_spawnattr_destroy(&how);
    }
    program(program const&) = delete;
    ~program()
    {
        if (failure_ != 0 || ended_)
            return;
        ::kill(-pid_, SIGKILL);
        static_cast<void>(::waitpid(pid_, nullptr, 0));
    }

    int failure() const noexcept { return failure_; } // to start; an errno
    bool has_ended()
    {
        if (!ended_)
            ended_ = ::waitpid(pid_, &status_, WNOHANG) == pid_;
        return ended_;
    }
    int status() const noexcept { return status_; } // as waitpid() has it

private:
    pid_t pid_ = -1;
    int failure_ = 0;
    int status_ = 0;
    bool ended_ = false;
};

// What is there to be read now, as far as it is kept.
void listen(int from, std::string& said, std::chrono::milliseconds wait)
{
    pollfd about{.fd = from, .events = POLLIN, .revents = 0};
    if (::poll(&about, 1, static_cast<int>(wait.count())) <= 0)
        return;
    std::array<char, 4096> part{};
    auto const n = ::read(from, part.data(), part.size());
    if (n <= 0) {
        std::this_thread::sleep_for(wait); // its end: poll() would not wait any more
        return;
    }
    auto const room = most_said - std::min(most_said, said.size());
    said.append(part.data(), std::min(static_cast<std::size_t>(n), room));
}

std::string quoted(std::string said)
{
    std::ranges::replace_if(said, is_control, ' ');
    while (!said.empty() && said.back() == ' ')
        said.pop_back();
    return said.empty() ? "it said nothing" : "it said: " + said;
}

// The message is not what is wrong.
bool is_passing(int code)
{
    constexpr std::array passing{
        EX_TEMPFAIL, EX_OSERR, EX_OSFILE, EX_CANTCREAT, EX_IOERR, EX_CONFIG, EX_NOPERM};
    return code >= 126 || std::ranges::find(passing, code) != passing.end();
}

class sendmail final : public mailer {
public:
    explicit sendmail(sendmail_settings settings) : settings_{std::move(settings)} {}

    mail_outcome send(outgoing_mail const& what, send_limit const& limit) override
    {
        auto const input = file_of(what.bytes);
        std::array<int, 2> ends{-1, -1};
        if (input.get() < 0 || ::pipe2(ends.data(), O_CLOEXEC) != 0)
            return trouble(fmt::format("cannot hand the message over: {}", std::strerror(errno)));
        descriptor const output{ends[0]};
        descriptor writing{ends[1]};
        program run{command_for(what), input.get(), writing.get()};
        if (run.failure() != 0)
            return trouble(
                fmt::format("cannot run {}: {}", settings_.command.front(), std::strerror(run.failure())));
        writing = descriptor{};
        std::string said;
        auto const end = steady_clock::now() + settings_.longest;
        while (!run.has_ended()) {
            if (limit.is_over() || steady_clock::now() >= end)
                return trouble(
                    limit.is_over() ? "stopped while it was being handed over"
                                    : fmt::format(
                                          "{} did not end within {} s",
                                          settings_.command.front(),
                                          settings_.longest.count()));
            listen(output.get(), said, look_every);
        }
        listen(output.get(), said, std::chrono::milliseconds{0});
        return outcome_of(run.status(), said);
    }

private:
    std::vector<std::string> command_for(outgoing_mail const& what) const
    {
        auto command = settings_.command;
        if (std::ranges::find(command, "-t") != command.end())
            return command;
        command.emplace_back("--");
        command.insert(command.end(), what.to.begin(), what.to.end());
        return command;
    }

    mail_outcome outcome_of(int status, std::string const& said) const
    {
        auto const& name = settings_.command.front();
        if (WIFSIGNALED(status))
            return trouble(fmt::format("{} was ended by signal {}", name, WTERMSIG(status)));
        auto const code = WEXITSTATUS(status);
        if (code == 0)
            return {};
        auto out = trouble(fmt::format("{} ended with exit code {}; {}", name, code, quoted(said)));
        out.is_refusal = !is_passing(code);
        return out;
    }

    sendmail_settings settings_;
};

} // namespace

std::unique_ptr<mailer> make_sendmail(sendmail_settings settings)
{
    return std::make_unique<sendmail>(std::move(settings));
}

} // namespace checkwatches::feed
