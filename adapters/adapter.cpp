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

awaitable<result<std::vector<comment>>> adapter::read_comments(
    remote& /*at*/,
    capabilities const& /*can*/,
    std::string const& /*remote_id*/,
    std::optional<utc_time> /*since*/) const
{
    co_return error{.kind = error_kind::unsupported, .message = "comments cannot be read from this tracker"};
}

} // namespace checkwatches::adapters
