#pragma once

#include <string>

// What a Bugzilla says of its bugs, always the same.

// {"bugs":[…]} of GET /rest/bug: of one bug, some 500 bytes; of a hundred, some 30 KB.
std::string one_bug_in_json();
std::string hundred_bugs_in_json();
// The methodResponse of Bug.get for a hundred bugs, some 90 KB.
std::string hundred_bugs_in_xml();
