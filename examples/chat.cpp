// A chat in the terminal: what the others write appears above the line that you edit, through every
// failover. Lines that begin with a slash are commands; /help shows them. With a pipe as its input
// it sends each line and prints what comes.
//   chat ADDRESS NAME PASSWORD PEER          ends with /quit, Ctrl-D or Ctrl-C
#include <chrono>
#include <cstdio>
#include <string>

#include "examples/chat_commands.h"
#include "examples/chat_room.h"
#include "examples/chat_text.h"
#include "examples/terminal_platform.h"
#include "examples/terminal_text.h"
#include "starling/client.h"

namespace {

using namespace std::chrono_literals;

constexpr const char* kUsage = "usage: chat ADDRESS NAME PASSWORD PEER\n";
constexpr const char* kHelp =
    "Talks to PEER in this terminal, through every failover.\n\n"
    "  ADDRESS   HOST:PORT of one server, such as 127.0.0.1:5101; it names the others\n"
    "  NAME      your account, of a-z 0-9 . _ -; if there is none of that name, it is made\n"
    "  PASSWORD  its password, of 8 bytes or more\n"
    "  PEER      whom you want to talk to; needs an account: run this for PEER first\n\n"
    "Lines that you type are sent, and what you are shown counts as read. /help tells of\n"
    "commands for groups, search and more; /quit, Ctrl-C, or Ctrl-D on an empty line logs\n"
    "you out and ends the chat. With a pipe as its input it sends each line, prints what\n"
    "comes, and ends with the input.\n"
    "Exit codes: 0 ended, 1 failed, 2 usage, 130 stopped by Ctrl-C before it began.\n";

int fail(const std::string& why) {
  std::fprintf(stderr, "chat: %s\n", why.c_str());
  return 1;
}

// Before there is a conversation.
int fail(const starling::Error& error) {
  if (error.code == starling::ErrorCode::kUnauthenticated) {
    return fail(error.message + ": who has this name has another password");
  }
  return fail(sentence_of(error, {"chat --help tells how it is written", ""}));
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
    std::fprintf(help ? stdout : stderr, "%s%s", kUsage,
                 help ? kHelp : "chat --help tells what each of them is\n");
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
    room.log_out();
    terminal.leave();
    if (begun.error().code != starling::ErrorCode::kNotFound) return fail(begun.error());
    return fail(harmless(argv[4]) + " has no account yet: run chat for " + harmless(argv[4]) +
                " first, which makes one, or look at the spelling");
  }

  Commands commands(room);
  std::string line;
  for (;;) {
    const Terminal::Got got = terminal.read(line, 1s);
    if (got == Terminal::Got::kEnd) break;
    if (got == Terminal::Got::kLine && Commands::is_quit(line)) break;
    if (got == Terminal::Got::kLine) take(line, room, commands);
    if (terminal.edited()) room.write();
    room.tick();
    if (commands.account_gone()) return client->close(), 0;
    if (!room.session_ended() || commands.busy()) continue;  // One may have ended the account.
    if (commands.account_gone()) return client->close(), 0;
    client->close();
    terminal.leave();
    return fail(
        "this session has been ended, from elsewhere or by another password: run chat "
        "again to log in");
  }
  room.finish([&commands] { return commands.busy(); });
  room.log_out();
  client->close();  // No callback runs after this.
}
