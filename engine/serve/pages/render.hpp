#pragma once

#include <boost/json/object.hpp>

#include <string>
#include <string_view>

namespace checkwatches::serve::view {

// The template of this name ("bugs"), filled with the model, in the frame that all pages have.
//
// Whatever the model holds is text: it is escaped for HTML, in attributes too, and control characters are
// replaced. A number gets thousands separators. An empty text, false and null are no: a section of that name
// is left out. A field that a row does not have is looked for around it, so that rows have all their fields.
//
// May be called from any thread. Throws std::logic_error where there is no such template.
std::string render(std::string_view name, boost::json::object const& model);

} // namespace checkwatches::serve::view
