// The subscription of a client, the durable outbox, and whom there is to chat with.
#include <algorithm>
#include <stdexcept>

#include "tests/torture/load.h"

namespace starling::torture {
namespace {

using std::chrono::milliseconds;

constexpr const char* kPassword = "correct horse";
constexpr std::size_t kQueuedMost = 2'000;
constexpr milliseconds kRest{10};

template <typename T>
T must(Result<T> result, const char* what) {
  if (!result.ok()) throw std::runtime_error(std::string(what) + ": " + result.error().message);
  return std::move(*result);
}

ClientOptions client_options() {
  ClientOptions options;
  options.client_name = "torture";
  options.wait_for_server = false;
  return options;
}

const char* kind_name(EventKind kind) {
  if (kind == EventKind::kMessage) return "message";
  return kind == EventKind::kMessageDeleted ? "deleted" : "other";
}

}  // namespace

Setup make_setup(const std::vector<std::string>& servers, int people) {
  Client client = must(Client::connect(servers), "connect");
  Setup setup;
  std::vector<Session> sessions;
  for (int i = 0; i < people; ++i) {
    const std::string name = "t" + std::to_string(i);
    must(client.create_account(name, kPassword), "create_account");
    sessions.push_back(must(client.log_in(name, kPassword), "log_in"));
    setup.people.push_back({sessions.back().account(), sessions.back().token(), {}});
  }
  const auto open = [&](std::size_t a, std::size_t b) {
    const auto chat = must(sessions[a].open_direct(setup.people[b].account.name), "open_direct");
    setup.people[a].conversations.push_back(chat.id);
    setup.people[b].conversations.push_back(chat.id);
  };
  // A ring, and a chord: everybody has two or three conversations.
  const std::size_t count = setup.people.size();
  for (std::size_t i = 0; i + 1 < count; ++i) open(i, i + 1);
  if (count > 2) open(0, count - 1);
  if (count > 4) open(1, count - 2);
  return setup;
}

Line to_json(const Setup& setup) {
  Line people = Line::array();
  for (const auto& person : setup.people) {
    people.push_back({{"id", person.account.id},
                      {"name", person.account.name},
                      {"token", person.token},
                      {"conversations", person.conversations}});
  }
  return {{"people", people}};
}

Setup setup_from(const Line& line) {
  Setup setup;
  for (const Line& one : line.at("people")) {
    Setup::Person person;
    person.account.id = one.at("id");
    person.account.name = one.at("name");
    person.token = one.at("token");
    person.conversations = one.at("conversations").get<std::vector<std::int64_t>>();
    setup.people.push_back(std::move(person));
  }
  return setup;
}

Listener::Listener(const LoadOptions& options, History& history)
    : options_(options), history_(history) {
  client_.emplace(must(Client::connect(options.servers, client_options()), "connect"));
  session_ = client_->resume(options.person.token, options.person.account);
  if (options.stream.empty()) return;
  place_ = last_place(options.history, options.stream);
  subscribe();
}

void Listener::subscribe() {
  subscription_.close();  // Afterwards the place stands.
  Cursor from;
  {
    const std::lock_guard lock(mutex_);
    from = place_.cursor;
  }
  subscription_ =
      must(session_.subscribe(from, [this](const Event& event) { on_event(event); }), "subscribe");
}

void Listener::on_event(const Event& event) {
  const bool message = event.kind == EventKind::kMessage;
  const bool about_message = message || event.kind == EventKind::kMessageDeleted;
  const std::int64_t seq = about_message ? event.message.seq : event.seq;
  Line line = {{"e", "event"},
               {"stream", options_.stream},
               {"client", options_.client},
               {"t", now_ns()},
               {"kind", kind_name(event.kind)},
               {"cursor", Line::array({event.cursor.epoch, event.cursor.index, event.cursor.ordinal,
                                       event.cursor.cluster})},
               {"c", event.conversation_id},
               {"seq", seq}};
  if (message) line["message"] = message_line(event.message);
  history_.write(line);
  const std::lock_guard lock(mutex_);
  place_.cursor = event.cursor;
  if (message) place_.received[event.conversation_id] = seq;
}

std::string Listener::catch_up(milliseconds timeout) {
  if (options_.stream.empty()) return "";
  const auto deadline = std::chrono::steady_clock::now() + timeout;
  for (const std::int64_t conversation : options_.person.conversations) {
    ReadOptions options;
    options.level = ReadLevel::kLinearizable;
    options.timeout = timeout;
    const auto page = session_.messages(conversation, 0, 1, options);
    if (!page.ok()) return options_.stream + ": " + page.error().message;
    const std::int64_t newest = page->items.empty() ? 0 : page->items.back().seq;
    while (true) {
      std::int64_t received = 0;
      {
        const std::lock_guard lock(mutex_);
        received = place_.received[conversation];
      }
      if (received >= newest) break;
      if (std::chrono::steady_clock::now() >= deadline) {
        return options_.stream + " has " + std::to_string(received) + " of " +
               std::to_string(newest) + " messages of conversation " + std::to_string(conversation);
      }
      std::this_thread::sleep_for(kRest);
    }
  }
  history_.write({{"e", "end"},
                  {"stream", options_.stream},
                  {"viewer", options_.person.account.name},
                  {"t", now_ns()}});
  return "";
}

void Listener::close() {
  subscription_.close();
  if (client_) client_->close();
}

OutboxLoad::OutboxLoad(const LoadOptions& options, const std::string& file, History& history)
    : Listener(options, history), random_(options.seed) {
  OutboxOptions outbox;
  outbox.on_change = [this](const OutboxEntry& entry) {
    if (entry.state != OutboxState::kReplicated && entry.state != OutboxState::kFailed) return;
    Line line = {{"e", "outbox"},
                 {"t", now_ns()},
                 {"body", digest(entry.body)},
                 {"r", entry.state == OutboxState::kReplicated ? "ok" : "failed"}};
    if (entry.state == OutboxState::kReplicated) line["seq"] = entry.seq;
    history_.write(line);
    ++acked_;
  };
  outbox_.emplace(must(Outbox::open(file, session(), outbox), "open the outbox"));
  thread_ = std::thread([this] { run(); });
}

OutboxLoad::~OutboxLoad() {
  stop();
  outbox_->close();
  close();
}

void OutboxLoad::stop() {
  stopping_ = true;
  if (thread_.joinable()) thread_.join();
}

void OutboxLoad::note_left() {
  history_.write({{"e", "drained"}, {"sender", options_.person.account.name}, {"open", open()}});
}

long OutboxLoad::open() const {
  const auto entries = outbox_->entries();
  return entries.ok() ? static_cast<long>(entries->size()) : -1;
}

void OutboxLoad::run() {
  const auto pause = std::chrono::duration<double>(1.0 / options_.sends_per_s);
  const auto& conversations = options_.person.conversations;
  while (!stopping_) {
    std::this_thread::sleep_for(pause);
    if (open() > static_cast<long>(kQueuedMost)) continue;
    const std::int64_t conversation = conversations[random_() % conversations.size()];
    const std::string operation = history_.new_operation();
    const std::string body = operation + " from an outbox";
    history_.write({{"e", "call"},
                    {"op", operation},
                    {"client", options_.client},
                    {"sender", options_.person.account.name},
                    {"f", "queue"},
                    {"t", now_ns()},
                    {"c", conversation},
                    {"body", digest(body)}});
    const auto entry = outbox_->queue(conversation, body);
    Line line = {{"e", "return"}, {"op", operation}, {"t", now_ns()}, {"r", "failed"}};
    if (entry.ok()) {
      line["r"] = "ok";
      line["rid"] = hex(entry->request_id);
    }
    history_.write(line);
  }
}

}  // namespace starling::torture
