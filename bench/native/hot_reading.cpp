#include "adapters/registry.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "hot_paths.hpp"
#include "site_remote.hpp"

namespace {

using namespace checkwatches;

// A form of batch: a mock tracker that answers so.
struct batch_form {
    std::string_view name;
    std::string_view spec;       // of the mock
    std::string_view address;    // of a bug, without its number
    std::string_view protocol{}; // where it is not what the probe finds
    bool logs_in = false;
};

constexpr batch_form forms[]{
    {"allura", "kind=allura", "/p/plum/bugs/"},
    {"bugzilla-rest", "kind=bugzilla,flavour=5.2", "/show_bug.cgi?id="},
    {"bugzilla-xmlrpc", "kind=bugzilla,flavour=4.4.12", "/show_bug.cgi?id="},
    {"bugzilla-xml", "kind=bugzilla,flavour=3.2", "/show_bug.cgi?id="},
    {"bugzilla-csv", "kind=bugzilla,flavour=3.2", "/show_bug.cgi?id=", "csv"},
    {"bugzilla-rdf", "kind=bugzilla,flavour=2.16", "/show_bug.cgi?id=", "rdf"},
    {"bugzilla-xmlcgi", "kind=bugzilla,flavour=2.10", "/show_bug.cgi?id="},
    {"issuezilla", "kind=bugzilla,flavour=issuezilla", "/show_bug.cgi?id="},
    {"debbugs", "kind=debbugs", "/cgi-bin/bugreport.cgi?bug="},
    {"gitea", "kind=gitea", "/plum/orchard/issues/"},
    {"github-rest", "kind=github", "/acme/widget/issues/"},
    {"github-graphql", "kind=github", "/acme/widget/issues/", "", true},
    {"gitlab", "kind=gitlab", "/gadgets/frob/-/issues/"},
    {"gitlab-status", "kind=gitlab,flavour=premium", "/gadgets/frob/-/issues/", "", true},
    {"jira-search", "kind=jira", "/browse/MOCK-"},
    {"jira-cloud", "kind=jira,flavour=cloud", "/browse/MOCK-"},
    {"launchpad", "kind=launchpad", "/gadget/+bug/"},
    {"mantis-soap", "kind=mantis", "/view.php?id="},
    {"mantis-export", "kind=mantis,flavour=web", "/view.php?id="},
    {"pagure", "kind=pagure", "/plum/orchard/issue/"},
    {"phorge", "kind=phorge", "/T", "", true},
    {"redmine", "kind=redmine", "/issues/"},
    {"roundup-rest", "kind=roundup", "/issue"},
    {"roundup-csv", "kind=roundup,flavour=1.5", "/issue"},
    {"rt-rest1", "kind=rt", "/Ticket/Display.html?id="},
    {"rt-rest2", "kind=rt,flavour=rest2", "/Ticket/Display.html?id=", "", true},
    {"trac-csv", "kind=trac", "/ticket/"},
    {"trac-xmlrpc", "kind=trac,query=0", "/ticket/"},
    {"trac-plugin", "kind=trac,flavour=plugin", "/ticket/", "launchpad", true},
};

// A tracker of this form, and a batch of its bugs.
struct place {
    explicit place(batch_form const& form)
        : client{fmt::format("{},name=it,bugs={}", form.spec, 2 * batch_size + 2)},
          kind{*kinds.find(form.spec.substr(5, form.spec.find(',') - 5))},
          at{client, client.binding(refer(form, 1).base, form.logs_in)},
          can{run_at_once(kind.probe(at)).value()}
    {
        if (!form.protocol.empty())
            can.protocol = form.protocol;
        // Every second one: Launchpad's mock has no task on the project for each fourth.
        for (int n = 1; ids.size() != std::min(batch_size, can.batch); n += 2)
            if (n != mock::private_bug)
                ids.push_back(refer(form, n).remote_id);
    }

    adapters::bug_ref refer(batch_form const& form, int n) const
    {
        return kind.recognise(parse_url(fmt::format("{}{}{}", site_client::origin, form.address, n)).value())
            .value();
    }

    site_client client;
    adapters::registry kinds;
    adapters::adapter const& kind;
    bound_remote at;
    capabilities can;
    std::vector<std::string> ids{};
};

void expect_all_seen(adapters::findings const& found, std::size_t count)
{
    if (found.trouble)
        throw std::runtime_error(to_string(*found.trouble));
    auto const seen = std::ranges::count_if(
        found.found, [](auto const& f) { return std::holds_alternative<sighting>(f.what); });
    if (static_cast<std::size_t>(seen) != count)
        throw std::runtime_error(fmt::format("{} of {} bugs were seen", seen, count));
}

hot_work make_reading(batch_form const& form)
{
    auto const from = std::make_shared<place>(form);
    recording_remote first{from->at};
    expect_all_seen(run_at_once(from->kind.look(first, from->can, from->ids)), from->ids.size());
    auto prepare = [from, answers = std::move(first.answers)] {
        return [from, over = std::make_shared<replaying_remote>(from->at, answers)] {
            expect_all_seen(run_at_once(from->kind.look(*over, from->can, from->ids)), from->ids.size());
        };
    };
    return {.bugs = from->ids.size(), .prepare = std::move(prepare)};
}

} // namespace

std::vector<hot_path> reading_paths()
{
    std::vector<hot_path> out;
    for (auto const& form : forms)
        out.push_back(
            {.name = fmt::format("read-{}", form.name), .make = [&form] { return make_reading(form); }});
    return out;
}
