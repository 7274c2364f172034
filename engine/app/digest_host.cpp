#include "engine/app/digest_host.hpp"

#include "engine/app/json_lines.hpp"
#include "engine/core/join.hpp"

#include <utility>

namespace checkwatches::app {
namespace {

constexpr std::chrono::hours long_time{24};
constexpr std::chrono::seconds last_message{5}; // how long it may take when all is to end

struct make_way {
    config const& conf;

    std::unique_ptr<feed::mailer> operator()(feed::sendmail_settings const& how) const
    {
        return feed::make_sendmail(how);
    }
    std::unique_ptr<feed::mailer> operator()(feed::smtp_settings how) const
    {
        how.ca_file = conf.network.ca_file;
        return feed::make_smtp(std::move(how));
    }
    std::unique_ptr<feed::mailer> operator()(std::string const& folder) const
    {
        return feed::make_mail_folder(folder);
    }
};

} // namespace

std::shared_ptr<feed::mailer> make_mailer(config const& conf)
{
    return std::visit(make_way{conf}, conf.digests.mail->by);
}

feed::letter_style letter_style_of(config const& conf, std::string store_id)
{
    auto const& mail = *conf.digests.mail;
    return {.store = std::move(store_id), .domain = mail.head.from.domain(), .web = mail.web};
}

result<std::unique_ptr<digest_host>> digest_host::open(engine_host& host, std::string store_id, logger& log)
{
    auto reader = host.another_reader();
    if (!reader)
        return reader.error();
    return std::unique_ptr<digest_host>{new digest_host{host, std::move(*reader), std::move(store_id), log}};
}

digest_host::digest_host(
    engine_host& host, std::unique_ptr<storage::background_reader> reader, std::string store_id, logger& log)
    : host_{host},
      log_{log},
      store_id_{std::move(store_id)},
      reader_{std::move(reader)},
      bell_{host.time()}
{}
digest_host::~digest_host() = default;

feed::digest_parts digest_host::parts()
{
    return {
        .reader = *reader_,
        .writer = host_.writer(),
        .time = host_.time(),
        .log = log_,
        .url_of =
            [&kinds = host_.kinds().all](auto const& kind, auto const& base_url, auto const& id) {
                return url_of(kinds, kind, base_url, id);
            },
        .is_offline = [this] { return host_.engine().status().offline; }};
}

std::vector<feed::served_sink> digest_host::reload(config const& conf)
{
    changed_.clear();
    std::map<std::string, std::shared_ptr<feed::digest_sink>> kept;
    std::vector<feed::served_sink> out;
    if (!conf.digests.all.empty())
        post_ = std::make_shared<feed::post_office>(make_mailer(conf));
    for (auto const& one : conf.digests.all) {
        feed::digest_setup setup{
            .settings = one,
            .style = letter_style_of(conf, store_id_),
            .head = conf.digests.mail->head,
            .post = post_};
        auto& sink = kept[one.name];
        if (auto const known = sinks_.find(one.name); known != sinks_.end()) {
            sink = known->second;
            changed_.emplace(one.name, std::move(setup));
        }
        else
            sink = std::make_shared<feed::digest_sink>(
                host_.loop().get_executor(), parts(), std::move(setup));
        out.push_back({.to = sink, .rate = 0});
    }
    sinks_ = std::move(kept);
    bell_.ring();
    return out;
}

awaitable<void> digest_host::run()
{
    bool goes_on = !closed_;
    while (goes_on)
        goes_on = co_await beside(run_all(), wait_for_change());
}

awaitable<void> digest_host::prepare()
{
    for (auto const& [name, sink] : sinks_)
        co_await sink->prepare();
}

awaitable<void> digest_host::run_once()
{
    for (auto const& [name, sink] : sinks_)
        co_await sink->run_once();
}

awaitable<void> digest_host::run_all()
{
    for (auto& [name, setup] : std::exchange(changed_, {})) {
        auto const sink = sinks_.at(name);
        auto next = std::move(setup);
        co_await sink->change(std::move(next));
    }
    auto const sinks = sinks_;
    std::vector<awaitable<void>> all;
    for (auto const& [name, sink] : sinks)
        all.push_back(sink->run());
    // Beside this nothing may end: an end would be taken for a change.
    all.push_back(host_.time().sleep(long_time * 365));
    co_await join(std::move(all));
}

awaitable<bool> digest_host::wait_for_change()
{
    co_await bell_.wait(long_time);
    co_return !closed_;
}

void digest_host::close()
{
    closed_ = true;
    bell_.ring();
    if (post_)
        post_->stop(last_message);
}

} // namespace checkwatches::app
