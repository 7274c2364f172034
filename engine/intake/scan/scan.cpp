#include "engine/intake/scan/scan.hpp"

#include "adapters/wire/text.hpp"
#include "engine/intake/scan/file_links.hpp"
#include "engine/intake/scan/git_log.hpp"
#include "engine/intake/scan/packages.hpp"
#include "engine/intake/scan/task_queue.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <deque>
#include <iterator>
#include <map>
#include <set>
#include <thread>
#include <tuple>
#include <utility>

namespace checkwatches::intake::scan {
namespace {

constexpr std::size_t files_of_a_task = 64;
constexpr std::size_t most_waiting = 256;

// A file of a package, and how many of all files come before it. Packages stay where they are.
struct file_task {
    package const* of = nullptr;
    std::size_t index = 0; // the package's
    std::size_t number = 0;
    std::string path{};
};

// Files one after the other, or the log of a package's repository.
struct task {
    std::vector<file_task> files{};
    bool is_log = false; // of the one in `files`
};

// A link with what puts it in order.
struct ordered_link {
    std::size_t package = 0;
    std::size_t file = 0;
    std::size_t number = 0; // there
    found_link what{};
};

// What one thread found.
struct harvest {
    std::vector<ordered_link> links{};
    std::vector<std::pair<std::size_t, scan_trouble>> troubles{}; // with the packages
    std::uint64_t bytes = 0;
};

class worker {
public:
    worker(
        scan_settings const& settings,
        adapters::registry const& kinds,
        short_ids const& shorts,
        std::atomic<std::size_t>& links)
        : settings_{settings},
          shorts_{shorts},
          bugs_{kinds},
          files_{shorts, bugs_},
          links_{links}
    {}

    harvest run(task_queue<task>& from)
    {
        while (auto const one = from.take()) {
            for (auto const& file : one->files)
                one->is_log ? read_log(file) : read_file(file);
        }
        return std::move(found_);
    }

private:
    void read_file(file_task const& one)
    {
        found_in_file_.clear();
        auto const path = one.of->root + "/" + one.path;
        auto const read = files_.read(path, one.path, found_in_file_);
        found_.bytes += read.bytes;
        if (!read.trouble.empty())
            found_.troubles.emplace_back(one.index, scan_trouble{path, read.trouble});
        for (auto& link : found_in_file_)
            keep(one, std::move(link.what), {.folder = one.of->root, .file = one.path, .line = link.line});
    }

    void read_log(file_task const& one)
    {
        std::vector<commit_link> found;
        auto trouble = read_git_log(
            one.of->root, {.since = settings_.since, .of_debian = one.of->is_debian}, shorts_, bugs_, found);
        if (!trouble.empty())
            found_.troubles.emplace_back(one.index, scan_trouble{one.of->root, std::move(trouble)});
        for (auto& link : found)
            keep(one, std::move(link.what), {.folder = one.of->root, .commit = std::move(link.commit)});
    }

    void keep(file_task const& in, text_link link, place where)
    {
        if (links_.fetch_add(1, std::memory_order_relaxed) >= settings_.most_links)
            return;
        found_.links.push_back(
            {.package = in.index,
             .file = in.number,
             .number = found_.links.size(),
             .what = {
                 .label = in.of->label,
                 .url = std::move(link.url),
                 .bug = std::move(link.bug),
                 .is = link.is,
                 .by = std::move(link.by),
                 .where = std::move(where)}});
    }

    scan_settings const& settings_;
    short_ids const& shorts_;
    bug_addresses bugs_;
    file_reader files_;
    std::atomic<std::size_t>& links_;
    std::vector<line_link> found_in_file_;
    harvest found_;
};

// Walks over the folders and makes tasks of what is there.
class foreman {
public:
    foreman(scan_settings const& settings, task_queue<task>& into) : settings_{settings}, into_{into} {}

    bool walk_over(std::string const& path)
    {
        walk_events const events{
            .found_package = [this](package one) { return add_package(std::move(one)); },
            .found_file = [this](package_file one) { return add_file(std::move(one)); },
            .trouble =
                [this](std::string where, std::string why, std::optional<std::size_t> of) {
                    troubles_.emplace_back(of, scan_trouble{std::move(where), std::move(why)});
                }};
        bool const is_there = walk(path, events);
        hand_over();
        return is_there;
    }

    std::deque<package> const& packages() const { return packages_; }
    std::size_t files() const { return files_; }
    std::vector<std::pair<std::optional<std::size_t>, scan_trouble>> const& troubles() const
    {
        return troubles_;
    }

private:
    std::size_t add_package(package one)
    {
        if (!settings_.label.empty())
            one.label = settings_.label;
        auto const index = packages_.size();
        packages_.push_back(std::move(one));
        // Its commits come behind all of its files.
        if (auto const& added = packages_.back(); settings_.git && added.has_git)
            into_.put(
                {.files = {{.of = &added, .index = index, .number = settings_.most_files}}, .is_log = true});
        return index;
    }

    bool add_file(package_file one)
    {
        if (files_ == settings_.most_files) {
            troubles_.emplace_back(
                one.of,
                scan_trouble{
                    packages_[one.of].root + "/" + one.path,
                    fmt::format("there are too many files: {} were looked at", settings_.most_files)});
            return false;
        }
        if (next_.files.size() == files_of_a_task)
            hand_over();
        next_.files.push_back(
            {.of = &packages_[one.of], .index = one.of, .number = files_, .path = std::move(one.path)});
        ++files_;
        return true;
    }

    void hand_over()
    {
        if (!next_.files.empty())
            into_.put(std::exchange(next_, {}));
    }

    scan_settings const& settings_;
    task_queue<task>& into_;
    std::deque<package> packages_; // which does not move them as it grows
    std::size_t files_ = 0;
    task next_;
    std::vector<std::pair<std::optional<std::size_t>, scan_trouble>> troubles_;
};

// Collects what foreman and workers have.
class collector {
public:
    explicit collector(std::deque<package> const& packages) : packages_{packages}
    {
        for (auto const& one : packages) {
            if (known_.insert(one.label).second)
                out_.labels.push_back(one.label);
            if (!one.is_whole)
                lacks(one.label);
        }
        out_.packages = packages.size();
    }

    void add(std::optional<std::size_t> of, scan_trouble trouble)
    {
        out_.troubles.push_back(std::move(trouble));
        if (of)
            lacks(packages_[*of].label);
    }

    void add(harvest one)
    {
        std::ranges::move(one.links, std::back_inserter(links_));
        for (auto& [of, trouble] : one.troubles)
            add(of, std::move(trouble));
        out_.bytes += one.bytes;
    }

    scan_report close()
    {
        std::ranges::sort(links_, {}, [](ordered_link const& one) {
            return std::tuple{one.package, one.file, one.number};
        });
        for (auto& one : links_)
            out_.links.push_back(std::move(one.what));
        std::ranges::sort(out_.troubles, {}, &scan_trouble::path);
        return std::move(out_);
    }

private:
    void lacks(std::string const& label)
    {
        if (partial_.insert(label).second)
            out_.partial.push_back(label);
    }

    std::deque<package> const& packages_;
    std::set<std::string> known_;
    std::set<std::string> partial_;
    std::vector<ordered_link> links_;
    scan_report out_;
};

} // namespace

std::string place::text() const
{
    constexpr std::size_t enough = 12;
    return commit.empty() ? fmt::format("{}:{}", wire::without_controls(file), line)
                          : "commit " + commit.substr(0, enough);
}

scan_report scan(
    std::vector<std::string> const& paths,
    scan_settings const& settings,
    adapters::registry const& kinds,
    short_ids const& shorts)
{
    task_queue<task> queue{most_waiting};
    std::atomic<std::size_t> links{0};
    std::vector<harvest> harvests(std::max<std::size_t>(settings.threads, 1));
    foreman over{settings, queue};
    bool found_any = false;
    {
        std::vector<std::jthread> threads;
        for (auto& into : harvests)
            threads.emplace_back([&] { into = worker{settings, kinds, shorts, links}.run(queue); });
        for (auto const& path : paths)
            found_any = over.walk_over(path) || found_any;
        queue.close();
    }

    collector all{over.packages()};
    for (auto const& [of, trouble] : over.troubles())
        all.add(of, trouble);
    for (auto& one : harvests)
        all.add(std::move(one));
    if (links > settings.most_links)
        for (std::size_t n = 0; n != over.packages().size(); ++n)
            all.add(
                n,
                {over.packages()[n].root,
                 fmt::format("there are too many links: {} are kept", settings.most_links)});
    auto out = all.close();
    out.found_any = found_any;
    out.files = over.files();
    return out;
}

std::vector<found_bug> bugs_in(scan_report const& report)
{
    std::map<std::string_view, std::size_t> order;
    for (auto const& label : report.labels)
        order.emplace(label, order.size());
    std::vector<std::vector<found_bug>> by_label(order.size());
    std::map<std::pair<std::size_t, std::string_view>, std::size_t> known;
    for (auto const& link : report.links) {
        auto const label = order.at(link.label);
        auto& bugs = by_label[label];
        auto const [at, is_new] = known.try_emplace({label, link.bug}, bugs.size());
        if (is_new)
            bugs.push_back(
                {.label = link.label, .url = link.url, .is = link.is, .by = link.by, .first = link.where});
        auto& bug = bugs[at->second];
        ++bug.places;
        if (link.is == storage::relation::same)
            bug.is = link.is;
    }
    std::vector<found_bug> out;
    for (auto& bugs : by_label)
        std::ranges::move(bugs, std::back_inserter(out));
    return out;
}

} // namespace checkwatches::intake::scan
