#pragma once

#include "engine/core/sighting.hpp"

namespace checkwatches::adapters::debbugs {

// What a bug's state, severity and tags mean.
//
// done: fixed, unless the tag wontfix or notabug says that it was closed without. forwarded: confirmed. open:
// by the tags, of which the last of these lines that fits counts: moreinfo or unreproducible are Incomplete;
// help, confirmed, upstream or fixed-upstream are Confirmed; pending, fixed, fixed-in-experimental, or the
// old severity "fixed", are Fix Committed; wontfix is Won't Fix; without any it is New. Other tags mean
// nothing here.
verdict interpret(raw_words const& words);

} // namespace checkwatches::adapters::debbugs
