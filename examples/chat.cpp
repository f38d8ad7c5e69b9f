// A chat in the terminal: what the others write appears above the line that you edit, through every
// failover. Lines that begin with a slash are commands; /help shows them. With a pipe as its input
// it sends each line and prints what comes.
//   chat ADDRESS NAME PASSWORD PEER          ends with Ctrl-D or Ctrl-C
#include <chrono>
#include <cstdio>
#include <string>

#include "examples/chat_commands.h"
#include "examples/chat_room.h"
#include "examples/terminal_platform.h"
#include "starling/client.h"

namespace {

using namespace std::chrono_literals;

int fail(const starling::Error& error) {
  std::fprintf(stderr, "chat: %s\n", error.message.c_str());
  return 1;
}

void take(const std::string& line, Room& room, Commands& commands) {
  if (line.empty()) return;
  if (Commands::is_command(line)) return commands.run(line);
  room.send(line.compare(0, 2, "//") == 0 ? line.substr(1) : line);
}

}  // namespace

int main(int argc, char** argv) {
  const bool help = argc == 2 && std::string(argv[1]) == "--help";
  if (argc != 5) {
    std::fprintf(help ? stdout : stderr, "usage: chat ADDRESS NAME PASSWORD PEER\n");
    return help ? 0 : 2;
  }
  Terminal terminal;
  Room room(terminal, argv[4]);
  starling::ClientOptions options;
  options.on_cluster_event = [&room](const auto& event) { room.tell(event); };
  auto client = starling::Client::connect({argv[1]}, options);
  if (!client) return terminal.leave(), fail(client.error());
  auto created = client->create_account(argv[2], argv[3]);
  if (!created && created.error().code != starling::ErrorCode::kAlreadyExists) {
    return terminal.leave(), fail(created.error());
  }
  auto session = client->log_in(argv[2], argv[3], "terminal");
  if (!session) return terminal.leave(), fail(session.error());
  if (auto begun = room.begin(*session, argv[4]); !begun) {
    return terminal.leave(), fail(begun.error());
  }

  Commands commands(room);
  std::string line;
  for (;;) {
    const Terminal::Got got = terminal.read(line, 1s);
    if (got == Terminal::Got::kEnd) break;
    if (got == Terminal::Got::kLine) take(line, room, commands);
    if (terminal.edited()) room.write();
    room.tick();
  }
  room.finish([&commands] { return commands.busy(); });
  client->close();  // No callback runs after this.
}
