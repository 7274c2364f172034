#include "engine/remote/local_folder.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <filesystem>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <vector>

namespace checkwatches {
namespace {

namespace fs = std::filesystem;

constexpr unsigned ok = 200;
constexpr unsigned not_modified = 304;
constexpr unsigned forbidden = 403;
constexpr unsigned not_found = 404;
constexpr unsigned bad_method = 405;
constexpr unsigned failed = 500;

class open_file {
public:
    // Does not wait for a writer where it is a pipe.
    explicit open_file(fs::path const& path)
        : descriptor_{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)}
    {}
    ~open_file()
    {
        if (descriptor_ >= 0)
            ::close(descriptor_);
    }
    open_file(open_file const&) = delete;
    open_file& operator=(open_file const&) = delete;

    int get() const noexcept { return descriptor_; }

private:
    int descriptor_;
};

std::error_code last_failure()
{
    return {errno, std::generic_category()};
}

adapters::reply say(unsigned status, std::string text)
{
    adapters::reply out{.status = status, .body = std::move(text)};
    out.headers.emplace_back("Content-Type", "text/plain");
    return out;
}

adapters::reply say(std::error_code why)
{
    auto const is = [&](std::errc what) { return why == what; };
    unsigned status = failed;
    if (is(std::errc::no_such_file_or_directory) || is(std::errc::not_a_directory)
        || is(std::errc::filename_too_long))
        status = not_found;
    else if (
        is(std::errc::permission_denied) || is(std::errc::operation_not_permitted)
        || is(std::errc::too_many_symbolic_link_levels))
        status = forbidden;
    return say(status, why.message());
}

fs::path path_of(web_url const& url)
{
    return percent_decode(url.path);
}

bool is_within(fs::path const& path, fs::path const& folder)
{
    return std::mismatch(folder.begin(), folder.end(), path.begin(), path.end()).first == folder.end();
}

// To the nanosecond: a file may change twice in a second.
std::string tag_of(struct stat const& file)
{
    return fmt::format(
        "\"{:x}-{:x}-{:x}-{:x}\"", file.st_ino, file.st_size, file.st_mtim.tv_sec, file.st_mtim.tv_nsec);
}

std::string http_time(std::time_t t)
{
    constexpr std::time_t last = 253'402'300'799; // of the year 9999
    return fmt::format("{:%a, %d %b %Y %H:%M:%S GMT}", fmt::gmtime(std::clamp<std::time_t>(t, 0, last)));
}

result<adapters::reply>
give_file(int descriptor, struct stat const& file, std::string_view known, std::size_t most)
{
    auto const tag = tag_of(file);
    adapters::reply out{.status = known == tag ? not_modified : ok};
    out.headers.emplace_back("Content-Type", "application/octet-stream");
    out.headers.emplace_back("Last-Modified", http_time(file.st_mtim.tv_sec));
    out.headers.emplace_back("ETag", tag);
    if (out.status == not_modified)
        return out;
    constexpr std::size_t step = 64 * 1024;
    for (std::size_t end = 0;;) {
        out.body.resize(end + step);
        auto const read = ::read(descriptor, out.body.data() + end, step);
        if (read < 0 && errno == EINTR)
            continue;
        if (read < 0)
            return say(last_failure());
        end += static_cast<std::size_t>(read);
        out.body.resize(end);
        if (end > most)
            return error{
                .kind = error_kind::too_large,
                .message = fmt::format("the file is larger than {} bytes", most)};
        if (read == 0)
            return out;
    }
}

// As web servers list a folder; what has other characters in its name is no folder that is asked for.
result<adapters::reply> list_folders(fs::path const& folder)
{
    constexpr std::size_t most = 1000;
    constexpr std::string_view plain = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_";
    std::vector<std::string> names;
    std::error_code wrong;
    std::size_t seen = 0;
    for (fs::directory_iterator at{folder, wrong}; !wrong && at != fs::directory_iterator{};
         at.increment(wrong)) {
        auto name = at->path().filename().string();
        std::error_code unknown;
        if (name.find_first_not_of(plain) == std::string::npos && at->is_directory(unknown))
            names.push_back(std::move(name));
        if (++seen > most)
            return error{
                .kind = error_kind::too_large,
                .message = fmt::format("there are more than {} entries", most)};
    }
    if (wrong)
        return say(wrong);
    std::ranges::sort(names);
    auto out = say(ok, "<html><title>Index</title>\n");
    out.headers.front().second = "text/html";
    for (auto const& name : names)
        out.body += fmt::format("<a href=\"{0}/\">{0}/</a>\n", name);
    out.body += "</html>\n";
    return out;
}

std::string_view known_tag(adapters::request const& rq)
{
    auto const found = std::ranges::find(
        rq.headers, "If-None-Match", &std::pair<std::string, std::string>::first);
    return found == rq.headers.end() ? std::string_view{} : std::string_view{found->second};
}

result<adapters::reply> read_below(fs::path const& root, adapters::request const& rq, std::size_t most)
{
    auto const named = path_of(rq.url);
    if (named.native().find('\0') != std::string::npos)
        return say(not_found, "there is no such name");
    std::error_code wrong;
    auto const path = fs::canonical(named, wrong); // where symbolic links lead
    if (wrong)
        return say(wrong);
    bool const has_dots = std::ranges::find(named, fs::path{".."}) != named.end();
    if (has_dots || !is_within(path, root))
        return say(forbidden, "leads out of the folder");
    open_file const file{path};
    struct stat what{};
    if (file.get() < 0 || ::fstat(file.get(), &what) != 0)
        return say(last_failure());
    if (S_ISDIR(what.st_mode) && rq.url.path.ends_with('/'))
        return list_folders(path);
    if (!S_ISREG(what.st_mode))
        return say(forbidden, "is no regular file");
    return give_file(file.get(), what, known_tag(rq), most);
}

} // namespace

result<adapters::reply> read_local(web_url const& folder, adapters::request const& rq, std::size_t most)
{
    auto const request = rq.method + " " + redacted(rq.url);
    std::error_code wrong;
    auto const root = fs::canonical(path_of(folder), wrong);
    if (!wrong && !fs::is_directory(root, wrong))
        wrong = wrong ? wrong : std::make_error_code(std::errc::not_a_directory);
    if (wrong)
        return error{
            .kind = error_kind::maintenance,
            .message = fmt::format(
                "the folder {} cannot be read: {}", path_of(folder).native(), wrong.message()),
            .request = request};
    auto out = rq.method == "GET" ? read_below(root, rq, most)
                                  : say(bad_method, "a local folder is only read");
    if (out) {
        out->url = rq.url;
        out->request = request;
    }
    else {
        auto why = out.error();
        why.request = request;
        return why;
    }
    return out;
}

} // namespace checkwatches
