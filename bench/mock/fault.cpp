#include "bench/mock/fault.hpp"

#include <utility>

namespace checkwatches::mock {

namespace {

constexpr std::array names{
    std::pair{fault::none, std::string_view{"none"}},
    std::pair{fault::refuse, std::string_view{"refuse"}},
    std::pair{fault::reset, std::string_view{"reset"}},
    std::pair{fault::reset_mid_body, std::string_view{"reset_mid_body"}},
    std::pair{fault::stall, std::string_view{"stall"}},
    std::pair{fault::stall_mid_body, std::string_view{"stall_mid_body"}},
    std::pair{fault::truncate, std::string_view{"truncate"}},
    std::pair{fault::close_idle, std::string_view{"close_idle"}},
    std::pair{fault::garbage, std::string_view{"garbage"}},
    std::pair{fault::garbage_body, std::string_view{"garbage_body"}},
    std::pair{fault::login_page, std::string_view{"login_page"}},
    std::pair{fault::bot_page, std::string_view{"bot_page"}},
    std::pair{fault::maintenance_page, std::string_view{"maintenance_page"}},
    std::pair{fault::huge_body, std::string_view{"huge_body"}},
    std::pair{fault::huge_length, std::string_view{"huge_length"}},
    std::pair{fault::huge_header, std::string_view{"huge_header"}},
    std::pair{fault::gzip_bomb, std::string_view{"gzip_bomb"}},
    std::pair{fault::redirect_loop, std::string_view{"redirect_loop"}},
    std::pair{fault::redirect_away, std::string_view{"redirect_away"}},
    std::pair{fault::status_401, std::string_view{"401"}},
    std::pair{fault::status_403, std::string_view{"403"}},
    std::pair{fault::status_404, std::string_view{"404"}},
    std::pair{fault::status_429, std::string_view{"429"}},
    std::pair{fault::status_429_bare, std::string_view{"429_bare"}},
    std::pair{fault::status_500, std::string_view{"500"}},
    std::pair{fault::status_502, std::string_view{"502"}},
    std::pair{fault::status_503, std::string_view{"503"}},
    std::pair{fault::status_503_bare, std::string_view{"503_bare"}},
    std::pair{fault::slow_drip, std::string_view{"slow_drip"}},
};

} // namespace

std::string_view name(fault what) noexcept
{
    for (auto const& [value, word] : names)
        if (value == what)
            return word;
    return "none";
}

std::optional<fault> parse_fault(std::string_view name) noexcept
{
    for (auto const& [value, word] : names)
        if (word == name)
            return value;
    return std::nullopt;
}

fault fault_plan::now() const noexcept
{
    if (seen < after)
        return fault::none;
    bool const over = lasts != 0 && what != fault::refuse && seen - after >= lasts;
    return over ? fault::none : what;
}

fault fault_plan::next() noexcept
{
    auto const due = now();
    ++seen;
    return due;
}

} // namespace checkwatches::mock
