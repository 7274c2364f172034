#pragma once

#include "adapters/adapter.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace checkwatches::adapters::debbugs {

inline constexpr std::string_view debian_host = "bugs.debian.org";
inline constexpr std::string_view gnu_host = "debbugs.gnu.org";

// The folder of the programs that answer, below the tracker's address: "cgi/" for GNU's, "cgi-bin/" for all
// others.
std::string_view programs_of(web_url const& base);

// {base}cgi-bin/bugreport.cgi?bug=N, with further parameters (separated by ";" too) or an attachment's name
// behind the program; the short addresses of Debian's and GNU's sites, https://bugs.debian.org/N.
std::optional<bug_ref> recognise(web_url const& url);

// A bug's number; nothing where it is none.
std::optional<std::string> normal_id(std::string_view id);

// The bug's page for people.
web_url report_page(web_url const& base, std::string_view id);

} // namespace checkwatches::adapters::debbugs
