#pragma once

#include <string>

namespace checkwatches::app {

struct digest_list_options {
    bool json = false;
};
struct digest_preview_options {
    std::string name{};
    bool json = false;
};
struct digest_test_options {
    std::string name{};
};
struct digest_mute_options {
    std::string name{};
    std::string until{}; // a time, or a span from now
};
struct digest_unmute_options {
    std::string name{};
};
struct digest_retry_options {
    std::string name{};
};

} // namespace checkwatches::app
