#pragma once

#include "engine/app/feed_config.hpp"
#include "engine/core/toml_section.hpp"
#include "engine/feed/digest/mailer.hpp"
#include "engine/feed/digest/settings.hpp"

#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace checkwatches::app {

// How mail leaves.
struct mail_config {
    feed::mail_head head{};
    std::string web{};                                                            // where our pages are
    std::variant<feed::sendmail_settings, feed::smtp_settings, std::string> by{}; // … or a folder
};

// What people are told by mail.
struct digests_config {
    std::optional<mail_config> mail{};
    std::vector<feed::digest_settings> all{};
};

// Reads [mail] and each [[digest]]; what is wrong is noted, one that is named as another, or as one of the
// other sinks, as well.
void read_digests(
    section& top,
    std::string const& file,
    std::optional<error>& trouble,
    std::vector<std::string> const& sinks,
    digests_config& into);

// The digest of this name; an error of kind usage says which there are.
result<feed::digest_settings> digest_named(digests_config const& in, std::string const& name);

} // namespace checkwatches::app
