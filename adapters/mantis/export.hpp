#pragma once

#include "adapters/ledger.hpp"

namespace checkwatches::adapters::mantis {

// Reads the export of all issues as CSV, as Launchpad does: a form sets a filter that leaves nothing out
// (closed issues are, by itself) and is kept in a cookie, then csv_export.php gives the whole list. Its words
// are those of the interface, which must be English. Old versions put line ends into cells without quotes.

// Enters the issues of the export that are still open in the book. Duplicates stay open where the export does
// not name their original. An error where no export came.
awaitable<std::optional<error>> look_by_export(remote& at, ledger& book);

} // namespace checkwatches::adapters::mantis
