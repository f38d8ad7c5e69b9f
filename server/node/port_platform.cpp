// See port_platform.h.
#include "server/node/port_platform.h"

#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <random>

namespace starling::node {
namespace {

constexpr int kFirstFree = 20'000;
constexpr int kFreeCount = 12'000;  // Up to 31,999: Linux gives out ephemeral ports from 32,768 on.
constexpr int kAttempts = 100;

// 0 or an errno.
int try_bind(const addrinfo& address) {
  const int socket_fd = ::socket(address.ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (socket_fd < 0) return errno;
  const int on = 1;
  int result = 0;
  if (::setsockopt(socket_fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0 ||
      ::bind(socket_fd, address.ai_addr, address.ai_addrlen) != 0 || ::listen(socket_fd, 1) != 0) {
    result = errno;
  }
  ::close(socket_fd);
  return result;
}

bool bindable(const std::string& host, int port, std::string& error) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE;
  addrinfo* found = nullptr;
  const int code = ::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found);
  if (code != 0) {
    error = "the host " + host + " is not known: " + ::gai_strerror(code) +
            ". Name an address of this machine with --listen";
    return false;
  }
  const int result = try_bind(*found);
  ::freeaddrinfo(found);
  if (result == 0) return true;
  const std::string place = host + ":" + std::to_string(port);
  error = result == EADDRINUSE
              ? "the address " + place + " is in use by another program: choose another port"
              : "cannot listen on " + place + ": " + std::strerror(result) +
                    (result == EADDRNOTAVAIL ? ". Name an address of this machine with --listen"
                                             : ". Choose another address or port with --listen");
  return false;
}

}  // namespace

bool claim_port(const std::string& host, int& port, std::string& error) {
  if (port != 0) return bindable(host, port, error);
  std::random_device random;
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    const int candidate = kFirstFree + static_cast<int>(random() % kFreeCount);
    if (bindable(host, candidate, error)) {
      port = candidate;
      return true;
    }
  }
  return false;
}

bool write_small_file(const std::string& path, const std::string& text, std::string& error) {
  const std::string fresh = path + ".new";
  std::ofstream file(fresh, std::ios::trunc);
  file << text << "\n";
  file.close();
  if (!file || std::rename(fresh.c_str(), path.c_str()) != 0) {
    error = "cannot write " + path + ": " + std::strerror(errno);
    return false;
  }
  return true;
}

}  // namespace starling::node
