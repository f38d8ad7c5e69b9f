// The clients of the torture test. Each process writes down what it saw (history.h); it never
// judges.
//
//   torture_recorder setup --servers A,B --people 6            prints whom there is to chat with
//   torture_recorder load --servers A,B --setup FILE --history FILE --process w0 --seed 1 --rate
//   100
//       --clients 0,2,4 [--outbox FILE]     `drain`, `finish`, `quit` on stdin; one answer a line
//   torture_recorder dump --server A --setup FILE --replica n1   prints what that server holds
#include <fstream>
#include <iostream>
#include <memory>
#include <sstream>

#include "starling/admin.h"
#include "tests/torture/load.h"

namespace {

using namespace starling;
using namespace starling::torture;
using std::chrono::milliseconds;

constexpr milliseconds kDrainMost{60'000};
constexpr milliseconds kCatchUpMost{60'000};
constexpr int kPage = 200;
constexpr int kTries = 200;
constexpr milliseconds kRest{50};

using Words = std::map<std::string, std::string>;

Words words_of(int argc, char** argv) {
  Words words;
  for (int i = 2; i + 1 < argc; i += 2) words[std::string(argv[i]).substr(2)] = argv[i + 1];
  return words;
}

std::vector<std::string> split(const std::string& text) {
  std::vector<std::string> parts;
  std::istringstream stream(text);
  for (std::string part; std::getline(stream, part, ',');) parts.push_back(part);
  return parts;
}

Setup read_setup(const Words& words) {
  std::ifstream file(words.at("setup"));
  return setup_from(Line::parse(file));
}

int run_setup(const Words& words) {
  const Setup setup = make_setup(split(words.at("servers")), std::stoi(words.at("people")));
  std::cout << to_json(setup).dump() << std::endl;
  return 0;
}

// ---- load

struct Clients {
  std::vector<std::unique_ptr<Load>> loads;
  std::unique_ptr<OutboxLoad> outbox;

  long open() const {
    long sum = outbox ? outbox->open() : 0;
    for (const auto& load : loads) sum += load->open();
    return sum;
  }
  long acked() const {
    long sum = outbox ? outbox->acked() : 0;
    for (const auto& load : loads) sum += load->acked();
    return sum;
  }
};

void start(const Words& words, History& history, Clients& clients) {
  const Setup setup = read_setup(words);
  LoadOptions options;
  options.servers = split(words.at("servers"));
  options.history = words.at("history");
  const auto numbers = split(words.at("clients"));
  options.sends_per_s = std::stod(words.at("rate")) / static_cast<double>(numbers.size());
  for (const std::string& number : numbers) {
    const auto index = static_cast<std::size_t>(std::stoul(number));
    options.person = setup.people[index % setup.people.size()];
    options.client = history.process() + "/c" + number;
    // Its stream outlives the process, and half of the others have one.
    const bool outbox = words.contains("outbox");
    options.stream = outbox || index % 2 == 0 ? "stream" + number : "";
    options.seed = std::stoull(words.at("seed")) * 1'000 + index;
    if (outbox) {
      clients.outbox = std::make_unique<OutboxLoad>(options, words.at("outbox"), history);
    } else {
      clients.loads.push_back(std::make_unique<Load>(options, history));
    }
  }
}

// Ends the sending, and waits for the answers.
Line drain(Clients& clients) {
  for (auto& load : clients.loads) load->stop();
  if (clients.outbox) clients.outbox->stop();
  const auto deadline = std::chrono::steady_clock::now() + kDrainMost;
  while (clients.open() > 0 && std::chrono::steady_clock::now() < deadline) {
    std::this_thread::sleep_for(kRest);
  }
  if (clients.outbox) clients.outbox->note_left();
  return {{"ok", clients.open() == 0}, {"open", clients.open()}, {"acked", clients.acked()}};
}

Line finish(Clients& clients) {
  std::string missing;
  for (auto& load : clients.loads) {
    if (missing.empty()) missing = load->catch_up(kCatchUpMost);
  }
  if (clients.outbox && missing.empty()) missing = clients.outbox->catch_up(kCatchUpMost);
  return {{"ok", missing.empty()}, {"missing", missing}};
}

int run_load(const Words& words) {
  History history(words.at("history"), words.at("process"));
  Clients clients;
  start(words, history, clients);
  std::cout << Line{{"ok", true}}.dump() << std::endl;
  for (std::string command; std::getline(std::cin, command) && command != "quit";) {
    Line answer = {{"ok", true}, {"acked", clients.acked()}};
    if (command == "drain") answer = drain(clients);
    if (command == "finish") answer = finish(clients);
    std::cout << answer.dump() << std::endl;
  }
  return 0;
}

// ---- dump

// A pinned read is tried once by the SDK; a server just restarted may still be redialled.
template <typename T>
T insist(const std::function<Result<T>()>& read) {
  for (int i = 0;; ++i) {
    Result<T> answer = read();
    if (answer.ok()) return std::move(*answer);
    if (!answer.error().retryable || i == kTries) throw std::runtime_error(answer.error().message);
    std::this_thread::sleep_for(kRest);
  }
}

void print(const Line& line) {
  std::cout << line.dump(-1, ' ', false, Line::error_handler_t::replace) << "\n";
}

void dump_person(Session session, const Setup::Person& person, const std::string& replica,
                 const ReadOptions& options) {
  const auto list =
      insist<Page<Conversation>>([&] { return session.conversations(kPage, 0, options); });
  for (const Conversation& conversation : list.items) {
    print({{"e", "conversation"},
           {"replica", replica},
           {"viewer", person.account.name},
           {"c", conversation.id},
           {"last_seq", conversation.last_seq},
           {"read_seq", conversation.read_seq}});
    std::int64_t after = 0;
    for (bool more = true; more;) {
      const auto page = insist<Page<Message>>(
          [&] { return session.messages_after(conversation.id, after, kPage, options); });
      Line messages = Line::array();
      for (const Message& message : page.items) messages.push_back(message_line(message));
      print({{"e", "messages"},
             {"replica", replica},
             {"viewer", person.account.name},
             {"c", conversation.id},
             {"messages", messages}});
      more = page.more && !page.items.empty();
      if (more) after = page.items.back().seq;
    }
  }
}

int run_dump(const Words& words) {
  const Setup setup = read_setup(words);
  const std::string server = words.at("server");
  const std::string replica = words.at("replica");
  const auto state = [&] {
    return insist<admin::ServerStatus>([&] { return admin::status(server, milliseconds(2'000)); });
  };
  const auto before = state();
  ClientOptions client_options;
  client_options.discover = false;
  auto client = Client::connect({server}, client_options);
  if (!client.ok()) throw std::runtime_error(client.error().message);
  ReadOptions options;
  options.server = server;
  for (const auto& person : setup.people) {
    dump_person(client->resume(person.token, person.account), person, replica, options);
  }
  const auto after = state();
  if (after.state_hash != before.state_hash) throw std::runtime_error("it still changes");
  print({{"e", "replica"},
         {"replica", replica},
         {"applied_index", after.applied_index},
         {"state_hash", std::to_string(after.state_hash)}});
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    const std::string mode = argc > 1 ? argv[1] : "";
    const Words words = words_of(argc, argv);
    if (mode == "setup") return run_setup(words);
    if (mode == "load") return run_load(words);
    if (mode == "dump") return run_dump(words);
    std::cerr << "usage: torture_recorder setup|load|dump --WORD VALUE...\n";
    return 2;
  } catch (const std::exception& error) {
    std::cerr << "torture_recorder: " << error.what() << "\n";
    return 1;
  }
}
