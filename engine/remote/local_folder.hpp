#pragma once

#include "adapters/adapter.hpp"

#include <cstddef>

namespace checkwatches {

// Answers a GET to a "file" URL as a web server answers for what lies in `folder`, which is one too: 200 with
// a file of at most `most` bytes, its Last-Modified and an ETag, or 304 by that; 200 with links to the
// folders in a folder whose address ends in a slash; 404; 403 where it may not be read, is no regular file,
// or leads out of the folder. An error of kind maintenance where `folder` itself is not there (a disk that is
// not mounted makes no bug go away), too_large beyond the bounds. Blocks as a local disk does.
result<adapters::reply> read_local(web_url const& folder, adapters::request const& rq, std::size_t most);

} // namespace checkwatches
