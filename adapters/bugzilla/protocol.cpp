#include "adapters/bugzilla/protocol.hpp"

namespace checkwatches::adapters::bugzilla {

protocol const* find_protocol(std::string_view word) noexcept
{
    for (auto const* const p :
         {&rest_protocol(),
          &rest_cgi_protocol(),
          &xmlrpc_protocol(),
          &xml_protocol(),
          &csv_protocol(),
          &rdf_protocol(),
          &xml_cgi_protocol(),
          &issuezilla_protocol()})
        if (p->word() == word)
            return p;
    return nullptr;
}

} // namespace checkwatches::adapters::bugzilla
