#pragma once

#include "engine/core/error.hpp"
#include "engine/core/secret.hpp"
#include "engine/feed/digest/mail_message.hpp"

#include <atomic>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace checkwatches::feed {

// What became of a message that was handed over.
struct mail_outcome {
    std::string note{};             // what the log should say although it was taken
    std::optional<error> trouble{}; // nothing: it was taken
    // The other side works, and does not take this message. Otherwise the trouble is with the way there.
    bool is_refusal = false;
};

// How long a message may still take, where its time is cut short. To be used from any thread.
class send_limit {
public:
    bool is_over() const noexcept { return std::chrono::steady_clock::now() >= until_.load(); }
    void set(std::chrono::milliseconds from_now) noexcept
    {
        until_ = std::chrono::steady_clock::now() + from_now;
    }

private:
    std::atomic<std::chrono::steady_clock::time_point> until_{std::chrono::steady_clock::time_point::max()};
};

// A way that mail goes. Blocking: it is used on a thread of its own (post_office).
class mailer {
public:
    virtual ~mailer() = default;

    // Within a bounded time; soon where the limit is over.
    virtual mail_outcome send(outgoing_mail const& what, send_limit const& limit) = 0;
};

// Runs a program that takes messages as sendmail does: on its standard input, the recipients behind its
// arguments, unless "-t" among them says that it finds those in the message. No shell is asked. The program's
// exit code says what became of it (sysexits.h): 75 is to be tried again.
struct sendmail_settings {
    std::vector<std::string> command{}; // not empty; the program by its whole path
    std::chrono::seconds longest{60};
};
std::unique_ptr<mailer> make_sendmail(sendmail_settings settings);

// Speaks SMTP (libcurl). Without `tls` nothing is encrypted; with it the server's certificate is verified, by
// STARTTLS where the address is "smtp://…".
struct smtp_settings {
    std::string url{}; // "smtp://host:port" or "smtps://host:port"
    bool tls = true;
    std::string user{};
    secret password{};
    std::string ca_file{}; // whose certificates are trusted; empty: the system's
    std::chrono::seconds longest{60};
};
std::unique_ptr<mailer> make_smtp(smtp_settings settings);

// Puts each message into a folder, as NAME.eml: what is sent again takes the place of its first copy.
std::unique_ptr<mailer> make_mail_folder(std::string folder);

} // namespace checkwatches::feed
