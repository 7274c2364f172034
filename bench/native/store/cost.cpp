#include "cost.hpp"

#include <fmt/format.h>

double seconds_of(clockid_t clock)
{
    timespec now{};
    ::clock_gettime(clock, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

void print(std::string_view by, bool scattered, std::size_t batch, unsigned round, spent const& s)
{
    constexpr auto line = R"({{"what":"settle","by":"{}","where":"{}","batch":{},"round":{},"bugs":{},)"
                          R"("wall_s":{:.6f},"cpu_s":{:.6f},"syncs":{}}})"
                          "\n";
    fmt::print(
        line, by, scattered ? "scattered" : "neighbours", batch, round, s.bugs, s.wall, s.cpu, s.syncs);
}
