#pragma once

#include "engine/core/time.hpp"
#include "engine/core/url.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace checkwatches::net {

// The cookies of one tracker session (RFC 6265, without a public suffix list: a Domain attribute must name
// the host itself or a parent domain with at least one dot). At most 50 cookies of 4096 bytes each are kept.
class cookie_jar {
public:
    // Takes in a Set-Cookie header that came from `from`.
    void store(web_url const& from, std::string_view set_cookie, utc_time now);

    // The value of the Cookie header for a request; empty where no cookie fits.
    std::string header(web_url const& to, utc_time now) const;

    void clear() noexcept { cookies_.clear(); }

private:
    struct cookie {
        std::string name;
        std::string value;
        std::string domain;
        std::string path;
        bool host_only = true;
        bool secure = false;
        std::optional<utc_time> expires{};
    };
    static void read_attributes(cookie& c, web_url const& from, std::string_view attributes, utc_time now);

    std::vector<cookie> cookies_;
};

} // namespace checkwatches::net
