#include "engine/app/table.hpp"

#include "engine/core/control_characters.hpp"

#include <algorithm>
#include <sys/ioctl.h>
#include <unistd.h>

namespace checkwatches::app {
namespace {

bool starts_character(char c) noexcept
{
    return (static_cast<unsigned char>(c) & 0xC0U) != 0x80;
}

// The first `columns` code points of a text.
std::string_view cut(std::string_view text, std::size_t columns)
{
    std::size_t i = 0;
    for (; i != text.size(); ++i)
        if (starts_character(text[i]) && columns-- == 0)
            break;
    return text.substr(0, i);
}

} // namespace

table::table(std::vector<std::string> header)
{
    rows_.push_back(std::move(header));
}

void table::add(std::vector<std::string> row)
{
    std::ranges::transform(row, row.begin(), [](std::string const& cell) { return one_line(cell); });
    rows_.push_back(std::move(row));
}

std::string table::text(std::size_t width) const
{
    std::vector<std::size_t> widths(rows_.front().size());
    for (auto const& row : rows_)
        for (std::size_t i = 0; i != row.size(); ++i)
            widths[i] = std::max(widths[i], columns_of(row[i]));

    std::string out;
    for (auto const& row : rows_) {
        std::size_t used = 0;
        for (std::size_t i = 0; i != row.size(); ++i) {
            bool const last = i + 1 == row.size();
            auto const cell = last && width > used + 8 ? cut(row[i], width - used) : std::string_view{row[i]};
            out += cell;
            used += widths[i] + 2;
            if (!last)
                out.append(widths[i] + 2 - columns_of(cell), ' ');
        }
        while (out.ends_with(' '))
            out.pop_back();
        out += '\n';
    }
    return out;
}

std::size_t columns_of(std::string_view text) noexcept
{
    return static_cast<std::size_t>(std::ranges::count_if(text, starts_character));
}

std::string one_line(std::string_view text)
{
    return controls_to_blanks(text);
}

std::size_t terminal_width() noexcept
{
    winsize size{};
    if (::isatty(STDOUT_FILENO) == 0 || ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0)
        return 0;
    return size.ws_col;
}

} // namespace checkwatches::app
