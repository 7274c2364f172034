#pragma once

#include <cstddef>
#include <string>

// Makes a database of so many watched bugs, spread over so many trackers: all seen, their appointments spread
// over a week.
void make_crowd(std::string const& database, std::size_t watches, std::size_t trackers);
