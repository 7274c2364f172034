#include "adapters/registry.hpp"

#include "adapters/allura.hpp"
#include "adapters/bugzilla.hpp"
#include "adapters/debbugs.hpp"
#include "adapters/gitea.hpp"
#include "adapters/github.hpp"
#include "adapters/gitlab.hpp"
#include "adapters/jira.hpp"
#include "adapters/launchpad.hpp"
#include "adapters/links.hpp"
#include "adapters/mantis.hpp"
#include "adapters/pagure.hpp"
#include "adapters/phorge.hpp"
#include "adapters/redmine.hpp"
#include "adapters/roundup.hpp"
#include "adapters/rt.hpp"
#include "adapters/savannah.hpp"
#include "adapters/trac.hpp"

#include <algorithm>

namespace checkwatches::adapters {

registry::registry()
{
    all_.push_back(make_allura());
    all_.push_back(make_bugzilla());
    all_.push_back(make_debbugs());
    all_.push_back(make_email());
    all_.push_back(make_gitea());
    all_.push_back(make_github());
    all_.push_back(make_gitlab());
    all_.push_back(make_google_code());
    all_.push_back(make_jira());
    all_.push_back(make_launchpad());
    all_.push_back(make_mantis());
    all_.push_back(make_pagure());
    all_.push_back(make_phorge());
    all_.push_back(make_php());
    all_.push_back(make_redmine());
    all_.push_back(make_roundup());
    all_.push_back(make_rt());
    all_.push_back(make_savannah());
    all_.push_back(make_sourceforge());
    all_.push_back(make_trac());
}

adapter const* registry::find(std::string_view kind) const noexcept
{
    auto const found = std::ranges::find(all_, kind, [](auto const& a) { return a->kind(); });
    return found == all_.end() ? nullptr : found->get();
}

} // namespace checkwatches::adapters
