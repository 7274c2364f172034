#include "bench/mock/kinds.hpp"
#include "bench/mock/options.hpp"
#include "bench/mock/text.hpp"

#include <fmt/format.h>

namespace checkwatches::mock {

namespace {

// What a stock Bugzilla of this version offers.
void set_bugzilla_version(bugzilla_flavour& f, std::string_view version)
{
    f.version = version;
    f.rest = version_at_least(version, "5.0");
    f.xmlrpc = version_at_least(version, "3.4");
    f.web = version_at_least(version, "2.16");
    f.xml_cgi = !version_at_least(version, "2.18");
    f.alias = f.rest ? alias_form::list : alias_form::text;
    f.utc_time = !version_at_least(version, "5.1.1");
    f.words = version_at_least(version, "4.0") ? "stock" : "classic";
}

void set_mozilla(bugzilla_flavour& f)
{
    f.version = "20260801.1";
    f.xmlrpc = false;
    f.whoami = true;
    f.rate_limit = true;
    f.key = key_place::header;
    f.alias = alias_form::text_or_null;
    f.words = "mozilla";
}

void set_redhat(bugzilla_flavour& f)
{
    f.version = "5.0.4.rh103";
    f.whoami = true;
    f.capped = true;
    f.utc_time = true;
    f.key = key_place::bearer;
    f.words = "redhat";
}

} // namespace

bool set_bugzilla_flavour(tracker_options& options, std::string_view flavour)
{
    auto& f = options.bugzilla;
    if (flavour == "bmo") {
        set_mozilla(f);
    }
    else if (flavour == "rhbz") {
        set_redhat(f);
    }
    else if (flavour == "kde") {
        set_bugzilla_version(f, "5.0.6");
        f.words = "kde";
    }
    else if (flavour == "issuezilla") {
        set_bugzilla_version(f, "2.11");
        f.issuezilla = true;
    }
    else if (!flavour.empty() && flavour.front() >= '0' && flavour.front() <= '9') {
        set_bugzilla_version(f, flavour);
    }
    else {
        return false;
    }
    return true;
}

bool set_trac_flavour(tracker_options& options, std::string_view flavour)
{
    auto& f = options.trac;
    if (flavour == "plugin") {
        f.version = "0.11.1";
        f.labels = false;
        f.launchpad = true;
        f.rpc = false;
    }
    else if (flavour == "default") {
        f.severities = false;
        f.rpc = false;
    }
    else if (flavour == "0.10" || flavour == "0.12") {
        f.version = fmt::format("{}.5", flavour);
        f.labels = false;
        f.severities = false;
        f.rpc_old = true;
        f.rpc = flavour == "0.12";
        f.ticket_csv = flavour == "0.12";
        f.page = 100;
    }
    else {
        return flavour == "1.7";
    }
    return true;
}

bool set_launchpad_flavour(tracker_options&, std::string_view flavour)
{
    return flavour == "devel";
}

result<void> set_flavour(tracker_options& options, std::string_view flavour)
{
    auto const set = find_kind(options.kind)->set_flavour;
    if (set != nullptr && set(options, flavour))
        return {};
    return error{
        .kind = error_kind::usage,
        .message = fmt::format("a mock {} has no flavour \"{}\"", options.kind, flavour)};
}

} // namespace checkwatches::mock
