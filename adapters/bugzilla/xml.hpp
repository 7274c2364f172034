#pragma once

#include "adapters/adapter.hpp"
#include "adapters/ledger.hpp"

namespace checkwatches::adapters::bugzilla {

// Reads show_bug.cgi?ctype=xml or xml.cgi of a Bugzilla as protocol::read() does.
std::optional<error> read_bug_xml(reply const& answer, std::span<std::string const> ids, ledger& book);

// The root of an XML document: {"bugzilla", "4.2.1"}.
struct xml_root {
    std::string name{};
    std::string version{}; // its attribute; may be empty
};

// Reads the root; what is no XML is explained by its status and shape.
result<xml_root> read_root(reply const& answer);

} // namespace checkwatches::adapters::bugzilla
