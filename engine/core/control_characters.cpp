#include "engine/core/control_characters.hpp"

#include <cstddef>

namespace checkwatches {

std::string controls_to_blanks(std::string_view utf8)
{
    std::string out;
    out.reserve(utf8.size());
    for (std::size_t i = 0; i != utf8.size(); ++i) {
        bool const is_late = utf8[i] == '\xC2' && i + 1 != utf8.size()
                             && static_cast<unsigned char>(utf8[i + 1]) < 0xA0;
        out += is_late || is_control(utf8[i]) ? ' ' : utf8[i];
        i += is_late ? 1 : 0;
    }
    return out;
}

} // namespace checkwatches
