#pragma once

#include "adapters/adapter.hpp"

namespace checkwatches::adapters {

// The adapters of this program, in the order in which a pasted URL is offered to them.
class registry {
public:
    // All kinds that are built in.
    registry();
    // These kinds, and no others.
    explicit registry(std::vector<std::unique_ptr<adapter const>> kinds) : all_{std::move(kinds)} {}

    // One more kind, behind the others. Its name is not taken yet.
    void add(std::unique_ptr<adapter const> kind) { all_.push_back(std::move(kind)); }

    // The adapter of this kind; null where there is none.
    adapter const* find(std::string_view kind) const noexcept;
    std::vector<std::unique_ptr<adapter const>> const& all() const noexcept { return all_; }

private:
    std::vector<std::unique_ptr<adapter const>> all_;
};

} // namespace checkwatches::adapters
