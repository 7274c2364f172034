#include "engine/app/digest_config.hpp"

#include "engine/app/secret_config.hpp"
#include "engine/core/url.hpp"

#include <boost/asio/ip/address.hpp>

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <set>
#include <utility>

namespace checkwatches::app {
namespace {

constexpr std::size_t most_recipients = 100;

// Takes an address, or notes what is wrong with it.
std::optional<feed::mail_address> address_of(section& in, std::string const& text)
{
    auto read = feed::parse_address(text);
    if (read)
        return std::move(*read);
    in.complain(in.where(), read.error().message);
    return std::nullopt;
}

// The host of "smtp://host" or "smtps://host", with a port or without; nothing: it is no such address.
std::optional<std::string> smtp_host(std::string_view url)
{
    for (std::string_view const scheme : {"smtp://", "smtps://"}) {
        if (!url.starts_with(scheme))
            continue;
        auto const http = parse_url("http://" + std::string{url.substr(scheme.size())});
        if (http && http->path == "/" && http->query.empty())
            return http->host;
    }
    return std::nullopt;
}

bool is_on_this_machine(std::string const& host)
{
    boost::system::error_code no_address;
    auto const address = boost::asio::ip::make_address(host, no_address);
    return no_address ? host == "localhost" : address.is_loopback();
}

feed::smtp_settings read_smtp(section& in, std::string url)
{
    feed::smtp_settings out{.url = std::move(url)};
    auto const host = smtp_host(out.url);
    if (!host)
        in.complain(
            in.where(),
            "\"smtp\" must be an address such as \"smtps://mail.example.org:465\" or \"smtp://…:587\"");
    in.read("tls", out.tls);
    in.read("user", out.user);
    if (!out.user.empty())
        if (auto password = read_secret(in, "[mail]"))
            out.password = std::move(*password);
    if (!out.tls && (out.url.starts_with("smtps:") || (host && !is_on_this_machine(*host))))
        in.complain(
            in.where(),
            "tls = false is for a server on this machine, at \"smtp://localhost\" or "
            "\"smtp://127.0.0.1:25\"");
    return out;
}

feed::sendmail_settings read_sendmail(section& in, std::vector<std::string> command)
{
    if (command.empty() || !command.front().starts_with('/'))
        in.complain(
            in.where(),
            "\"sendmail\" must be a program by its whole path, and its arguments: [\"/usr/sbin/sendmail\", "
            "\"-i\"]");
    return {.command = std::move(command)};
}

mail_config read_mail(section& in)
{
    mail_config out;
    std::string from;
    in.read("from", from);
    if (auto address = address_of(in, from))
        out.head.from = std::move(*address);
    std::optional<web_url> web;
    in.read("web", web);
    if (web)
        out.web = web->text();
    while (out.web.ends_with('/'))
        out.web.pop_back();
    in.read("unsubscribe", out.head.unsubscribe);
    if (!out.head.unsubscribe.empty()) {
        if (auto const link = parse_link(out.head.unsubscribe))
            out.head.unsubscribe = link->text();
        else
            in.complain(
                in.where(),
                "\"unsubscribe\" must be an address such as \"mailto:bugs@example.org\" or \"https://…\"");
    }

    for (std::string_view const key : {"tls", "user", "file", "variable"})
        if (in.take(key) != nullptr && in.take("smtp") == nullptr)
            in.complain(in.where(), fmt::format("\"{}\" in [mail] goes with \"smtp\"", key));
    std::vector<std::string> sendmail;
    std::string smtp;
    std::string folder;
    in.read("sendmail", sendmail);
    in.read("smtp", smtp);
    in.read("folder", folder);
    auto const ways = std::ranges::count(std::vector{sendmail.empty(), smtp.empty(), folder.empty()}, false);
    if (ways != 1)
        in.complain(
            in.where(),
            "[mail] needs one of the keys \"sendmail\", \"smtp\" and \"folder\": how mail leaves");
    if (!smtp.empty())
        out.by = read_smtp(in, std::move(smtp));
    else if (!folder.empty())
        out.by = std::move(folder);
    else
        out.by = read_sendmail(in, std::move(sendmail));
    return out;
}

void read_releases(
    section& in, std::string const& file, std::optional<error>& trouble, feed::digest_settings& into)
{
    with_table(in, "releases", file, trouble, [&](section& releases) {
        releases.each([&](std::string_view name, toml::node const&) {
            releases.read(name, into.releases[std::string{name}]);
        });
    });
    bool const wants = into.by == feed::digest_key::release;
    if (wants == into.releases.empty())
        in.complain(
            in.where(), "releases = { NAME = [\"label\", …] } goes with by = \"release\", and only with it");
}

void read_digest(
    section& in,
    std::string const& file,
    std::optional<error>& trouble,
    std::vector<feed::digest_settings>& into)
{
    sink_config common;
    read_sink(in, "[[digest]]", common);
    for (std::string_view const key : {"rate", "from", "acts"})
        if (in.take(key) != nullptr)
            in.complain(in.where(), fmt::format("a digest has no \"{}\"", key));
    auto& one = into.emplace_back(
        feed::digest_settings{.name = std::move(common.name), .wanted = std::move(common.wanted)});
    std::vector<std::string> to;
    in.read("to", to);
    if (to.empty() || to.size() > most_recipients)
        in.complain(
            in.where(),
            fmt::format("[[digest]] needs the key \"to\": from 1 to {} addresses", most_recipients));
    for (auto const& text : to)
        if (auto address = address_of(in, text))
            one.to.push_back(std::move(address->address));
    in.read(
        "by",
        one.by,
        {{"label", feed::digest_key::label},
         {"owner", feed::digest_key::owner},
         {"release", feed::digest_key::release}});
    read_releases(in, file, trouble, one);
    in.read("settle", one.settle);
    in.read("first", one.first);
    in.read("permanent_after", one.permanent_after);
    std::vector<std::string> windows;
    in.read("maintenance", windows);
    for (auto const& text : windows) {
        auto window = feed::parse_window(text);
        if (window)
            one.maintenance.push_back(*window);
        else
            in.complain(in.where(), window.error().message);
    }
}

} // namespace

void read_digests(
    section& top,
    std::string const& file,
    std::optional<error>& trouble,
    std::vector<std::string> const& sinks,
    digests_config& into)
{
    with_table(top, "mail", file, trouble, [&](section& in) { into.mail = read_mail(in); });
    with_tables(top, "digest", file, trouble, [&](section& in) { read_digest(in, file, trouble, into.all); });
    if (!into.all.empty() && !into.mail)
        top.complain(top.where(), "[[digest]] needs [mail], which says how mail leaves");
    std::set<std::string> seen{sinks.begin(), sinks.end()};
    for (auto const& one : into.all)
        if (!seen.insert(one.name).second)
            top.complain(top.where(), fmt::format("two sinks have the name \"{}\"", one.name));
}

result<feed::digest_settings> digest_named(digests_config const& in, std::string const& name)
{
    auto const at = std::ranges::find(in.all, name, &feed::digest_settings::name);
    if (at != in.all.end())
        return *at;
    std::string known;
    for (auto const& one : in.all)
        known += (known.empty() ? "" : ", ") + one.name;
    return error{
        .kind = error_kind::usage,
        .message = fmt::format(
            "the configuration has no [[digest]] named \"{}\"; it has {}",
            name,
            known.empty() ? "none" : known)};
}

} // namespace checkwatches::app
