#pragma once

#include "engine/app/engine_host.hpp"
#include "engine/app/web_news.hpp"
#include "engine/serve/http/http_server.hpp"
#include "engine/serve/web/web_site.hpp"

#include <memory>
#include <string>
#include <vector>

namespace checkwatches::app {

// Everything that is served over HTTP, in the order of dependence: on the host's loop, with readers of its
// own.
class web_host {
public:
    // All but the settings outlive it. An error of kind storage: no reader.
    // A stop waits for what visitors commanded for `linger`.
    static result<std::unique_ptr<web_host>> open(
        serve::web_settings settings,
        std::chrono::milliseconds linger,
        engine_host& host,
        serve::control_handler& commands,
        web_news& news,
        logger& log);
    ~web_host();

    // Opens the addresses. An error of kind storage or usage says what to do.
    result<void> listen();
    std::vector<std::string> addresses() const { return server_.addresses(); }
    // Serves until stop(), then until what is under way has ended.
    awaitable<void> run();
    void stop();

    // Takes over what can change while it runs: all but the addresses, and who may use which name.
    void reload(serve::web_settings const& settings);

private:
    using reader_ptr = std::unique_ptr<storage::background_reader>;

    web_host(
        serve::web_settings settings,
        std::chrono::milliseconds linger,
        engine_host& host,
        serve::control_handler& commands,
        web_news& news,
        logger& log,
        reader_ptr for_pages,
        reader_ptr for_census,
        reader_ptr for_doors);
    serve::meter_snapshot snapshot() const;
    awaitable<result<void>> serve_requests();
    awaitable<void> helpers();

    serve::web_settings settings_;
    std::chrono::milliseconds linger_;
    engine_host& host_;
    web_news& news_;
    reader_ptr for_pages_;
    reader_ptr for_census_;
    reader_ptr for_doors_;
    serve::census census_;
    serve::errands work_;
    serve::web_parts parts_;
    serve::meters meters_;
    serve::event_hub events_;
    serve::access doors_;
    serve::api api_;
    serve::change_log log_;
    serve::pages pages_;
    serve::web_site site_;
    serve::http_server server_;
};

} // namespace checkwatches::app
