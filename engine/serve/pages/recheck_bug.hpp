#pragma once

#include "engine/serve/pages/page.hpp"
#include "engine/serve/rechecks/book.hpp"

#include <string>
#include <string_view>

namespace checkwatches::serve::view {

inline constexpr std::string_view named_none = "none"; // what a query calls the rechecks for no bug

// One bug of the only source that the book is of: its share of all rechecks by day and week, and its hours by
// project. Throws bad_argument where the book is of several sources, or of none.
page recheck_bug_page(asked const& with, recheck_book const& book, std::string const& number);

} // namespace checkwatches::serve::view
