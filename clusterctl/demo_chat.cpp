// The demo's users; see demo_chat.h.
#include "clusterctl/demo_chat.h"

#include <utility>

#include "clusterctl/failure.h"

namespace starling::ctl {
namespace {

constexpr const char* kPassword = "a demo is not a secret";
constexpr milliseconds kSendTimeout{30'000};
constexpr milliseconds kReadTimeout{10'000};
constexpr int kPage = 200;

template <typename T>
T& must(Result<T>& result, const std::string& what) {
  if (!result.ok()) throw Failure(kFailed, what + ": " + result.error().message);
  return *result;
}

}  // namespace

ChatUser::ChatUser(std::string name, Ledger& ledger, std::size_t window)
    : name_(std::move(name)), ledger_(ledger), window_(window) {}

ChatUser::~ChatUser() {
  close();
  // No callback runs once these are gone; the members that they use come last.
  subscription_.reset();
  session_ = Session();
  client_.reset();
}

void ChatUser::close() {
  sending_ = false;
  if (subscription_) subscription_->close();
  if (client_) client_->close();
}

void ChatUser::connect(const std::vector<std::string>& addresses) {
  ClientOptions options;
  options.client_name = "clusterctl-demo " + name_;
  options.on_cluster_event = [this](const ClusterEvent& event) { on_cluster_event(event); };
  auto client = Client::connect(addresses, options);
  client_.emplace(std::move(must(client, name_ + " cannot connect")));
  auto account = client_->create_account(name_, kPassword);
  must(account, name_ + " gets no account");
  auto session = client_->log_in(name_, kPassword, "demo");
  session_ = must(session, name_ + " cannot log in");
}

void ChatUser::open(const std::string& peer) {
  auto conversation = session_.open_direct(peer);
  conversation_ = must(conversation, name_ + " cannot talk to " + peer).id;
  // From the very beginning of the history, so that nothing can slip by before the stream stands.
  auto subscription = session_.subscribe(Cursor{}, [this](const Event& event) { on_event(event); });
  subscription_.emplace(std::move(must(subscription, name_ + " cannot subscribe")));
}

void ChatUser::start_sending() {
  sending_ = true;
  for (std::size_t i = 0; i < window_; ++i) send_next();
}

void ChatUser::stop_sending() { sending_ = false; }

void ChatUser::mark() {
  {
    const std::lock_guard lock(mutex_);
    first_ack_.reset();
  }
  {
    const std::lock_guard lock(send_mutex_);
    marked_ = true;
  }
  send_next();  // Its answer is what the user waits for.
}

std::optional<Clock::time_point> ChatUser::first_ack_after_mark() const {
  const std::lock_guard lock(mutex_);
  return first_ack_;
}

void ChatUser::send_next() {
  if (!sending_) return;
  const std::lock_guard lock(send_mutex_);
  const std::string body = name_ + " says number " + std::to_string(++next_number_);
  const bool after_mark = std::exchange(marked_, false);
  ledger_.sent(name_, body);
  ++in_flight_;
  SendOptions options;
  options.timeout = kSendTimeout;
  session_.send_async(
      conversation_, body,
      [this, body, after_mark](const Result<Message>& answer) {
        on_answer(body, after_mark, answer);
      },
      options);
}

void ChatUser::on_answer(const std::string& body, bool after_mark, const Result<Message>& answer) {
  if (answer.ok()) {
    ledger_.acknowledged(body, answer.value().seq, answer.value().id);
  } else {
    ++failed_;
    if (!answer.error().may_have_happened) ledger_.refused(body);
  }
  if (after_mark && answer.ok()) {
    const std::lock_guard lock(mutex_);
    if (!first_ack_) first_ack_ = Clock::now();
  }
  --in_flight_;
  // A client whose sends fail at once would otherwise spin: what fails is not replaced.
  if (answer.ok() && in_flight_ < window_) send_next();
}

void ChatUser::on_cluster_event(const ClusterEvent& event) {
  const std::lock_guard lock(mutex_);
  cluster_events_.emplace_back(event.kind, Clock::now());
}

std::optional<Clock::time_point> ChatUser::seen(ClusterEvent::Kind kind,
                                                Clock::time_point since) const {
  const std::lock_guard lock(mutex_);
  for (const auto& [seen_kind, when] : cluster_events_) {
    if (seen_kind == kind && when >= since) return when;
  }
  return std::nullopt;
}

void ChatUser::on_event(const Event& event) {
  if (event.kind != EventKind::kMessage || event.conversation_id != conversation_) return;
  const std::lock_guard lock(mutex_);
  const Message& message = event.message;
  received_.push_back({message.seq, message.id, message.sender, message.body});
}

std::vector<Observed> ChatUser::received() const {
  const std::lock_guard lock(mutex_);
  return received_;
}

std::size_t ChatUser::received_count() const {
  const std::lock_guard lock(mutex_);
  return received_.size();
}

Result<std::vector<Observed>> ChatUser::stored_at(const std::string& server) {
  std::vector<Observed> stored;
  ReadOptions options;
  options.server = server;
  options.timeout = kReadTimeout;
  const auto deadline = Clock::now() + kReadTimeout;
  while (true) {
    const std::int64_t after = stored.empty() ? 0 : stored.back().seq;
    auto page = session_.messages_after(conversation_, after, kPage, options);
    if (!page.ok()) {  // A pinned read is tried once; a channel may be in between two dials.
      if (!page.error().retryable || Clock::now() >= deadline) return page.error();
      pause_between_polls();
      continue;
    }
    for (const auto& message : page->items) {
      stored.push_back({message.seq, message.id, message.sender, message.body});
    }
    if (!page->more) return stored;
    if (page->items.empty()) {
      Error error;
      error.message = "an empty page promises more";
      return error;
    }
  }
}

}  // namespace starling::ctl
