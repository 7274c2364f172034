#include "adapters/adapter.hpp"

namespace checkwatches::adapters {

awaitable<findings> adapter::look_changed(
    remote& at, capabilities const& can, std::span<std::string const> ids, utc_time /*since*/) const
{
    co_return co_await look(at, can, ids);
}

std::vector<question> adapter::conditional_questions(
    remote const& /*at*/, capabilities const& /*can*/, std::span<std::string const> /*ids*/) const
{
    return {};
}

} // namespace checkwatches::adapters
