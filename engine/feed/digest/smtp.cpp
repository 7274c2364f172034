#include "engine/core/control_characters.hpp"
#include "engine/feed/digest/mailer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <curl/curl.h>
#include <mutex>
#include <utility>

namespace checkwatches::feed {
namespace {

struct clean_up {
    void operator()(CURL* handle) const noexcept { curl_easy_cleanup(handle); }
    void operator()(curl_slist* list) const noexcept { curl_slist_free_all(list); }
};

void need_curl()
{
    static std::once_flag once;
    std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
}

// Lines end with CR LF on the wire.
std::string on_the_wire(std::string const& bytes)
{
    std::string out;
    out.reserve(bytes.size() + bytes.size() / 30);
    for (char const c : bytes) {
        if (c == '\n')
            out += '\r';
        out += c;
    }
    return out;
}

// One conversation.
struct talk {
    std::string bytes{};
    std::size_t read = 0;
    send_limit const* limit = nullptr;
    std::string refused{}; // the last answer of 4xx or 5xx

    static std::size_t give(char* into, std::size_t size, std::size_t n, void* self)
    {
        auto& t = *static_cast<talk*>(self);
        auto const part = std::min(size * n, t.bytes.size() - t.read);
        std::memcpy(into, t.bytes.data() + t.read, part);
        t.read += part;
        return part;
    }
    static std::size_t hear(char* line, std::size_t size, std::size_t n, void* self)
    {
        auto& t = *static_cast<talk*>(self);
        std::string_view const said{line, size * n};
        constexpr std::size_t longest = 300;
        if (said.size() > 3 && (said.front() == '4' || said.front() == '5')) {
            t.refused = said.substr(0, longest);
            std::ranges::replace_if(t.refused, is_control, ' ');
        }
        return size * n;
    }
    static int go_on(void* self, curl_off_t, curl_off_t, curl_off_t, curl_off_t)
    {
        return static_cast<talk*>(self)->limit->is_over() ? 1 : 0;
    }
};

class smtp final : public mailer {
public:
    explicit smtp(smtp_settings settings) : settings_{std::move(settings)} { need_curl(); }

    mail_outcome send(outgoing_mail const& what, send_limit const& limit) override
    {
        std::unique_ptr<CURL, clean_up> const handle{curl_easy_init()};
        if (!handle)
            return {
                .trouble = error{.kind = error_kind::protocol_error, .message = "libcurl does not begin"}};
        talk now{.bytes = on_the_wire(what.bytes), .limit = &limit};
        std::unique_ptr<curl_slist, clean_up> to;
        for (auto const& one : what.to)
            to.reset(curl_slist_append(to.release(), ("<" + one + ">").c_str()));
        auto const from = "<" + what.from + ">";
        std::array<char, CURL_ERROR_SIZE> why{};
        auto* const c = handle.get();
        set_up(c);
        curl_easy_setopt(c, CURLOPT_ERRORBUFFER, why.data());
        curl_easy_setopt(c, CURLOPT_MAIL_FROM, from.c_str());
        curl_easy_setopt(c, CURLOPT_MAIL_RCPT, to.get());
        // One who is not taken does not keep the others from getting it.
        curl_easy_setopt(c, CURLOPT_MAIL_RCPT_ALLLOWFAILS, 1L);
        curl_easy_setopt(c, CURLOPT_UPLOAD, 1L);
        curl_easy_setopt(c, CURLOPT_READFUNCTION, &talk::give);
        curl_easy_setopt(c, CURLOPT_READDATA, &now);
        curl_easy_setopt(c, CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(now.bytes.size()));
        curl_easy_setopt(c, CURLOPT_HEADERFUNCTION, &talk::hear);
        curl_easy_setopt(c, CURLOPT_HEADERDATA, &now);
        curl_easy_setopt(c, CURLOPT_NOPROGRESS, 0L);
        curl_easy_setopt(c, CURLOPT_XFERINFOFUNCTION, &talk::go_on);
        curl_easy_setopt(c, CURLOPT_XFERINFODATA, &now);
        auto const done = curl_easy_perform(c);
        if (done == CURLE_OK)
            return {.note = now.refused};
        return outcome_of(c, done, why.data(), now);
    }

private:
    void set_up(CURL* c) const
    {
        curl_easy_setopt(c, CURLOPT_URL, settings_.url.c_str());
        curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
        curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
        curl_easy_setopt(c, CURLOPT_PROXY, ""); // of the environment: none
        curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT, 20L);
        curl_easy_setopt(c, CURLOPT_TIMEOUT, static_cast<long>(settings_.longest.count()));
        curl_easy_setopt(c, CURLOPT_USE_SSL, settings_.tls ? CURLUSESSL_ALL : CURLUSESSL_NONE);
        curl_easy_setopt(c, CURLOPT_SSL_VERIFYPEER, 1L);
        curl_easy_setopt(c, CURLOPT_SSL_VERIFYHOST, 2L);
        if (!settings_.ca_file.empty())
            curl_easy_setopt(c, CURLOPT_CAINFO, settings_.ca_file.c_str());
        if (settings_.user.empty())
            return;
        curl_easy_setopt(c, CURLOPT_USERNAME, settings_.user.c_str());
        curl_easy_setopt(c, CURLOPT_PASSWORD, std::string{settings_.password.reveal()}.c_str());
    }

    static mail_outcome outcome_of(CURL* c, CURLcode done, char const* why, talk const& now)
    {
        if (now.limit->is_over())
            return {
                .trouble = error{
                    .kind = error_kind::protocol_error, .message = "stopped while it was being handed over"}};
        long code = 0;
        curl_easy_getinfo(c, CURLINFO_RESPONSE_CODE, &code);
        auto kind = error_kind::protocol_error;
        if (done == CURLE_PEER_FAILED_VERIFICATION || done == CURLE_SSL_CONNECT_ERROR
            || done == CURLE_USE_SSL_FAILED || done == CURLE_SSL_CACERT_BADFILE)
            kind = error_kind::tls_failed;
        else if (done == CURLE_COULDNT_CONNECT || done == CURLE_COULDNT_RESOLVE_HOST)
            kind = error_kind::connect_failed;
        else if (done == CURLE_OPERATION_TIMEDOUT)
            kind = error_kind::timeout;
        else if (done == CURLE_LOGIN_DENIED)
            kind = error_kind::auth_failed;
        auto message = std::string{*why != '\0' ? why : curl_easy_strerror(done)};
        if (!now.refused.empty())
            message += "; the server said: " + now.refused;
        return {
            .trouble = error{.kind = kind, .message = std::move(message)},
            .is_refusal = kind == error_kind::protocol_error && code >= 500 && code < 600};
    }

    smtp_settings settings_;
};

} // namespace

std::unique_ptr<mailer> make_smtp(smtp_settings settings)
{
    return std::make_unique<smtp>(std::move(settings));
}

} // namespace checkwatches::feed
