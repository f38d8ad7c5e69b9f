// See relay_connection_platform.h.
#include "server/transport/relay_connection_platform.h"

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

namespace starling::transport {

namespace {

constexpr std::size_t kReadBytes = 64u << 10;
constexpr int kReadsAtOnce = 8;
// TCP_USER_TIMEOUT of the channels among servers (make_server_channel).
constexpr std::chrono::milliseconds kUnacknowledged{1'000};
// For a socket whose owner has gone, with bytes that cannot be delivered.
constexpr std::chrono::seconds kOrphaned{60};

bool would_block(int error) { return error == EAGAIN || error == EWOULDBLOCK || error == EINTR; }

// A socket that is on its way to the address, or none.
Socket connect_to(const std::string& address) {
  const std::size_t colon = address.rfind(':');
  std::string host = address.substr(0, colon);
  if (host.size() > 2 && host.front() == '[') host = host.substr(1, host.size() - 2);
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (::getaddrinfo(host.c_str(), address.substr(colon + 1).c_str(), &hints, &found) != 0) {
    return {};
  }
  Socket made(::socket(found->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  const int one = 1;
  (void)::setsockopt(made.get(), IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
  const bool going =
      made.open() &&
      (::connect(made.get(), found->ai_addr, found->ai_addrlen) == 0 || errno == EINPROGRESS);
  ::freeaddrinfo(found);
  if (!going) made.close();
  return made;
}

}  // namespace

void Socket::close() {
  if (fd_ >= 0) ::close(fd_);
  fd_ = -1;
}

void RelayPipe::fill(const Socket& from) {
  static thread_local std::array<char, kReadBytes> buffer;
  for (int reads = 0; reads < kReadsAtOnce && takes_more(); ++reads) {
    const auto count = ::recv(from.get(), buffer.data(), buffer.size(), 0);
    if (count < 0 && would_block(errno)) return;
    if (count <= 0) {
      ended_ = true;
      return;
    }
    const auto size = static_cast<std::size_t>(count);
    if (dropping_) continue;
    chunks_.push_back({RelayClock::now(), std::string(buffer.data(), size), 0});
    bytes_ += size;
    if (size < buffer.size()) return;
  }
}

void RelayPipe::drain(const Socket& to, RelayClock::time_point begun,
                      std::chrono::milliseconds delay) {
  blocked_ = false;
  const auto now = RelayClock::now();
  while (!chunks_.empty() && std::max(chunks_.front().read_at, begun) + delay <= now) {
    Chunk& chunk = chunks_.front();
    const auto count = ::send(to.get(), chunk.bytes.data() + chunk.sent,
                              chunk.bytes.size() - chunk.sent, MSG_NOSIGNAL);
    if (count < 0 && would_block(errno)) {
      blocked_ = true;
      return;
    }
    if (count < 0) {
      drop();
      return;
    }
    chunk.sent += static_cast<std::size_t>(count);
    if (chunk.sent < chunk.bytes.size()) continue;
    bytes_ -= chunk.bytes.size();
    chunks_.pop_front();
  }
}

void RelayPipe::drop() {
  chunks_.clear();
  bytes_ = 0;
  blocked_ = false;
  dropping_ = true;
}

RelayConnection::RelayConnection(Socket near, std::shared_ptr<RelayTarget> target)
    : target_(std::move(target)), since_(RelayClock::now()), near_(std::move(near)) {}

void RelayConnection::want(std::vector<pollfd>& polled) const {
  short near = 0;
  if (out_.takes_more()) near |= POLLIN;
  if (in_.blocked()) near |= POLLOUT;
  short far = 0;
  if (state_ == State::kConnecting) far |= POLLOUT;
  if (state_ == State::kOpen && in_.takes_more()) far |= POLLIN;
  if (out_.blocked()) far |= POLLOUT;
  // A socket that is asked for nothing would still tell of its end, again and again.
  polled.push_back({near == 0 ? -1 : near_.get(), near, 0});
  polled.push_back({far == 0 ? -1 : far_.get(), far, 0});
}

RelayClock::time_point RelayConnection::due() const {
  const auto delay = target_->fault.delay;
  auto next = RelayClock::time_point::max();
  if (state_ == State::kWaiting && !cut()) next = since_ + 2 * delay;
  if (state_ != State::kOpen) return next;
  if (!out_.empty() && !out_.blocked() && !target_->fault.cut_out) {
    next = std::min(next, std::max(out_.oldest(), since_) + delay);
  }
  if (!in_.empty() && !in_.blocked() && !target_->fault.cut_in) {
    next = std::min(next, in_.oldest() + delay);
  }
  return next;
}

bool RelayConnection::step(short near_events, short far_events) {
  if (near_.open() && (near_events & ~POLLOUT) != 0) out_.fill(near_);
  if (near_.open() && out_.ended()) {
    near_.close();
    in_.drop();
    if (state_ != State::kOpen) return false;
    since_ = std::max(since_, RelayClock::now() - target_->fault.delay);
  }
  if (state_ == State::kWaiting) return cut() || connect_now();
  if (state_ == State::kConnecting) return connected(far_events);
  if ((far_events & ~POLLOUT) != 0) in_.fill(far_);
  return pass();
}

// The first packet goes there and its answer comes back before anything else can go.
bool RelayConnection::connect_now() {
  if (RelayClock::now() < since_ + 2 * target_->fault.delay) return true;
  far_ = connect_to(target_->address);
  state_ = State::kConnecting;
  return far_.open();
}

bool RelayConnection::connected(short far_events) {
  if (far_events == 0) return true;
  int error = 0;
  socklen_t size = sizeof(error);
  if (::getsockopt(far_.get(), SOL_SOCKET, SO_ERROR, &error, &size) != 0 || error != 0) {
    return false;
  }
  state_ = State::kOpen;
  since_ = RelayClock::now();
  return pass();
}

bool RelayConnection::pass() {
  const LinkFault& fault = target_->fault;
  if (!fault.cut_out) out_.drain(far_, since_, fault.delay);
  if (!fault.cut_in && near_.open()) in_.drain(near_, since_, fault.delay);
  if (!near_.open()) {
    if (in_.ended() || (out_.empty() && !fault.cut_out)) return false;
    return RelayClock::now() < since_ + kOrphaned;
  }
  if (in_.ended() && in_.empty() && !fault.cut_in) return false;
  if (fault.cut_out && !out_.empty() && RelayClock::now() - out_.oldest() > kUnacknowledged) {
    give_up();
  }
  return true;
}

void RelayConnection::give_up() {
  near_.close();
  out_.drop();
  in_.drop();
  since_ = RelayClock::now();
}

}  // namespace starling::transport
