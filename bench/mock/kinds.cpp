#include "bench/mock/kinds.hpp"

#include <algorithm>
#include <array>

namespace checkwatches::mock {

std::span<mock_kind const> all_kinds() noexcept
{
    static std::array const all{
        allura_kind(),
        bugzilla_kind(),
        debbugs_kind(),
        gitea_kind(),
        github_kind(),
        gitlab_kind(),
        jira_kind(),
        launchpad_kind(),
        mantis_kind(),
        pagure_kind(),
        phorge_kind(),
        redmine_kind(),
        roundup_kind(),
        rt_kind(),
        savannah_kind(),
        trac_kind(),
    };
    return all;
}

mock_kind const* find_kind(std::string_view name) noexcept
{
    auto const all = all_kinds();
    auto const at = std::ranges::find(all, name, &mock_kind::name);
    return at == all.end() ? nullptr : &*at;
}

} // namespace checkwatches::mock
