#include "bench/mock/launchpad.hpp"

#include <fmt/format.h>

#include <iterator>

namespace checkwatches::mock {

namespace {

// "2026-01-02T03:04:05.678901+00:00"; the fraction as in last_updated().
std::string long_time(std::int64_t t, int id)
{
    auto text = iso_time(t);
    text.pop_back();
    return fmt::format("{}.{:06}+00:00", text, id % 1'000'000);
}

class object_writer {
public:
    explicit object_writer(std::string& out) : out_(out) { out_ += '{'; }

    void text(std::string_view name, std::string_view value)
    {
        begin(name);
        append_json(out_, value);
    }
    void raw(std::string_view name, std::string_view value)
    {
        begin(name);
        out_ += value;
    }
    void end() { out_ += '}'; }

private:
    void begin(std::string_view name)
    {
        fmt::format_to(std::back_inserter(out_), "{}\"{}\": ", first_ ? "" : ", ", name);
        first_ = false;
    }

    std::string& out_;
    bool first_ = true;
};

} // namespace

std::string const& task::status() const noexcept
{
    return place == 0 ? of->now().status : of->now().others[place - 1].first;
}

std::string const& task::importance() const noexcept
{
    return place == 0 ? of->now().priority : of->now().others[place - 1].second;
}

std::vector<task> tasks_of(bug const& b)
{
    std::vector<task> tasks;
    bool const has[]{b.id % 4 != 0, b.id % 3 == 0 || b.id % 4 == 0, b.id % 6 == 0};
    for (std::size_t target = 0; target < std::size(has); ++target)
        if (has[target])
            tasks.push_back({.of = &b, .place = tasks.size(), .target = target});
    return tasks;
}

std::string launchpad_ground::target_path(std::size_t target) const
{
    if (target == 0)
        return flavour.project;
    if (target == 1)
        return fmt::format("{}/+source/{}", flavour.distro, flavour.project);
    return fmt::format("{}/{}/+source/{}", flavour.distro, flavour.series, flavour.project);
}

std::string etag_of(launchpad_ground const& at, bug const& b)
{
    auto const tag = scramble(at.site.options.seed ^ (static_cast<std::uint64_t>(b.id) << 20U) ^ b.version());
    return fmt::format("\"{}-{}\"", hex_tag(tag), hex_tag(tag + 1));
}

std::string etag_of(launchpad_ground const& at, task const& t)
{
    auto tag = at.site.options.seed ^ (static_cast<std::uint64_t>(t.number()) << 20U);
    for (char const c : t.status() + "\n" + t.importance())
        tag = scramble(tag ^ static_cast<unsigned char>(c));
    return fmt::format("\"{}-{}\"", hex_tag(tag), hex_tag(tag + 1));
}

std::int64_t last_updated(bug const& b) noexcept
{
    return b.now().since * 1'000'000 + b.id % 1'000'000;
}

std::string bug_entry(launchpad_ground const& at, bug const& b)
{
    std::string out;
    object_writer entry{out};
    auto const self = fmt::format("{}/bugs/{}", at.api(), b.id);
    auto const& now = b.now();
    entry.text("self_link", self);
    entry.text("web_link", fmt::format("{}/bugs/{}", at.site.origin, b.id));
    entry.text("resource_type_link", fmt::format("{}/#bug", at.api()));
    entry.raw("id", std::to_string(b.id));
    entry.raw("private", b.hidden ? "true" : "false");
    entry.text("information_type", b.hidden ? "Private" : "Public");
    entry.text("title", b.title);
    entry.text("description", fmt::format("Description of bug {}\nsecond line", b.id));
    entry.text("date_created", long_time(b.created, b.id));
    entry.text("date_last_updated", long_time(now.since, b.id));
    entry.text("date_last_message", long_time(b.created, b.id));
    if (now.duplicate_of == 0)
        entry.raw("duplicate_of_link", "null");
    else
        entry.text("duplicate_of_link", fmt::format("{}/bugs/{}", at.api(), now.duplicate_of));
    entry.raw("number_of_duplicates", b.id == duplicated_bug ? "1" : "0");
    entry.raw("tags", "[]");
    entry.raw("heat", "6");
    entry.text("owner_link", fmt::format("{}/~al", at.api()));
    entry.text("bug_tasks_collection_link", fmt::format("{}/bug_tasks", self));
    entry.text("bug_watches_collection_link", fmt::format("{}/bug_watches", self));
    entry.text("messages_collection_link", fmt::format("{}/messages", self));
    entry.text("http_etag", etag_of(at, b));
    entry.end();
    return out;
}

std::string task_entry(launchpad_ground const& at, task const& t)
{
    std::string out;
    object_writer entry{out};
    auto const& b = *t.of;
    auto const path = at.target_path(t.target);
    auto const self = fmt::format("{}/{}/+bug/{}", at.api(), path, b.id);
    auto const shown = t.target == 0 ? at.flavour.project
                                     : fmt::format(
                                           "{} ({}{})",
                                           at.flavour.project,
                                           at.flavour.distro,
                                           t.target == 2 ? " " + at.flavour.series : "");
    entry.text("self_link", self);
    entry.text("web_link", fmt::format("{}/{}/+bug/{}", at.site.origin, path, b.id));
    entry.text("resource_type_link", fmt::format("{}/#bug_task", at.api()));
    entry.text("bug_link", fmt::format("{}/bugs/{}", at.api(), b.id));
    entry.text("bug_target_name", shown);
    entry.text("bug_target_display_name", shown);
    entry.text("target_link", fmt::format("{}/{}", at.api(), path));
    entry.text("title", fmt::format("Bug #{} in {}: \"{}\"", b.id, shown, b.title));
    entry.text("status", t.status());
    entry.text("importance", t.importance());
    entry.raw("is_complete", t.status() == "Fix Released" || t.status() == "Invalid" ? "true" : "false");
    entry.text("assignee_link", fmt::format("{}/~jo", at.api()));
    entry.text("owner_link", fmt::format("{}/~al", at.api()));
    entry.raw("milestone_link", "null");
    entry.raw("bug_watch_link", "null");
    entry.text("date_created", long_time(b.created, b.id));
    for (std::string_view const name :
         {"date_assigned",
          "date_confirmed",
          "date_triaged",
          "date_in_progress",
          "date_fix_committed",
          "date_fix_released",
          "date_closed",
          "date_incomplete",
          "date_deferred",
          "date_left_new",
          "date_left_closed",
          "status_explanation",
          "importance_explanation"})
        entry.raw(name, "null");
    entry.text("related_tasks_collection_link", fmt::format("{}/related_tasks", self));
    entry.text("http_etag", etag_of(at, t));
    entry.end();
    return out;
}

} // namespace checkwatches::mock
