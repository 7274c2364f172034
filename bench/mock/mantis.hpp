#pragma once

#include "bench/mock/site.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace checkwatches::mock {

// The parts of a mock MantisBT. Its options: version; soap, rest, rewrite (REST without index.php), web,
// header_batch (mc_issues_get_header), anonymous (visitors without a login are let in), testing (a status 60
// of the site's own): 0 or 1.

// Who asks, as Mantis found out.
struct mantis_visitor {
    std::string name{};
    bool known = false; // logged in: sees what is private
};

class mantis_ground {
public:
    explicit mantis_ground(site_ground ground) : site{std::move(ground)} {}

    site_ground site;

    bool is_on(std::string_view option) const { return site.options.option(option, "1") == "1"; }
    std::string_view version() const { return site.options.option("version", "2.27.1"); }

    // An answer with the headers of every page, which counts the cookies of sessions.
    answer page(unsigned status, std::string_view type, std::string body);
    // The visitor of this name and password (or token); nothing where that is refused.
    std::optional<mantis_visitor> visitor(std::string_view user, std::string_view password) const;
    bug const* find(std::int64_t id);

private:
    std::uint64_t answers_ = 0;
};

// The word and the number of a status, resolution, priority or severity.
struct mantis_word {
    int number{};
    std::string_view name{};  // as configured
    std::string_view label{}; // as shown
};
mantis_word mantis_status(bug_state const& state);
mantis_word mantis_resolution(bug_state const& state);
mantis_word mantis_priority(bug_state const& state);
mantis_word mantis_severity(bug_state const& state);

vocabulary mantis_words(tracker_options const& options) noexcept;

answer mantis_rest(mantis_ground& at, request const& rq, std::string_view path);
answer mantis_soap(mantis_ground& at, request const& rq);
answer mantis_web(mantis_ground& at, request const& rq);

} // namespace checkwatches::mock
