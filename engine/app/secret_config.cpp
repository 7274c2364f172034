#include "engine/app/secret_config.hpp"

#include "engine/app/slurp.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <sys/stat.h>
#include <utility>

namespace checkwatches::app {
namespace {

// The text of a file that nobody else may read; complains otherwise. One that is named without its folder is
// one of the service's credentials (systemd's LoadCredential=), whose mode is systemd's to choose.
std::optional<std::string> text_of_file(section& in, std::string file)
{
    auto const* const folder = std::getenv("CREDENTIALS_DIRECTORY");
    bool const is_systemds = folder != nullptr && *folder != '\0' && file.find('/') == std::string::npos;
    if (is_systemds)
        file = std::string{folder} + "/" + file;
    struct stat about{};
    if (::stat(file.c_str(), &about) != 0) {
        in.complain(in.where(), fmt::format("the credential file {} cannot be read", file));
        return std::nullopt;
    }
    if (!is_systemds && (about.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
        in.complain(in.where(), fmt::format("the credential file {} is open to others: chmod 600 it", file));
        return std::nullopt;
    }
    auto text = slurp(file).value_or("");
    while (!text.empty() && (text.back() == '\n' || text.back() == '\r'))
        text.pop_back();
    if (text.empty()) {
        in.complain(in.where(), fmt::format("the credential file {} is empty or cannot be read", file));
        return std::nullopt;
    }
    return text;
}

// The secret in a variable of the environment; complains where there is none.
std::optional<std::string> text_of_variable(section& in, std::string const& name)
{
    auto const* const value = std::getenv(name.c_str());
    if (value != nullptr && *value != '\0')
        return value;
    in.complain(in.where(), fmt::format("the environment has no variable {} with the credential", name));
    return std::nullopt;
}

std::string key_of(std::string const& prefix, std::string const& key)
{
    return prefix.empty() ? key : prefix + "_" + key;
}

} // namespace

std::optional<secret> read_secret(section& in, std::string const& what, std::string const& prefix)
{
    std::string file;
    std::string variable;
    in.read(key_of(prefix, "file"), file);
    in.read(key_of(prefix, "variable"), variable);
    if (file.empty() == variable.empty()) {
        in.complain(
            in.where(),
            fmt::format(
                "{} needs one of the keys \"{}\" and \"{}\": the file, or the variable of the environment, "
                "that holds the password, key or token",
                what,
                key_of(prefix, "file"),
                key_of(prefix, "variable")));
        return std::nullopt;
    }
    auto text = file.empty() ? text_of_variable(in, variable) : text_of_file(in, std::move(file));
    if (!text)
        return std::nullopt;
    return secret{std::move(*text)};
}

bool names_secret(section& in, std::string const& prefix)
{
    bool const by_file = in.take(key_of(prefix, "file")) != nullptr;
    return in.take(key_of(prefix, "variable")) != nullptr || by_file;
}

} // namespace checkwatches::app
