#pragma once

#include "bench/mock/bugs.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace checkwatches::mock {

// Keeps what was written of each bug, so that the same question costs a copy only. Holds the rows of one
// shape (a set of columns) at a time; a bug that has changed is written again.
class row_cache {
public:
    // `write(std::string& out, bug const&)` is called where there is no row of this bug as it is.
    template <class Write>
    std::string_view row(std::string_view shape, bug const& b, Write&& write)
    {
        if (shape != shape_) {
            shape_ = shape;
            rows_.clear();
        }
        auto const at = static_cast<std::size_t>(b.id - 1);
        if (at >= rows_.size())
            rows_.resize(at + 1);
        auto& kept = rows_[at];
        if (kept.version != b.version()) {
            kept.version = b.version();
            kept.text.clear();
            write(kept.text, b);
        }
        return kept.text;
    }

private:
    struct kept_row {
        std::uint32_t version{};
        std::string text{};
    };

    std::string shape_;
    std::vector<kept_row> rows_;
};

} // namespace checkwatches::mock
