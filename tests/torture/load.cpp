// A client that sends, reads, deletes, marks and repeats, at a bounded rate.
#include "tests/torture/load.h"

#include <algorithm>

namespace starling::torture {
namespace {

using std::chrono::milliseconds;

constexpr long kOpenMost = 400;          // Sends and reads under way, of one client.
constexpr std::size_t kRecentMost = 64;  // Sends that can be repeated or deleted.
constexpr std::uint64_t kBurstMost = 8;
constexpr int kReadMost = 12;

// Version 7 in its bits; the rest is chance, from the seed.
std::string request_id_of(std::mt19937_64& random) {
  std::string id(16, '\0');
  for (char& byte : id) byte = static_cast<char>(random());
  id[6] = static_cast<char>(0x70 | (id[6] & 0x0f));
  id[8] = static_cast<char>(0x80 | (id[8] & 0x3f));
  return id;
}

}  // namespace

Load::Load(const LoadOptions& options, History& history)
    : Listener(options, history), random_(options.seed) {
  thread_ = std::thread([this] { run(); });
}

Load::~Load() {
  stop();
  close();
}

void Load::stop() {
  stopping_ = true;
  if (thread_.joinable()) thread_.join();
}

std::uint64_t Load::draw(std::uint64_t below) {
  return std::uniform_int_distribution<std::uint64_t>(0, below - 1)(random_);
}

std::int64_t Load::any_conversation() {
  return options_.person.conversations[draw(options_.person.conversations.size())];
}

void Load::run() {
  using Clock = std::chrono::steady_clock;
  const double mean_burst = (1.0 + static_cast<double>(kBurstMost)) / 2;
  const auto pause = std::chrono::duration_cast<Clock::duration>(
      std::chrono::duration<double>(mean_burst / options_.sends_per_s));
  auto next = Clock::now();
  while (!stopping_) {
    if (Clock::now() < next) {
      std::this_thread::sleep_until(std::min(next, Clock::now() + milliseconds(100)));
      continue;
    }
    next = std::max(next, Clock::now() - pause) + pause;  // What a stall has cost stays lost.
    if (open_ < kOpenMost) act();
  }
}

void Load::act() {
  send_burst();
  const std::uint64_t choice = draw(100);
  if (choice < 45) {
    read();
  } else if (choice < 51) {
    repeat();
  } else if (choice < 53) {
    remove();
  } else if (choice < 55) {
    mark();
  } else if (choice == 55 && !options_.stream.empty()) {
    subscribe();
  }
}

Line Load::call(const std::string& operation, const char* function) const {
  return {{"e", "call"},
          {"op", operation},
          {"client", options_.client},
          {"sender", options_.person.account.name},
          {"f", function},
          {"t", now_ns()}};
}

void Load::answered(const std::string& operation, const Error& error) {
  history_.write({{"e", "return"},
                  {"op", operation},
                  {"t", now_ns()},
                  {"r", error.may_have_happened ? "unknown" : "failed"},
                  {"error", error.message}});
}

void Load::send_burst() {
  const std::int64_t conversation = any_conversation();
  const std::uint64_t count = 1 + draw(kBurstMost);
  for (std::uint64_t i = 0; i < count; ++i) {
    Sent sent;
    sent.conversation = conversation;
    if (draw(2) == 0) sent.request_id = request_id_of(random_);
    send(std::move(sent));
  }
}

void Load::send(Sent sent) {
  const std::string operation = history_.new_operation();
  SendOptions options;
  options.request_id = sent.request_id;
  // Some give up early, so that outcomes stay open.
  const bool hasty = !sent.repeat && operation.back() == '7';
  options.timeout = milliseconds(hasty ? 300 : 10'000);
  if (sent.body.empty()) {
    sent.body =
        operation + " " + std::string(static_cast<std::size_t>(operation.back() - '0') * 23, 'x');
  }
  Line line = call(operation, "send");
  line["c"] = sent.conversation;
  line["body"] = digest(sent.body);
  if (!sent.request_id.empty()) line["rid"] = hex(sent.request_id);
  history_.write(line);
  ++open_;
  const std::int64_t conversation = sent.conversation;
  const std::string body = sent.body;
  const bool cancelled =
      !sent.repeat && operation.size() > 2 && operation.compare(operation.size() - 2, 2, "55") == 0;
  const Call under_way = session().send_async(
      conversation, body,
      [this, operation, sent = std::move(sent)](const Result<Message>& answer) {
        this->sent(operation, sent, answer);
      },
      options);
  if (cancelled) under_way.cancel();
}

void Load::sent(const std::string& operation, Sent sent, const Result<Message>& answer) {
  if (answer.ok()) {
    history_.write({{"e", "return"},
                    {"op", operation},
                    {"t", now_ns()},
                    {"r", "ok"},
                    {"seq", answer->seq},
                    {"id", answer->id}});
    if (!sent.repeat) ++acked_;
    sent.seq = answer->seq;
    const std::lock_guard lock(recent_mutex_);
    recent_.push_back(std::move(sent));
    if (recent_.size() > kRecentMost) recent_.pop_front();
  } else {
    answered(operation, answer.error());
    // What became of it? The same send again tells.
    if (answer.error().may_have_happened && !sent.repeat && !sent.request_id.empty() &&
        !stopping_) {
      sent.repeat = true;
      send(std::move(sent));
    }
  }
  --open_;
}

std::optional<Load::Sent> Load::recent() {
  const std::lock_guard lock(recent_mutex_);
  if (recent_.empty()) return std::nullopt;
  return recent_[draw(recent_.size())];
}

// The first outcome has to come back.
void Load::repeat() {
  auto sent = recent();
  if (!sent || sent->request_id.empty()) return;
  sent->repeat = true;
  send(std::move(*sent));
}

void Load::read() {
  const std::string operation = history_.new_operation();
  const std::int64_t conversation = any_conversation();
  ReadOptions options;
  options.timeout = milliseconds(5'000);
  const char* level = "session";
  Line line = call(operation, "read");
  const std::uint64_t choice = draw(10);
  if (choice < 5) {
    options.level = ReadLevel::kLinearizable;
    level = "linearizable";
  } else if (choice < 7) {
    options.level = ReadLevel::kStale;
    options.max_staleness = milliseconds(200 + draw(3'000));
    level = "stale";
    line["bound_ms"] = options.max_staleness.count();
  }
  // Of a server that may be paused, cut off or no primary any more, and then has to say no.
  if (choice < 7 && draw(2) == 0) options.server = options_.servers[draw(options_.servers.size())];
  std::int64_t after = -1;  // The newest.
  const auto known = recent();
  if (known && known->conversation == conversation && draw(3) == 0) {
    after = std::max<std::int64_t>(0, known->seq - 3);
  }
  line["level"] = level;
  line["c"] = conversation;
  line["after"] = after;
  line["limit"] = kReadMost;
  history_.write(line);
  ++open_;
  const auto done = [this, operation](const Result<Page<Message>>& page) {
    if (page.ok()) {
      Line messages = Line::array();
      for (const Message& message : page->items) messages.push_back(message_line(message));
      history_.write({{"e", "return"},
                      {"op", operation},
                      {"t", now_ns()},
                      {"r", "ok"},
                      {"messages", messages},
                      {"more", page->more}});
    } else {
      answered(operation, page.error());
    }
    --open_;
  };
  if (after < 0) {
    session().messages_async(conversation, 0, kReadMost, done, options);
  } else {
    session().messages_after_async(conversation, after, kReadMost, done, options);
  }
}

void Load::remove() {
  const auto sent = recent();
  if (!sent) return;
  const std::string operation = history_.new_operation();
  Line line = call(operation, "delete");
  line["c"] = sent->conversation;
  line["seqs"] = Line::array({sent->seq});
  history_.write(line);
  ++open_;
  session().delete_messages_async(
      sent->conversation, {sent->seq}, [this, operation](const Result<std::int64_t>& answer) {
        if (answer.ok()) {
          history_.write({{"e", "return"}, {"op", operation}, {"t", now_ns()}, {"r", "ok"}});
        } else {
          answered(operation, answer.error());
        }
        --open_;
      });
}

void Load::mark() {
  const auto sent = recent();
  if (!sent) return;
  const std::string operation = history_.new_operation();
  Line line = call(operation, "mark");
  line["c"] = sent->conversation;
  line["seq"] = sent->seq;
  history_.write(line);
  ++open_;
  session().mark_read_async(sent->conversation, sent->seq, [this, operation](const Status& answer) {
    if (answer.ok()) {
      history_.write({{"e", "return"}, {"op", operation}, {"t", now_ns()}, {"r", "ok"}});
    } else {
      answered(operation, answer.error());
    }
    --open_;
  });
}

}  // namespace starling::torture
