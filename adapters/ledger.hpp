#pragma once

#include "adapters/adapter.hpp"

#include <boost/unordered/unordered_flat_map.hpp>

#include <cstddef>
#include <functional>
#include <vector>

namespace checkwatches::adapters {

// Compares ids asked with ids answered, so that none is lost in silence and none is answered twice. Answers
// for ids that were not asked (a server that ignores a filter sends them) are dropped.
class ledger {
public:
    explicit ledger(std::span<std::string const> ids);
    ledger(ledger&&) = default;
    ledger& operator=(ledger&&) = default;

    // Records what was found for an id. The first answer counts.
    void sighted(std::string_view remote_id, sighting&& seen);
    void absent(std::string_view remote_id, outcome why, std::string detail = {});

    // What is open of these did not change since it was last read.
    void unmodified(std::span<std::string const> ids);
    // Records a row of an answer that cannot be read: of whom it speaks, nobody knows.
    void unreadable() noexcept { ++strangers_; }
    // How many answers were for ids that were not asked, or for nobody knows whom: more than none, and a
    // filter was not obeyed, or is not known to have been.
    std::size_t strangers() const noexcept { return strangers_; }

    // What ended the look early; the first trouble counts.
    void trouble(error e);

    // Asked, and nothing known yet; in the order asked.
    std::vector<std::string> open() const;
    bool is_open(std::string_view remote_id) const;
    std::size_t open_count() const noexcept { return entries_.size() - found_.size(); }

    // Everything found. Without trouble the ids that are still open become not_answered.
    findings close() &&;

private:
    static constexpr std::size_t nothing = static_cast<std::size_t>(-1);
    struct entry {
        std::string remote_id;
        std::size_t found = nothing; // its place in found_
    };
    // The place of an id in entries_; `nothing` for one that was not asked.
    std::size_t find(std::string_view remote_id) const noexcept;
    bool found_in_order() const noexcept;
    template <class Answer>
    void settle(std::string_view remote_id, Answer&& what);

    using map = boost::unordered_flat_map<std::string_view, std::size_t, std::hash<std::string_view>>;

    std::vector<entry> entries_; // in the order asked; never grows
    map places_;                 // of each id, where there are several; the keys lie in entries_
    std::vector<finding> found_; // in the order found
    std::size_t next_ = 0;       // the place after the one answered last: most answer in the order asked
    std::optional<error> trouble_;
    std::size_t strangers_ = 0;
};

// A ledger of these ids, in which those are answered already that no bug of this kind can have: invalid_id,
// and why.
ledger open_ledger(adapter const& kind, std::span<std::string const> ids, std::string_view why);

} // namespace checkwatches::adapters
