// A durable outbox: each line of the input is in a file before the next one is read, and is sent
// from there exactly once. Kill the program at any time and start it again: what was queued goes
// on.
//   outbox ADDRESS NAME PASSWORD PEER FILE < lines
#include <chrono>
#include <cstdio>
#include <iostream>
#include <string>
#include <thread>

#include "starling/outbox.h"

namespace {

int fail(const starling::Error& error) {
  std::fprintf(stderr, "outbox: %s\n", error.message.c_str());
  return 1;
}

void print(const starling::OutboxEntry& entry) {
  const auto id = static_cast<long long>(entry.id);
  switch (entry.state) {
    case starling::OutboxState::kReplicated:
      std::printf("%lld replicated as %lld\n", id, static_cast<long long>(entry.seq));
      break;
    case starling::OutboxState::kFailed:
      std::printf("%lld failed: %s\n", id, entry.error.c_str());
      break;
    default:
      return;
  }
  std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 6) {
    std::fprintf(stderr, "usage: outbox ADDRESS NAME PASSWORD PEER FILE\n");
    return 2;
  }
  auto client = starling::Client::connect({argv[1]});
  if (!client) return fail(client.error());
  auto session = client->log_in(argv[2], argv[3]);
  if (!session) return fail(session.error());
  auto chat = session->open_direct(argv[4]);
  if (!chat) return fail(chat.error());
  starling::OutboxOptions options;
  options.on_change = print;
  auto outbox = starling::Outbox::open(argv[5], *session, options);
  if (!outbox) return fail(outbox.error());

  for (std::string line; std::getline(std::cin, line);) {
    const auto queued = outbox->queue(chat->id, line);
    if (!queued) return fail(queued.error());
    std::printf("%lld queued\n", static_cast<long long>(queued.value().id));
    std::fflush(stdout);
  }
  for (;;) {  // Until nothing is left that could still be sent.
    auto left = outbox->entries();
    if (!left) return fail(left.error());
    bool all_done = true;
    for (const auto& entry : *left) all_done &= entry.state == starling::OutboxState::kFailed;
    if (all_done) return left->empty() ? 0 : 1;
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
}
