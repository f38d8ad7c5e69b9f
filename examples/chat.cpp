// A chat in the terminal: what the others write appears above the line that you edit, through every
// failover. With a pipe as its input it sends each line and prints what comes.
//   chat ADDRESS NAME PASSWORD PEER          ends with Ctrl-D or Ctrl-C
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <mutex>
#include <string>

#include "examples/terminal_platform.h"
#include "examples/terminal_text.h"
#include "starling/client.h"

namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr int kScrollback = 20;
constexpr auto kPatience = 10s;

int fail(const starling::Error& error) {
  std::fprintf(stderr, "chat: %s\n", error.message.c_str());
  return 1;
}

class Chat {
 public:
  Chat(Terminal& terminal, const std::string& peer) : terminal_(terminal), peer_(peer) {
    set_state("connecting…");
  }

  // On the client's callback thread, in the order in which things happen.
  void tell(const starling::ClusterEvent& event) {
    using Kind = starling::ClusterEvent::Kind;
    if (event.kind == Kind::kConnected) set_state(ready_ ? "" : "logging in…");
    if (event.kind == Kind::kFailoverStarted) set_state("switching…");
    if (event.kind == Kind::kDegraded) set_state("no majority: reading only");
    if (event.kind != Kind::kFailedOver) return;
    set_state(ready_ ? "" : "logging in…");
    terminal_.print("now on " + event.to + ", " + std::to_string(event.ms) + " ms");
  }
  // A message of this conversation, from history or live; each once.
  void show(const starling::Message& message) {
    if (message.conversation_id != conversation_ || message.seq <= shown_) return;
    shown_ = message.seq;
    if (message.deleted) return;
    terminal_.print(harmless(message.sender) + ": " + harmless(message.body));
  }
  starling::Status begin(starling::Session session);
  void send(const std::string& line);
  // Until what was sent is answered, and shown; or the patience has ended.
  void finish() {
    std::string ignored;
    const auto until = Clock::now() + kPatience;
    while ((unanswered_ > 0 || shown_ < sent_) && Clock::now() < until) {
      if (terminal_.interactive()) {
        if (terminal_.read(ignored, 20ms) == Terminal::Got::kEnd) return;
      } else if (terminal_.stopped(20ms)) {
        return;
      }
    }
  }

 private:
  void set_state(const std::string& state) {
    terminal_.set_prompt(peer_ + (state.empty() ? "" : " (" + state + ")") + "> ");
  }
  void answered(const starling::Result<starling::Message>& sent) {
    if (sent.ok()) {
      sent_ = std::max<std::int64_t>(sent_, sent.value().seq);
    } else {
      terminal_.print("not sent: " + sent.error().message);
    }
    --unanswered_;
  }

  Terminal& terminal_;
  const std::string peer_;
  starling::Session session_;
  starling::Subscription events_;
  std::mutex beginning_;  // Holds back what is live until the history is shown.
  std::atomic<std::int64_t> conversation_{0};
  std::atomic<std::int64_t> shown_{0};
  std::atomic<std::int64_t> sent_{0};
  std::atomic<int> unanswered_{0};
  std::atomic<bool> ready_{false};  // Lines can be sent.
};

starling::Status Chat::begin(starling::Session session) {
  session_ = std::move(session);
  auto chat = session_.open_direct(peer_);
  if (!chat) return chat.error();
  conversation_ = chat->id;
  const std::lock_guard hold(beginning_);
  auto events = session_.subscribe(std::nullopt, [this](const starling::Event& event) {
    const std::lock_guard lock(beginning_);
    if (event.kind == starling::EventKind::kMessage) show(event.message);
  });
  if (!events) return events.error();
  events_ = std::move(*events);
  auto last = session_.messages(chat->id, 0, kScrollback);
  if (!last) return last.error();
  for (const starling::Message& message : last->items) show(message);
  ready_ = true;
  set_state("");
  return starling::Unit{};
}

void Chat::send(const std::string& line) {
  if (line.empty()) return;
  ++unanswered_;
  // A pipe can wait.
  if (!terminal_.interactive()) return answered(session_.send(conversation_, line));
  session_.send_async(conversation_, line, [this](const auto& sent) { answered(sent); });
}

}  // namespace

int main(int argc, char** argv) {
  const bool help = argc == 2 && std::string(argv[1]) == "--help";
  if (argc != 5) {
    std::fprintf(help ? stdout : stderr, "usage: chat ADDRESS NAME PASSWORD PEER\n");
    return help ? 0 : 2;
  }
  Terminal terminal;
  Chat chat(terminal, argv[4]);
  starling::ClientOptions options;
  options.on_cluster_event = [&chat](const auto& event) { chat.tell(event); };
  auto client = starling::Client::connect({argv[1]}, options);
  if (!client) return terminal.leave(), fail(client.error());
  auto created = client->create_account(argv[2], argv[3]);
  if (!created && created.error().code != starling::ErrorCode::kAlreadyExists) {
    return terminal.leave(), fail(created.error());
  }
  auto session = client->log_in(argv[2], argv[3], "terminal");
  if (!session) return terminal.leave(), fail(session.error());
  if (auto begun = chat.begin(*session); !begun) return terminal.leave(), fail(begun.error());

  std::string line;
  for (;;) {
    const Terminal::Got got = terminal.read(line, 1s);
    if (got == Terminal::Got::kEnd) break;
    if (got == Terminal::Got::kLine) chat.send(line);
  }
  chat.finish();
  client->close();  // No callback runs after this.
}
