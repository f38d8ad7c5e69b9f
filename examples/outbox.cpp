// A durable outbox: each line of the input is in a file before the next one is read, and is sent
// from there exactly once. Kill the program at any time and start it again: what was queued goes
// on. After its first run it needs no server to start: it keeps its session in FILE.session, which
// is as secret as the password.
//   outbox ADDRESS NAME PASSWORD PEER FILE < lines
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <string>
#include <thread>

#include "starling/outbox.h"

namespace {

// What the first run learns from the servers.
struct Known {
  std::string token;
  starling::Account account;
  std::string peer;
  std::int64_t conversation = 0;
};

int fail(const std::string& why) {
  std::fprintf(stderr, "outbox: %s\n", why.c_str());
  return 1;
}

int fail(const starling::Error& error) { return fail(error.message); }

// Before anything is known: it makes no accounts.
int fail_first(const starling::Error& error, const std::string& name, const std::string& peer) {
  if (error.code == starling::ErrorCode::kUnauthenticated) {
    return fail("there is no account " + name + " with that password; `chat` makes one.");
  }
  if (error.code == starling::ErrorCode::kNotFound) return fail(peer + " has no account yet.");
  return fail(error);
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

bool read(const std::string& path, Known& known) {
  std::ifstream file(path);
  return static_cast<bool>(file >> known.token >> known.account.id >> known.account.name >>
                           known.peer >> known.conversation);
}

bool write(const std::string& path, const Known& known) {
  const std::string fresh = path + ".new";
  std::ofstream file(fresh);
  std::error_code error;
  std::filesystem::permissions(
      fresh, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write, error);
  file << known.token << '\n' << known.account.id << '\n' << known.account.name << '\n';
  file << known.peer << '\n' << known.conversation << '\n' << std::flush;
  if (error || !file) return false;
  std::filesystem::rename(fresh, path, error);  // All of it, or nothing.
  return !error;
}

}  // namespace

int main(int argc, char** argv) {
  const bool help = argc == 2 && std::string(argv[1]) == "--help";
  if (argc != 6) {
    std::fprintf(help ? stdout : stderr, "usage: outbox ADDRESS NAME PASSWORD PEER FILE\n");
    return help ? 0 : 2;
  }
  const std::string session_file = std::string(argv[5]) + ".session";
  starling::ClientOptions client_options;
  client_options.wait_for_server = false;
  auto client = starling::Client::connect({argv[1]}, client_options);
  if (!client) return fail(client.error());
  Known known;
  if (!read(session_file, known)) {
    auto session = client->log_in(argv[2], argv[3]);
    if (!session) return fail_first(session.error(), argv[2], argv[4]);
    auto chat = session->open_direct(argv[4]);
    known = {session->token(), session->account(), argv[4], chat ? chat->id : 0};
    const bool kept = chat && write(session_file, known);
    if (!kept)
      (void)session->log_out();  // Nobody would use it; at worst it stays until it expires.
    if (!chat) return fail_first(chat.error(), argv[2], argv[4]);
    if (!kept) {
      return fail(session_file +
                  " cannot be written: its folder has to be there, and be this user's to write.");
    }
  }
  if (known.account.name != argv[2] || known.peer != argv[4]) {
    return fail(std::string(argv[5]) + " is for what " + known.account.name + " sends to " +
                known.peer + ", not " + argv[2] + " to " + argv[4] +
                ": name these two, or another file.");
  }
  const starling::Session session = client->resume(known.token, known.account);
  starling::OutboxOptions options;
  options.on_change = print;
  auto outbox = starling::Outbox::open(argv[5], session, options);
  if (!outbox) return fail(outbox.error());

  for (std::string line; std::getline(std::cin, line);) {
    const auto queued = outbox->queue(known.conversation, line);
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
