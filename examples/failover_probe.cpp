// Watches a cluster as a client feels it: sends a message every 20 ms, prints every failover and
// the longest time that a send took. Kill servers meanwhile; Ctrl-C ends it early.
//   failover_probe ADDRESS SECONDS
#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>

#include "starling/client.h"

namespace {

using Clock = std::chrono::steady_clock;

std::atomic<bool> stop{false};

int fail(const starling::Error& error) {
  std::fprintf(stderr, "failover_probe: %s\n", error.message.c_str());
  return 1;
}

// On the client's callback thread, in the order in which things happen.
void print(const starling::ClusterEvent& event) {
  using Kind = starling::ClusterEvent::Kind;
  if (event.kind == Kind::kFailoverStarted) {
    std::printf("lost %s\n", event.from.c_str());
  } else if (event.kind == Kind::kFailedOver) {
    const double seconds = static_cast<double>(event.ms) / 1'000;
    if (seconds < 1) {
      std::printf("now on %s, %.0f ms\n", event.to.c_str(), seconds * 1'000);
    } else {
      std::printf("now on %s, %.1f s\n", event.to.c_str(), seconds);
    }
  } else if (event.kind == Kind::kDegraded) {
    std::printf("no majority: reads only\n");
  }
  std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv) {
  const double seconds = argc == 3 ? std::atof(argv[2]) : 0;
  if (seconds <= 0) {
    const bool help = argc == 2 && std::string(argv[1]) == "--help";
    std::fprintf(help ? stdout : stderr, "usage: failover_probe ADDRESS SECONDS\n");
    return help ? 0 : 2;
  }
  starling::ClientOptions options;
  options.on_cluster_event = print;
  auto client = starling::Client::connect({argv[1]}, options);
  if (!client) return fail(client.error());
  for (const std::string name : {"probe", "probed"}) {
    auto created = client->create_account(name, "failover probe");
    if (!created && created.error().code != starling::ErrorCode::kAlreadyExists) {
      return fail(created.error());
    }
  }
  auto session = client->log_in("probe", "failover probe");
  if (!session) return fail(session.error());
  auto chat = session->open_direct("probed");
  if (!chat) return fail(chat.error());

  std::printf("sending to %s\n", client->primary().c_str());
  std::fflush(stdout);
  std::signal(SIGINT, [](int) { stop = true; });
  int sent = 0;
  std::chrono::duration<double, std::milli> longest{0};
  const auto end = Clock::now() + std::chrono::duration<double>(seconds);
  while (!stop && Clock::now() < end) {
    const auto start = Clock::now();
    auto stored = session->send(chat->id, "still there?");
    if (!stored) return fail(stored.error());
    longest = std::max<decltype(longest)>(longest, Clock::now() - start);
    ++sent;
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  std::printf("%d sent, none lost; the slowest took %.1f ms\n", sent, longest.count());
}
