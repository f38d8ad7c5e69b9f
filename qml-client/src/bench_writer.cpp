// See bench_writer.h.
#include "qml-client/src/bench_writer.h"

#include <chrono>
#include <thread>
#include <utility>
#include <vector>

namespace starling_app {
namespace {

// A thousand sends wait for each other, and the machine may be busy with other things.
constexpr std::chrono::seconds kTimeout{60};
constexpr std::chrono::seconds kPatience{90};

const char* words(int n) {
  static const char* kWords[] = {
      "On my way.",
      "Did you see what the cluster did last night?",
      "A backup took over in a few milliseconds, and what people were typing at that moment simply "
      "went through.",
      "👍",
      "Yes. I’ll bring the coffee, you bring the kill command.",
  };
  return kWords[n % 5];
}

}  // namespace

BenchWriter::BenchWriter(const QStringList& servers, const std::string& writer,
                         const std::string& reader, const std::string& password) {
  std::vector<std::string> addresses;
  for (const QString& server : servers) addresses.push_back(server.toStdString());
  starling::ClientOptions options;
  options.timeout = kTimeout;
  auto client = starling::Client::connect(addresses, options);
  if (!client.ok()) {
    error_ = client.error().message;
    return;
  }
  client_.emplace(std::move(client.value()));
  for (const std::string& name : {writer, reader}) {
    const auto made = client_->create_account(name, password);
    if (!made.ok()) error_ = made.error().message;
  }
  auto session = client_->log_in(writer, password);
  if (!session.ok()) {
    error_ = session.error().message;
    return;
  }
  session_ = session.value();
  const auto chat = session_->open_direct(reader);
  if (chat.ok()) conversation_ = chat->id;
  if (!chat.ok()) error_ = chat.error().message;
}

BenchWriter::~BenchWriter() {
  if (client_) client_->close();
}

bool BenchWriter::send(const std::string& body) {
  {
    std::unique_lock lock(mutex_);
    const bool room =
        changed_.wait_for(lock, kPatience, [this] { return refused_ || open_ < kMostOpen; });
    if (!room || refused_) return false;
    ++open_;
  }
  (void)session_->send_async(conversation_, body, [this](const auto& result) {
    {
      const std::lock_guard lock(mutex_);
      --open_;
      refused_ = refused_ || !result.ok();
      if (!result.ok()) error_ = result.error().message;
    }
    changed_.notify_all();
  });
  return true;
}

bool BenchWriter::drained() {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, kPatience, [this] { return open_ == 0; }) && !refused_;
}

bool BenchWriter::fill(int count) {
  for (int n = 0; n < count; ++n) {
    if (!send(std::to_string(n + 1) + " " + words(n))) return false;
  }
  return drained();
}

int BenchWriter::write(int rate, const std::atomic<bool>& stop) {
  using Clock = std::chrono::steady_clock;
  const auto begin = Clock::now();
  int sent = 0;
  while (!stop && send(words(sent))) {
    ++sent;
    std::this_thread::sleep_until(begin + sent * std::chrono::microseconds(1'000'000 / rate));
  }
  (void)drained();
  return sent;
}

}  // namespace starling_app
