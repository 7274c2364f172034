#pragma once

#include "adapters/adapter.hpp"

namespace checkwatches::adapters::launchpad {

// A remote id is the path of one task, "ubuntu/+source/avahi/+bug/7001", or the number of a bug, "7001". The
// web and the API know a task by the same path.

// The one spelling of an id; nothing where it is neither.
std::optional<std::string> normal_id(std::string_view id);

// The number of the bug: "7001" of either.
std::string bug_number(std::string const& id);
// What the task is on, "ubuntu/+source/avahi"; empty for the number alone.
std::string target_of(std::string const& id);
// The project or distribution that the target belongs to: "ubuntu"; empty for the number alone.
std::string pillar_of(std::string const& id);

// The task or bug that a web address, an address of the API or pad.lv/N names. Every host of launchpad.net
// has the address https://launchpad.net, those of another instance (staging) theirs. On any other host only
// the paths "…/+bug/N" and "/bugs/N" count, and the address is the host's.
std::optional<bug_ref> recognise(web_url const& url);

// The page of the task or bug.
web_url web_page(web_url const& base, std::string_view id);

// The root of the API, with its version: the one given; otherwise https://api.launchpad.net/devel, api.{host}
// of another instance, and /devel on the host itself where it has no name.
web_url api_root(remote const& at);

// The id of the task at this address of the API or the web; empty where it is none.
std::string task_at(web_url const& root, std::string_view address);

} // namespace checkwatches::adapters::launchpad
