#include "engine/app/broker_config.hpp"

#include "engine/app/secret_config.hpp"

#include <string>

namespace checkwatches::app {
namespace {

// A broker and a disk take more than a web server that answers each event; still no flood after a week.
constexpr double usual_rate = 1'000;
constexpr std::int64_t smallest_file = 4 * 1024;
constexpr std::int64_t largest_file = 1024 * 1024 * 1024;
constexpr std::size_t longest_exchange = 127;

// What messages of fedora-messaging look like, wherever they go.
void read_messages(section& in, feed::fedora_settings& into)
{
    using feed::label_meaning;
    std::string prefix;
    in.read("prefix", prefix);
    if (auto words = feed::read_topic_prefix(prefix))
        into.prefix = std::move(*words);
    else
        in.complain(in.where(), "\"prefix\": " + words.error().message);
    in.read("schema_package", into.schema_package);
    in.read(
        "label_headers",
        into.labels,
        {{"rpm", label_meaning::rpm},
         {"container", label_meaning::container},
         {"module", label_meaning::module},
         {"flatpak", label_meaning::flatpak},
         {"none", label_meaning::nothing}});
}

void read_certificates(section& in, feed::amqp_settings& into)
{
    in.read("ca_file", into.ca_file);
    in.read("client_cert", into.cert_file);
    in.read("client_key", into.key_file);
    bool const is_used = !into.ca_file.empty() || !into.cert_file.empty() || !into.key_file.empty();
    if (is_used && !into.at.is_tls)
        in.complain(
            in.where(), "[[amqp]] has certificates, and \"url\" begins with amqp://, not with amqps://");
    if (into.cert_file.empty() != into.key_file.empty())
        in.complain(in.where(), "[[amqp]] needs both \"client_cert\" and \"client_key\", or neither");
}

} // namespace

void read_amqp(section& in, std::vector<amqp_config>& into)
{
    auto& one = into.emplace_back();
    auto& how = one.how;
    one.common.rate = usual_rate;
    read_sink(in, "[[amqp]]", one.common);
    std::string url;
    in.read("url", url);
    if (auto at = feed::parse_amqp_address(url))
        how.at = std::move(*at);
    else
        in.complain(in.where(), url.empty() ? "[[amqp]] needs the key \"url\"" : at.error().message);
    read_certificates(in, how);
    // Without a password the certificate says who we are.
    if (how.cert_file.empty() || names_secret(in, "password"))
        if (auto password = read_secret(in, "[[amqp]]", "password"))
            how.password = std::move(*password);
    in.read("exchange", how.exchange);
    if (how.exchange.empty() || how.exchange.size() > longest_exchange)
        in.complain(in.where(), "\"exchange\" must be the name of an exchange, such as \"amq.topic\"");
    in.read("mandatory", how.is_mandatory);
    in.read("checks", how.wants_checks);
    read_messages(in, how.messages);
}

void read_messages_file(section& in, std::vector<messages_file_config>& into)
{
    auto& one = into.emplace_back();
    auto& how = one.how;
    one.common.rate = usual_rate;
    read_sink(in, "[[messages_file]]", one.common);
    in.read("folder", how.files.folder);
    if (!how.files.folder.starts_with('/'))
        in.complain(
            in.where(),
            "[[messages_file]] needs the key \"folder\": the whole path of a folder, such as "
            "\"/var/lib/checkwatches/messages\"");
    in.read("size", how.files.size, smallest_file, largest_file);
    in.read("age", how.files.age);
    in.read("checks", how.wants_checks);
    read_messages(in, how.messages);
}

} // namespace checkwatches::app
