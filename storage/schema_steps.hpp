#pragma once

// The SQL text of each migration, in a file of its own. A step that was ever shipped is not changed any more.
namespace checkwatches::storage {

extern char const version_1[];
extern char const version_2[];
extern char const version_3[];
extern char const version_4[];
extern char const version_5[];
extern char const version_6[];
extern char const version_7[];
extern char const version_8[];
extern char const version_9[];
extern char const version_10[];
extern char const version_11[];

} // namespace checkwatches::storage
