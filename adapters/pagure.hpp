#pragma once

#include "adapters/adapter.hpp"

namespace checkwatches::adapters {

// Pagure. The address of a tracker is that of a project: https://HOST/PROJECT, https://HOST/NAMESPACE/PROJECT
// or https://HOST/fork/USER/…
std::unique_ptr<adapter const> make_pagure();

} // namespace checkwatches::adapters
