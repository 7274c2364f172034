#pragma once

#include "engine/net/settings.hpp"
#include "tests/support/certificates.hpp"

namespace checkwatches::test {

// Settings that trust one certificate, for tests without TLS: reading the system's takes longer than most of
// them.
inline net::settings quick_settings()
{
    static pem_file const one{issue("Nobody", "", nullptr)};
    net::settings s;
    s.ca_file = one.path();
    return s;
}

} // namespace checkwatches::test
