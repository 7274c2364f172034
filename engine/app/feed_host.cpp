#include "engine/app/feed_host.hpp"

#include "engine/app/json_lines.hpp"
#include "engine/app/network.hpp"
#include "engine/feed/amqp_sink.hpp"
#include "engine/feed/message_file_sink.hpp"
#include "engine/feed/webhook.hpp"

namespace checkwatches::app {
namespace {

// What a receiver answers is a status, and at most a sentence.
constexpr std::size_t most_answer = 1024 * 1024;
constexpr std::chrono::seconds longest_answer{30};
constexpr std::size_t connections_to_one = 64;

// Receivers are the operator's own: no budget holds for them but the rate of their sink.
config sink_network(config conf)
{
    conf.network.most_body = most_answer;
    conf.network.most_decoded = most_answer;
    conf.network.total_timeout = std::min<std::chrono::milliseconds>(
        conf.network.total_timeout, longest_answer);
    conf.network.budget = {.connections = connections_to_one};
    conf.engine.hosts.clear();
    return conf;
}

feed::served_sink served(sink_config const& common, std::shared_ptr<feed::sink> to)
{
    return {.to = std::move(to), .rate = common.rate, .from = common.from};
}

} // namespace

result<std::unique_ptr<feed_host>> feed_host::open(engine_host& host, config const& conf, logger& log)
{
    auto network = make_client(host.loop().get_executor(), sink_network(conf));
    if (!network)
        return network.error();
    auto reader = host.another_reader();
    if (!reader)
        return reader.error();
    auto const store_id = host.store_id();
    if (!store_id)
        return store_id.error();
    auto digests = digest_host::open(host, *store_id, log);
    if (!digests)
        return digests.error();
    std::unique_ptr<feed_host> made{
        new feed_host{host, std::move(*network), std::move(*reader), std::move(*digests), *store_id, log}};
    made->reload(conf);
    return made;
}

feed_host::feed_host(
    engine_host& host,
    std::unique_ptr<net::http_client> network,
    std::unique_ptr<storage::background_reader> reader,
    std::unique_ptr<digest_host> digests,
    std::string store_id,
    logger& log)
    : host_{host},
      network_{std::move(network)},
      reader_{std::move(reader)},
      store_id_{std::move(store_id)},
      digests_{std::move(digests)},
      courier_{
          host.loop().get_executor(),
          feed::courier_parts{
              .reader = *reader_,
              .writer = host.writer(),
              .url_of =
                  [this](auto const& kind, auto const& base_url, auto const& id) {
                      return address_of(kind, base_url, id);
                  },
              .time = host.time(),
              .log = log}}
{}

// On the reader's thread: what it uses does not change while it runs.
std::string feed_host::address_of(
    std::string const& kind, std::string const& base_url, std::string const& remote_id) const
{
    return remote_id.empty() ? base_url : url_of(host_.kinds().all, kind, base_url, remote_id);
}

void feed_host::reload(config const& conf)
{
    std::vector<feed::served_sink> all;
    for (auto const& one : conf.feed.webhooks) {
        feed::webhook_settings how{
            .name = one.common.name,
            .url = one.url,
            .key = one.key,
            .old_key = one.old_key,
            .checks = one.checks,
            .wanted = one.common.wanted,
            .from = one.from};
        if (how.from.source.empty())
            how.from.source = "urn:checkwatches:" + store_id_;
        all.push_back(served(one.common, feed::make_webhook(std::move(how), *network_, host_.time())));
    }
    for (auto const& one : conf.feed.brokers) {
        auto how = one.how;
        how.name = one.common.name;
        how.wanted = one.common.wanted;
        all.push_back(served(one.common, feed::make_amqp_sink(std::move(how))));
    }
    for (auto const& one : conf.feed.message_files) {
        auto how = one.how;
        how.files.name = one.common.name;
        how.wanted = one.common.wanted;
        all.push_back(served(one.common, feed::make_message_file_sink(std::move(how))));
    }
    for (auto& one : digests_->reload(conf))
        all.push_back(std::move(one));
    courier_.serve(std::move(all));
}

} // namespace checkwatches::app
