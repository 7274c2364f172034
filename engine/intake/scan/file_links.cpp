#include "engine/intake/scan/file_links.hpp"

#include "engine/intake/scan/plain_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <sys/stat.h>
#include <utility>

namespace checkwatches::intake::scan {
namespace {

constexpr std::size_t window = std::size_t{1} << 20;
constexpr std::size_t most_structured = std::size_t{16} << 20;
constexpr std::uint64_t most_bytes = std::uint64_t{256} << 20;
constexpr std::size_t looked_at_for_nul = 8192;
// A window without a line end is cut so far before its end: more than an address can be long.
constexpr std::size_t overlap = 16 * 1024;

std::string reason()
{
    return std::strerror(errno); // NOLINT(concurrency-mt-unsafe): glibc's is safe
}

// Where what is left for the next window begins.
std::size_t cut_of(std::string_view text)
{
    auto const last = text.rfind('\n');
    return last == std::string_view::npos ? text.size() - std::min(text.size(), overlap) : last + 1;
}

} // namespace

file_reader::file_reader(short_ids const& shorts, bug_addresses& bugs)
    : shorts_{shorts},
      bugs_{bugs},
      buffer_(window)
{}

void file_reader::take(
    file_kind kind, std::string_view text, std::size_t cut, bool is_last, std::vector<line_link>& into)
{
    found_.clear();
    find_in_file(kind, text, shorts_, bugs_, found_);
    std::size_t counted = 0;
    auto const count_to = [&](std::size_t to) {
        line_ += static_cast<std::size_t>(std::count(
            text.begin() + static_cast<std::ptrdiff_t>(counted),
            text.begin() + static_cast<std::ptrdiff_t>(to),
            '\n'));
        counted = to;
    };
    for (auto& link : found_) {
        if (link.at >= cut)
            break;
        count_to(link.at);
        into.push_back({.what = std::move(link), .line = line_});
    }
    if (!is_last)
        count_to(cut);
}

file_reading file_reader::read(std::string const& path, std::string_view name, std::vector<line_link>& into)
{
    plain_file const file{path};
    struct stat about{};
    if (file.get() < 0)
        // A link that took the file's place since the folder was read is none of ours.
        return errno == ELOOP ? file_reading{} : file_reading{.trouble = reason()};
    if (::fstat(file.get(), &about) != 0)
        return {.trouble = reason()};
    if (!S_ISREG(about.st_mode))
        return {};
    auto kind = kind_of(name);
    auto const size = static_cast<std::size_t>(std::max<off_t>(about.st_size, 0));
    if (kind != file_kind::text)
        buffer_.resize(std::clamp(size + 1, window, most_structured));

    file_reading out;
    line_ = 1;
    std::size_t kept = 0;
    for (bool first = true;; first = false) {
        // A file that tells its size is not asked for what is behind it; those of /proc tell none.
        auto const room = buffer_.size() - kept;
        auto const wanted = size == 0 ? room : std::min(room, size - static_cast<std::size_t>(out.bytes));
        auto const got = file.read(buffer_.data() + kept, wanted);
        if (got < 0) {
            out.trouble = reason();
            break;
        }
        out.bytes += static_cast<std::uint64_t>(got);
        auto const filled = kept + static_cast<std::size_t>(got);
        if (first && std::memchr(buffer_.data(), '\0', std::min(filled, looked_at_for_nul)) != nullptr)
            break;
        bool const ended = filled != buffer_.size() || out.bytes == size;
        bool const enough = out.bytes >= most_bytes;
        bool const is_last = ended || enough;
        std::string_view const text{buffer_.data(), filled};
        auto const cut = is_last ? filled : cut_of(text);
        take(kind, text, cut, is_last, into);
        if (enough && !ended)
            out.trouble = fmt::format("it is too large: its first {} MiB were read", most_bytes >> 20);
        if (is_last)
            break;
        kept = filled - cut;
        std::memmove(buffer_.data(), buffer_.data() + cut, kept);
        kind = file_kind::text;
    }
    buffer_.resize(window);
    return out;
}

} // namespace checkwatches::intake::scan
