// A bot that answers: whoever writes to it gets the message back in capitals. It remembers where it
// was in a file, so that it answers each message once, even when it was away for a while.
//   bot ADDRESS NAME PASSWORD CURSOR_FILE        ends with Ctrl-C
#include <atomic>
#include <cctype>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <fstream>
#include <string>

#include "starling/client.h"

namespace {

std::atomic<bool> stop{false};

int fail(const starling::Error& error) {
  std::fprintf(stderr, "bot: %s\n", error.message.c_str());
  return 1;
}

starling::Cursor load(const std::string& path) {
  starling::Cursor cursor;  // Nothing there: from the beginning.
  std::ifstream(path) >> cursor.epoch >> cursor.index >> cursor.ordinal >> cursor.cluster;
  return cursor;
}

bool save(const std::string& path, const starling::Cursor& cursor) {
  const std::string fresh = path + ".new";
  std::ofstream file(fresh);
  file << cursor.epoch << ' ' << cursor.index << ' ' << cursor.ordinal << ' ' << cursor.cluster
       << '\n';
  file.close();
  return file && std::rename(fresh.c_str(), path.c_str()) == 0;
}

// The answer's identity is made of the question's: answering twice, after a crash between the
// answer and the cursor, stores it once.
std::string request_id_of(const starling::Message& message) {
  std::string id(16, '\0');
  for (int i = 0; i < 8; ++i) id[15 - i] = static_cast<char>(message.id >> (8 * i));
  id[0] = 'b';
  return id;
}

}  // namespace

int main(int argc, char** argv) {
  const bool help = argc == 2 && std::string(argv[1]) == "--help";
  if (argc != 5) {
    std::fprintf(help ? stdout : stderr, "usage: bot ADDRESS NAME PASSWORD CURSOR_FILE\n");
    return help ? 0 : 2;
  }
  std::signal(SIGINT, [](int) { stop = true; });
  std::signal(SIGTERM, [](int) { stop = true; });
  auto client = starling::Client::connect({argv[1]});
  if (!client) return fail(client.error());
  (void)client->create_account(argv[2], argv[3], "Bot");  // It may be there already.
  auto session = client->log_in(argv[2], argv[3], "bot");
  if (!session) return fail(session.error());
  const std::string cursor_file = argv[4];
  auto events = session->subscribe(load(cursor_file));
  if (!events) return fail(events.error());

  while (!stop) {
    auto event = events->next(std::chrono::milliseconds(200));
    if (!event && event.error().code == starling::ErrorCode::kDeadlineExceeded) continue;
    if (!event) return fail(event.error());
    const starling::Message& message = event->message;
    const bool ask = event->kind == starling::EventKind::kMessage &&
                     message.sender_id != session->account().id && !message.deleted;
    if (ask) {
      std::string answer = message.body;
      for (char& c : answer) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
      starling::SendOptions options;
      options.request_id = request_id_of(message);
      auto sent = session->send(message.conversation_id, answer, options);
      if (!sent) return fail(sent.error());
      std::printf("%s: %s\n", message.sender.c_str(), message.body.c_str());
      std::fflush(stdout);
    }
    if (!save(cursor_file, event->cursor)) {
      std::fprintf(stderr, "bot: cannot write %s\n", cursor_file.c_str());
      return 1;
    }
  }
}
