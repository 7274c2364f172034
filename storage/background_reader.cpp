#include "storage/background_reader.hpp"

#include <boost/asio/thread_pool.hpp>

#include <atomic>
#include <exception>

namespace checkwatches::storage {

class background_reader::impl {
public:
    explicit impl(std::unique_ptr<reader> r) : reader_{std::move(r)} {}
    // Runs what is queued to its end.
    ~impl() { thread_.join(); }

    void push(std::unique_ptr<job> next)
    {
        ++pending_;
        asio::post(thread_, [this, next = std::move(next)] {
            read(*next);
            --pending_;
            next->resume();
        });
    }

    std::size_t pending() const { return pending_; }

private:
    void read(job& what)
    {
        try {
            what.work(*reader_);
        }
        catch (database_error const& failed) {
            what.fail(failed.why());
        }
        catch (std::exception const& failed) {
            what.fail(error{.kind = error_kind::storage, .message = failed.what()});
        }
    }

    std::unique_ptr<reader> reader_; // touched on the thread only
    std::atomic<std::size_t> pending_{0};
    asio::thread_pool thread_{1};
};

background_reader::background_reader(std::unique_ptr<reader> r) : impl_{std::make_unique<impl>(std::move(r))}
{}
background_reader::~background_reader() = default;

std::size_t background_reader::pending() const
{
    return impl_->pending();
}

void background_reader::push(std::unique_ptr<job> next)
{
    impl_->push(std::move(next));
}

} // namespace checkwatches::storage
