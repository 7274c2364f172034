#pragma once

#include "engine/core/error.hpp"
#include "engine/feed/sink.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace checkwatches::feed {

// Which of a number of messages a broker has confirmed. It names them by tags that count what was published
// on a channel, from 1.
class amqp_confirms {
public:
    explicit amqp_confirms(std::vector<std::string> ids);

    // Message `number` (from 0) has been published under this tag.
    void published(std::size_t number, std::uint64_t tag);
    // The broker has it for good, and with `multiple` all before it; or could not take it. A tag that is not
    // open is passed over.
    void acked(std::uint64_t tag, bool multiple);
    void nacked(std::uint64_t tag, bool multiple);
    // It cannot be published at all.
    void refused(std::size_t number, std::string why);
    // It came back, for nobody wants it: its ack, which follows, is none.
    void returned(std::string_view id, std::string why);

    // Whether what was published was answered for, all of it.
    bool is_settled() const noexcept { return open_ == 0; }
    bool is_refused(std::size_t number) const noexcept { return all_[number].is == state::refused; }

    // What became of them; `trouble` is why those that are not answered for are not, if that is known.
    delivery outcome(std::optional<error> trouble) const;

private:
    enum class state { waiting, open, confirmed, refused };
    struct message {
        std::string id{};
        state is = state::waiting;
        std::uint64_t tag = 0;
        std::string why{}; // it came back or was refused
    };

    template <class Settle>
    void settle(std::uint64_t tag, bool multiple, Settle how);

    std::vector<message> all_;
    std::size_t open_ = 0;
};

// The numbers of these messages in the order in which they may be published, in rounds: each round has at
// most one of what is about the same, so that a message is published only after the one before it of the same
// was confirmed, whatever the broker refuses.
std::vector<std::vector<std::size_t>> rounds_of(std::vector<std::string> const& abouts);

} // namespace checkwatches::feed
