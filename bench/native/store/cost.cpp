#include "cost.hpp"

#include <fmt/format.h>

void print(std::string_view by, bool scattered, std::size_t batch, spent const& s)
{
    constexpr auto line = R"({{"what":"settle","by":"{}","where":"{}","batch":{},"bugs":{},)"
                          R"("wall_s":{:.6f},"cpu_s":{:.6f},"syncs":{}}})"
                          "\n";
    fmt::print(line, by, scattered ? "scattered" : "neighbours", batch, s.bugs, s.wall, s.cpu, s.syncs);
}
