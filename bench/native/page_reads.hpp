#pragma once

#include <string>
#include <string_view>
#include <vector>

// What the pages read of a database: each read once and again, and the median of how long it took.
struct page_read {
    std::string_view what;
    double us{};
};
std::vector<page_read> time_page_reads(std::string const& database);
