#pragma once

#include "engine/core/async.hpp"
#include "engine/feed/digest/mailer.hpp"

#include <memory>

namespace checkwatches::feed {

// A mailer on a thread of its own, for the loop.
class post_office {
public:
    // Must be destroyed before the loop whose coroutines call it; the destructor ends what is under way.
    explicit post_office(std::shared_ptr<mailer> over);
    ~post_office();

    // Hands the message over and resumes on the caller's executor with what became of it. Cancelling the
    // caller takes effect after that.
    awaitable<mail_outcome> send(outgoing_mail what);

    // What is under way, and what comes, is given up then.
    void stop(std::chrono::milliseconds within);

private:
    class impl;
    std::unique_ptr<impl> impl_;
};

} // namespace checkwatches::feed
