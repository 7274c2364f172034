#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace checkwatches::bench {

// Plain sockets on the loopback device, for the programs that stand at the other end of what is measured.
// What cannot be done throws std::system_error.
int listen_on_loopback(); // at a port that the system picks
std::uint16_t port_of(int listener);
int connect_to_loopback(std::uint16_t port);
void send_all(int socket, std::string_view text);
// Appends what has come; false at the end.
bool receive_some(int socket, std::string& to);

// How long the HTTP message is that `text` begins with, its body included; 0: it is not all here.
std::size_t message_size(std::string_view text);

} // namespace checkwatches::bench
