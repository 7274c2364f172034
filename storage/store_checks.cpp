#include "storage/store_impl.hpp"

namespace checkwatches::storage {

void store::keep_check_events(bool wanted)
{
    impl_->checks_.keep(wanted);
}

std::int64_t store::drop_check_events(std::int64_t up_to, std::int64_t most)
{
    auto& i = *impl_;
    return i.atomically([&] { return i.checks_.drop(up_to, most); });
}

} // namespace checkwatches::storage
