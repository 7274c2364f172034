#include "engine/app/network.hpp"

#include <stdexcept>

namespace checkwatches::app {

result<std::unique_ptr<net::http_client>> make_client(asio::any_io_executor executor, config const& conf)
{
    auto settings = conf.network;
    // "checkwatches (+contact)" becomes "checkwatches/0.1.0 (+contact)".
    constexpr std::string_view name = "checkwatches";
    settings.user_agent.insert(name.size(), "/" CHECKWATCHES_VERSION);
    auto proxies = net::proxy_settings::from_environment();
    if (!proxies)
        return proxies.error();
    settings.proxy = std::move(*proxies);
    try {
        auto client = std::make_unique<net::http_client>(std::move(executor), std::move(settings));
        for (auto const& [origin, budget] : conf.engine.hosts)
            client->set_budget(origin, budget);
        return client;
    }
    catch (std::runtime_error const& e) {
        return error{.kind = error_kind::configuration, .message = e.what()};
    }
}

} // namespace checkwatches::app
