#include "engine/check/desk.hpp"

namespace checkwatches::check {

void desk::put_back_wanted()
{
    for (auto const& e : wanted)
        due.add(e);
    wanted.clear();
}

void desk::put_back_in_hand()
{
    for (auto const& [number, at] : in_hand)
        due.add({.due = at, .number = number});
    in_hand.clear();
}

} // namespace checkwatches::check
