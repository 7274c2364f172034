#pragma once

#include "adapters/debbugs/record.hpp"
#include "adapters/ledger.hpp"

#include <string_view>

namespace checkwatches::adapters::debbugs {

// Debbugs' own files, as a mirror serves them over HTTP, or in a folder on this machine:
// {api}/db-h/42/1042.summary (the folder is the last two digits), archived bugs under archive/ in the place
// of db-h/.
inline constexpr std::string_view by_spool = "spool";

// The API's address is a spool's: its path ends in "spool", or it is a local folder.
bool is_spool(remote const& at);

// The fields of a .summary file of decoded text: a block of fields, of format version 2, whose texts are
// encoded like a mail's header, or 3, whose texts are plain. An error of kind unparsable says what is wrong.
result<bug_fields> read_summary(std::string_view text);

// A spool is proved by its list of folders.
awaitable<result<capabilities>> probe_spool(remote& at);
// Reads the open bugs of the book, each by its file.
awaitable<void> look_in_spool(remote& at, ledger& book);
std::vector<question> spool_questions(remote const& at, std::span<std::string const> ids);

} // namespace checkwatches::adapters::debbugs
