#include "adapters/doubts.hpp"

namespace checkwatches::adapters {

void doubts::clear_up()
{
    proved_ = true;
    for (auto const& one : held_)
        book_.absent(one.id, one.what, one.why.message);
    held_.clear();
}

bool doubts::hold(std::string const& id, outcome what, error const& why)
{
    constexpr std::size_t most = 3;
    held_.push_back({.id = id, .what = what, .why = why});
    if (held_.size() < most)
        return true;
    book_.trouble(why);
    held_.clear();
    return false;
}

void doubts::close()
{
    if (held_.empty())
        return;
    if (proved_)
        clear_up();
    else
        book_.trouble(held_.front().why);
}

} // namespace checkwatches::adapters
