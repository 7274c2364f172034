#pragma once

#include "bench/mock/site.hpp"
#include "bench/mock/words.hpp"

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

namespace checkwatches::mock {

// One kind of mock tracker, as the rest of the mock knows it.
struct mock_kind {
    std::string_view name{}; // of the adapter it is for
    std::unique_ptr<site> (*make)(site_ground){};
    vocabulary (*words)(tracker_options const&) noexcept {};
    // Sets what a flavour means; false where there is no such flavour. Null: the kind has none.
    bool (*set_flavour)(tracker_options&, std::string_view){};
    std::span<std::string_view const> options{}; // its own, for tracker_options::option
    std::string_view api_path{};                 // of its API, where its bugs' addresses do not say it
    std::uint32_t retry_after = 120;             // seconds that its 429 and 503 ask to wait
    bool links_duplicates = true;                // a duplicate names its original
};

// Each is defined in the file of its name.
mock_kind allura_kind() noexcept;
mock_kind bugzilla_kind() noexcept;
mock_kind debbugs_kind() noexcept;
mock_kind gitea_kind() noexcept;
mock_kind github_kind() noexcept;
mock_kind gitlab_kind() noexcept;
mock_kind jira_kind() noexcept;
mock_kind launchpad_kind() noexcept;
mock_kind mantis_kind() noexcept;
mock_kind pagure_kind() noexcept;
mock_kind phorge_kind() noexcept;
mock_kind redmine_kind() noexcept;
mock_kind roundup_kind() noexcept;
mock_kind rt_kind() noexcept;
mock_kind savannah_kind() noexcept;
mock_kind trac_kind() noexcept;

// Null where there is none of this name.
mock_kind const* find_kind(std::string_view name) noexcept;
std::span<mock_kind const> all_kinds() noexcept;

} // namespace checkwatches::mock
