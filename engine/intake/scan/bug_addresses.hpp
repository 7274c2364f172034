#pragma once

#include "adapters/registry.hpp"

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>

namespace checkwatches::intake::scan {

// A part of a text.
struct span {
    std::size_t begin = 0;
    std::size_t end = 0;

    bool operator==(span const&) const = default;
};

// The address around the "://" at `mark`, without the punctuation, brackets, quotes and markup that it stands
// in; nothing where it is no http or https. It may be longer than any that is looked up.
std::optional<span> address_around(std::string_view text, std::size_t mark);

// Whether a host that is only mentioned can be one with a tracker that everybody knows: a name with a dot,
// and none that is kept for examples or for networks of one's own (RFC 2606, RFC 6761).
bool is_plausible_host(std::string_view host);

// Whether a text says that something is a bug's address, or just mentions an address.
enum class said { as_bug, in_passing };

// Tells the addresses of bugs from others by the shapes of the kinds of trackers, as `add` does; which kind a
// tracker is of is proved when it is watched. For one thread.
class bug_addresses {
public:
    explicit bug_addresses(adapters::registry const& kinds) : kinds_{kinds} {}

    // A bug's address as web_url::text() writes it, and what is the same for all its spellings.
    struct named {
        std::string url{};
        std::string bug{};
    };
    // Nothing where the address is longer than 8192 bytes, or has the shape of no kind's bug, or an id that
    // no bug of it can have; and of an implausible host where it is only mentioned.
    std::optional<named> name(std::string_view address, said how);

private:
    std::optional<named> look_up(std::string_view address, said how) const;

    // Lets a view be looked for without making a text of it.
    struct hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const noexcept
        {
            return std::hash<std::string_view>{}(text);
        }
    };

    adapters::registry const& kinds_;
    // Addresses in passing that are no bugs': the same few stand at the head of many files.
    std::unordered_set<std::string, hash, std::equal_to<>> others_;
};

} // namespace checkwatches::intake::scan
