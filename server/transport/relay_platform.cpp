// See relay_platform.h. One thread and poll: a server has few peers, and faults are for tests.
#include "server/transport/relay_platform.h"

#include <netdb.h>
#include <poll.h>
#include <spdlog/spdlog.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <list>
#include <random>
#include <thread>
#include <vector>

#include "server/transport/relay_connection_platform.h"

namespace starling::transport {

namespace {

constexpr std::chrono::milliseconds kLook{25};
constexpr int kBacklog = 64;
constexpr std::size_t kMaxTargets = 1'024;

std::string unguessable() {
  std::random_device random;
  return std::to_string(random()) + std::to_string(random());
}

// Loopback without a port: a name that goes with the socket. -1 when it cannot be had.
int listen_on(const std::string& name) {
  const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) return -1;
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path + 1, name.data(), name.size());
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + name.size());
  if (::bind(fd, reinterpret_cast<sockaddr*>(&address), size) == 0 && ::listen(fd, kBacklog) == 0) {
    return fd;
  }
  ::close(fd);
  return -1;
}

}  // namespace

struct Relay::Impl {
  struct Listener {
    Socket socket;
    std::string name;
    std::shared_ptr<RelayTarget> target;
  };

  void run();
  // Waits until a socket is ready, something is due, or it is time to look.
  void wait(std::vector<pollfd>& polled);
  int wait_ms() STARLING_REQUIRES(mutex);
  void step(const std::vector<pollfd>& polled) STARLING_REQUIRES(mutex);
  void accept_from(const Listener& listener) STARLING_REQUIRES(mutex);
  void wake() const {
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto written = ::write(wake_fd.get(), &one, sizeof(one));
  }

  const std::string prefix = "starling-links-" + std::to_string(::getpid()) + "-" + unguessable();
  Socket wake_fd;
  std::function<void()> look;
  std::atomic<bool> stop{false};
  std::thread thread;
  RelayClock::time_point look_at;  // Only on the thread.

  Mutex mutex;
  FaultRules rules STARLING_GUARDED_BY(mutex);
  std::list<Listener> listeners STARLING_GUARDED_BY(mutex);
  std::list<RelayConnection> connections STARLING_GUARDED_BY(mutex);
};

Relay::Relay() : impl_(std::make_unique<Impl>()) {}

Relay::~Relay() {
  impl_->stop.store(true);
  impl_->wake();
  if (impl_->thread.joinable()) impl_->thread.join();
}

std::unique_ptr<Relay> Relay::make(std::string& error) {
  std::unique_ptr<Relay> relay(new Relay);
  relay->impl_->wake_fd = Socket(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC));
  if (relay->impl_->wake_fd.open()) return relay;
  error = std::string("no eventfd for the link faults: ") + std::strerror(errno);
  return nullptr;
}

void Relay::start(std::function<void()> look) {
  impl_->look = std::move(look);
  impl_->thread = std::thread([impl = impl_.get()] { impl->run(); });
}

std::string Relay::way_to(const std::string& address) {
  MutexLock lock(impl_->mutex);
  for (const Impl::Listener& listener : impl_->listeners) {
    if (listener.target->address == address) return "unix-abstract:" + listener.name;
  }
  Impl::Listener made;
  made.name = impl_->prefix + "-" + std::to_string(impl_->listeners.size());
  made.socket = Socket(impl_->listeners.size() < kMaxTargets ? listen_on(made.name) : -1);
  if (!made.socket.open()) {
    spdlog::error("no relay to {}: no link faults on the way there", address);
    return address;
  }
  made.target = std::make_shared<RelayTarget>(RelayTarget{address, impl_->rules.of(address)});
  impl_->listeners.push_back(std::move(made));
  impl_->wake();
  return "unix-abstract:" + impl_->listeners.back().name;
}

void Relay::set(const FaultRules& rules) {
  MutexLock lock(impl_->mutex);
  impl_->rules = rules;
  for (const Impl::Listener& listener : impl_->listeners) {
    listener.target->fault = rules.of(listener.target->address);
  }
}

void Relay::Impl::run() {
  std::vector<pollfd> polled;
  while (!stop.load()) {
    wait(polled);
    if (RelayClock::now() >= look_at) {
      look();
      look_at = RelayClock::now() + kLook;
    }
    MutexLock lock(mutex);
    step(polled);
  }
}

void Relay::Impl::wait(std::vector<pollfd>& polled) {
  polled.clear();
  polled.push_back({wake_fd.get(), POLLIN, 0});
  int timeout_ms = 0;
  {
    MutexLock lock(mutex);
    for (const Listener& listener : listeners) polled.push_back({listener.socket.get(), POLLIN, 0});
    for (const RelayConnection& connection : connections) connection.want(polled);
    timeout_ms = wait_ms();
  }
  (void)::poll(polled.data(), polled.size(), timeout_ms);
  std::uint64_t count = 0;
  [[maybe_unused]] const auto read = ::read(wake_fd.get(), &count, sizeof(count));
}

int Relay::Impl::wait_ms() {
  auto until = look_at;
  for (const RelayConnection& connection : connections) until = std::min(until, connection.due());
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - RelayClock::now());
  return static_cast<int>(std::clamp<std::int64_t>(left.count(), 0, kLook.count()));
}

// What was polled is in the order of the lists, and only step() and way_to() change these: the
// latter at the end.
void Relay::Impl::step(const std::vector<pollfd>& polled) {
  std::size_t at = 1;
  const std::size_t before = connections.size();
  std::vector<const Listener*> called;
  const std::size_t known = polled.size() - 1 - 2 * before;
  for (const Listener& listener : listeners) {
    if (at > known) break;
    if (polled[at++].revents != 0) called.push_back(&listener);
  }
  at = 1 + known;
  for (auto connection = connections.begin(); connection != connections.end(); at += 2) {
    const bool goes_on = connection->step(polled[at].revents, polled[at + 1].revents);
    connection = goes_on ? std::next(connection) : connections.erase(connection);
  }
  for (const Listener* listener : called) accept_from(*listener);
}

void Relay::Impl::accept_from(const Listener& listener) {
  for (;;) {
    Socket near(::accept4(listener.socket.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (!near.open()) return;
    connections.emplace_back(std::move(near), listener.target);
    connections.back().step(0, 0);
  }
}

}  // namespace starling::transport
