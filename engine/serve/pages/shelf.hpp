#pragma once

#include "engine/serve/pages/pages.hpp"

#include <atomic>
#include <map>
#include <optional>
#include <string>

namespace checkwatches::serve {

// Pages that were made within the last second, for who asks for just the same: many who look at one page cost
// as much as one. Used on the reader's thread, but for forget().
struct pages::shelf {
public:
    static constexpr std::chrono::milliseconds kept{1'000};
    static constexpr std::size_t most_pages = 128;

    // What the page depends on, beside the database.
    static std::string key_of(http_request const& rq, visitor const& who);

    std::optional<http_answer> find(std::string const& key, std::chrono::milliseconds at);
    void put(std::string const& key, std::chrono::milliseconds at, http_answer const& made);
    // Somebody did something, and is to see it. From any thread.
    void forget() noexcept { ++acts_; }

private:
    struct entry {
        std::chrono::milliseconds at{};
        http_answer made{};
    };

    std::atomic<unsigned> acts_ = 0;
    unsigned seen_acts_ = 0; // when what is kept was made
    std::map<std::string, entry> entries_;
};

} // namespace checkwatches::serve
