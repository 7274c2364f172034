#include "storage/reader_impl.hpp"

namespace checkwatches::storage {

std::string reader::store_id() const
{
    auto row = start(impl_->store_id_);
    row.next();
    return std::string{row.text(0)};
}

} // namespace checkwatches::storage
