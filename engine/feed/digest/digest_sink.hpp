#pragma once

#include "engine/core/clock.hpp"
#include "engine/core/log.hpp"
#include "engine/feed/digest/book.hpp"
#include "engine/feed/digest/mail_message.hpp"
#include "engine/feed/digest/post_office.hpp"
#include "engine/feed/digest/reading.hpp"
#include "engine/feed/sink.hpp"
#include "engine/net/slots.hpp"
#include "storage/background_reader.hpp"
#include "storage/writer.hpp"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace checkwatches::feed {

// How often a digest does what it does of itself.
struct digest_pace {
    clock::duration look{2'000};        // whether what is open has settled
    clock::duration errors{10'000};     // what fails
    std::int64_t failing = 1'000;       // bugs that are looked at at a time
    clock::duration first_delay{2'000}; // before a letter is tried again, doubling …
    clock::duration most_delay{600'000};
    std::int64_t most_refusals = 5; // of one letter: then it is parked
};

struct digest_parts {
    storage::background_reader& reader;
    storage::writer& writer;
    clock const& time;
    logger& log;
    address_of url_of;
    std::function<bool()> is_offline; // what fails then is our own trouble
};

// What can change while it runs.
struct digest_setup {
    digest_settings settings{};
    letter_style style{};
    mail_head head{};
    std::shared_ptr<post_office> post{};
};

// A digest as a sink: what it is told is in its own part of the database before it says that it has it, and
// so is each letter before anything of it leaves. A letter is forgotten when it has been taken; killed in
// between, the same one goes again, with the same Message-Id. All calls are made on the loop's thread.
class digest_sink final : public sink {
public:
    // All references outlive it; it outlives run() and deliver().
    digest_sink(
        asio::any_io_executor executor, digest_parts parts, digest_setup setup, digest_pace pace = {});

    std::string const& name() const noexcept override { return setup_.settings.name; }
    std::string_view kind() const noexcept override { return "digest"; }
    filter const& wanted() const noexcept override { return setup_.settings.wanted; }
    std::size_t batch() const noexcept override { return 200; }
    awaitable<delivery> deliver(std::vector<event> events) override;
    awaitable<result<std::string>> test() override;

    // Reads what is stored; one that is new begins now.
    awaitable<void> prepare();
    // What time brings, and the letters' way out, until cancelled.
    awaitable<void> run();
    // The same once, without waiting: for a process that does not stay.
    awaitable<void> run_once();
    // It goes on so from now on.
    awaitable<void> change(digest_setup setup);

private:
    awaitable<result<void>> load();
    awaitable<result<void>> store_step();
    awaitable<result<void>> look_at_topics();
    awaitable<result<void>> look_at_errors();
    awaitable<void> keep_time();
    awaitable<void> send_letters();
    awaitable<result<std::optional<storage::digest_letter>>> next_letter();
    awaitable<result<bool>> send(storage::digest_letter letter);
    awaitable<result<bool>> hand_over(storage::digest_letter letter);
    void note(std::string const& what, result<void> const& done);

    digest_parts parts_;
    digest_setup setup_;
    digest_pace pace_;
    net::slots turn_;                 // one at a time works on the book
    std::optional<digest_book> book_; // nothing: what is stored is to be read
    storage::bug_id failing_after_{};
    std::map<std::string, std::string> last_troubles_; // what the log was told, by what failed
};

} // namespace checkwatches::feed
