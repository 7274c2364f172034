#include "adapters/mantis/singles.hpp"

namespace checkwatches::adapters::mantis {

namespace {

constexpr unsigned forbidden = 403;

} // namespace

bool single_refusals::enter(std::string const& id, error why, unsigned http_status)
{
    switch (why.kind) {
    case error_kind::not_found:
    case error_kind::forbidden:
    case error_kind::gone:
    case error_kind::invalid_id:
    case error_kind::unparsable:
        book_.absent(id, *to_outcome(why.kind), why.message);
        good();
        return true;
    case error_kind::auth_failed:
        if (logged_in_ || http_status == forbidden) // a door before Mantis, which would say whose issue it is
            break;
        return doubts_.hold(id, outcome::forbidden, why);
    case error_kind::protocol_error:
        if (http_status < 500)
            break;
        return doubts_.hold(id, outcome::not_answered, why);
    default: break;
    }
    book_.trouble(std::move(why));
    return false;
}

} // namespace checkwatches::adapters::mantis
