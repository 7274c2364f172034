#include "engine/feed/digest/post_office.hpp"

#include "storage/thread_job.hpp"

#include <boost/asio/thread_pool.hpp>

#include <exception>
#include <utility>

namespace checkwatches::feed {

class post_office::impl {
public:
    using job = storage::thread_job<impl>;

    explicit impl(std::shared_ptr<mailer> over) : mailer_{std::move(over)} {}
    ~impl()
    {
        limit_.set({});
        thread_.join();
    }

    void push(std::unique_ptr<job> next)
    {
        asio::post(thread_, [this, next = std::move(next)] {
            try {
                next->work(*this);
            }
            catch (std::exception const& failed) {
                next->fail({.kind = error_kind::protocol_error, .message = failed.what()});
            }
            next->resume();
        });
    }

    mail_outcome send(outgoing_mail const& what) { return mailer_->send(what, limit_); }
    void stop(std::chrono::milliseconds within) { limit_.set(within); }

private:
    std::shared_ptr<mailer> mailer_; // used on the thread only
    send_limit limit_;
    asio::thread_pool thread_{1};
};

post_office::post_office(std::shared_ptr<mailer> over) : impl_{std::make_unique<impl>(std::move(over))} {}
post_office::~post_office() = default;

awaitable<mail_outcome> post_office::send(outgoing_mail what)
{
    auto work = [what = std::move(what)](impl& with) { return with.send(what); };
    auto push = [this](std::unique_ptr<impl::job> next) { impl_->push(std::move(next)); };
    auto sent = co_await storage::do_on_thread<impl>(std::move(work), push);
    if (!sent)
        co_return mail_outcome{.trouble = sent.error()};
    co_return std::move(*sent);
}

void post_office::stop(std::chrono::milliseconds within)
{
    impl_->stop(within);
}

} // namespace checkwatches::feed
