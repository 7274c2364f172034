#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <string_view>

namespace checkwatches::serve {

// The values of a label, of which each costs a series for ever in whoever scrapes: the first `most` names get
// their own, in the order in which they come, and all others share one.
class bounded_names {
public:
    static constexpr std::string_view other = "_other";

    explicit bounded_names(std::size_t most) : most_{most} {}

    // What to write for this name; the same for as long as this object lives, once the name was its own.
    std::string_view label_of(std::string_view name)
    {
        auto const known = own_.find(name);
        if (known != own_.end())
            return *known;
        if (own_.size() == most_)
            return other;
        return *own_.emplace(name).first;
    }

private:
    std::size_t most_;
    std::set<std::string, std::less<>> own_;
};

} // namespace checkwatches::serve
