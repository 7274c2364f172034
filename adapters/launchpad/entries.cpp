#include "adapters/launchpad/entries.hpp"

#include "adapters/launchpad/names.hpp"
#include "adapters/wire/json.hpp"
#include "adapters/wire/page.hpp"
#include "adapters/wire/text.hpp"

#include <algorithm>
#include <array>

namespace checkwatches::adapters::launchpad {
namespace {

// Distributions of Launchpad whose tasks may stand without one on a package.
constexpr std::array<std::string_view, 10> distributions{
    "ubuntu", "debian", "fedora", "gentoo", "suse", "opensuse", "mandriva", "archlinux", "centos", "baltix"};

struct document {
    wire::json_document json;
    wire::json_object root;
    std::size_t replaced = 0;
};

result<document> read_object(reply const& from)
{
    if (auto wrong = wire::expect(from, {"application/json"}))
        return *wrong;
    auto json = wire::decode_json(from.body, from.header("Content-Type"));
    if (!json) {
        auto why = json.error();
        why.request = from.request;
        return why;
    }
    wire::json_object root;
    if (json->document.root().get_object().get(root) != simdjson::SUCCESS)
        return error{
            .kind = error_kind::unparsable, .message = "the JSON is no object", .request = from.request};
    return document{.json = std::move(json->document), .root = root, .replaced = json->replaced};
}

error lacks(std::string_view what, reply const& from)
{
    return error{
        .kind = error_kind::unparsable,
        .message = "the JSON has no " + std::string{what},
        .request = from.request};
}

// `Bug #7001 in avahi (Ubuntu): "the title"` without what is not the bug's own.
std::string title_in(std::string_view text)
{
    constexpr std::string_view opening = ": \"";
    auto const start = text.find(opening);
    if (!text.starts_with("Bug #") || start == std::string_view::npos || !text.ends_with('"')
        || start + opening.size() > text.size() - 1)
        return std::string{text};
    text.remove_prefix(start + opening.size());
    text.remove_suffix(1);
    return std::string{text};
}

task_entry to_task(wire::json_object const& in, web_url const& root)
{
    task_entry out{
        .id = task_at(root, wire::text_member(in, "self_link")),
        .status = wire::text_member(in, "status"),
        .importance = wire::text_member(in, "importance"),
        .bug_title = title_in(wire::text_member(in, "title"))};
    if (out.id.empty())
        out.id = task_at(root, wire::text_member(in, "web_link"));
    return out;
}

} // namespace

result<task_entry> read_task(reply const& from, web_url const& root)
{
    auto const in = read_object(from);
    if (!in)
        return in.error();
    auto out = to_task(in->root, root);
    if (out.status.empty())
        return lacks("status", from);
    return out;
}

result<bug_entry> read_bug(reply const& from)
{
    auto const in = read_object(from);
    if (!in)
        return in.error();
    if (!wire::integer_member(in->root, "id"))
        return lacks("id of a bug", from);
    auto const duplicate = wire::text_member(in->root, "duplicate_of_link");
    return bug_entry{
        .title = wire::text_member(in->root, "title"),
        .duplicate_of = wire::normal_number(duplicate.substr(duplicate.rfind('/') + 1)),
        .modified = parse_time(wire::text_member(in->root, "date_last_updated")),
        .replaced = in->replaced};
}

result<task_page> read_tasks(reply const& from, web_url const& root)
{
    auto const in = read_object(from);
    if (!in)
        return in.error();
    auto const entries = wire::array_member(in->root, "entries");
    if (!entries)
        return lacks("entries", from);
    task_page out{
        .total = wire::integer_member(in->root, "total_size"),
        .next = wire::text_member(in->root, "next_collection_link"),
        .replaced = in->replaced};
    for (auto const entry : *entries) {
        wire::json_object task;
        if (entry.get_object().get(task) == simdjson::SUCCESS)
            out.tasks.push_back(to_task(task, root));
    }
    return out;
}

std::optional<error> read_service_root(reply const& from)
{
    auto const in = read_object(from);
    if (!in)
        return in.error();
    if (wire::text_member(in->root, "resource_type_link").ends_with("#service-root"))
        return std::nullopt;
    return lacks("resource_type_link of a service root", from);
}

task_entry const* chosen_task(std::vector<task_entry> const& tasks)
{
    auto const is_part_of = [](std::string const& target, std::string const& whole) {
        return target.starts_with(whole + "/");
    };
    auto const is_on_project = [&](task_entry const& task) {
        auto const target = target_of(task.id);
        if (target.empty() || target.find('/') != std::string::npos
            || std::ranges::find(distributions, target) != distributions.end())
            return false;
        return std::ranges::none_of(tasks, [&](task_entry const& other) {
            return is_part_of(target_of(other.id), target)
                   && target_of(other.id).find("/+source/") != std::string::npos;
        });
    };
    if (tasks.empty())
        return nullptr;
    auto const project = std::ranges::find_if(tasks, is_on_project);
    if (std::ranges::count_if(tasks, is_on_project) == 1)
        return &*project;
    return &tasks.front();
}

} // namespace checkwatches::adapters::launchpad
