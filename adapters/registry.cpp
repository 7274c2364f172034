#include "adapters/registry.hpp"

#include "adapters/bugzilla.hpp"
#include "adapters/gitea.hpp"
#include "adapters/launchpad.hpp"
#include "adapters/pagure.hpp"
#include "adapters/trac.hpp"

#include <algorithm>

namespace checkwatches::adapters {

registry::registry()
{
    all_.push_back(make_bugzilla());
    all_.push_back(make_gitea());
    all_.push_back(make_launchpad());
    all_.push_back(make_pagure());
    all_.push_back(make_trac());
}

adapter const* registry::find(std::string_view kind) const noexcept
{
    auto const found = std::ranges::find(all_, kind, [](auto const& a) { return a->kind(); });
    return found == all_.end() ? nullptr : found->get();
}

} // namespace checkwatches::adapters
