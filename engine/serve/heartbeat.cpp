#include "engine/serve/heartbeat.hpp"

namespace checkwatches::serve {

heartbeat::heartbeat(
    net::client& over, clock const& time, logger& log, web_url url, std::chrono::milliseconds every)
    : over_{over},
      time_{time},
      log_{log},
      url_{std::move(url)},
      every_{every}
{}

awaitable<void> heartbeat::run(std::function<movement()> look)
{
    progress_watch watch{every_};
    watch.all_move(look(), time_.up());
    for (;;) {
        co_await time_.sleep(every_);
        if (watch.all_move(look(), time_.up()))
            co_await beat();
    }
}

awaitable<void> heartbeat::beat()
{
    net::request const rq{.url = url_};
    auto const answer = co_await over_.send(rq, session_);
    if (!answer)
        note(to_string(answer.error()));
    else if (answer->status >= 300)
        note("HTTP status " + std::to_string(answer->status));
    else
        note({});
}

void heartbeat::note(std::string const& trouble)
{
    bool const fails = !trouble.empty();
    if (fails && !failing_)
        log_.write(log_level::warning, "the heartbeat fails", {{"url", url_.origin()}, {"why", trouble}});
    if (!fails && failing_)
        log_.write(log_level::notice, "the heartbeat succeeds again", {{"url", url_.origin()}});
    failing_ = fails;
}

} // namespace checkwatches::serve
