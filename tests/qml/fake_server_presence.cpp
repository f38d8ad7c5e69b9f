// What the pretended server tells of who is there. See fake_server.h.
#include <sstream>
#include <thread>

#include "tests/qml/fake_server.h"

namespace starling_app {

namespace v1 = starling::v1;

namespace {

constexpr int kBeatMs = 200;

std::string line_of(const v1::PresenceRequest& request) {
  std::ostringstream line;
  if (request.has_watch()) {
    line << "watch";
    for (const std::int64_t account : request.watch().account_ids()) line << ' ' << account;
  } else if (request.has_typing()) {
    line << "typing " << request.typing();
  } else {
    line << "away " << (request.away() ? "on" : "off");
  }
  return line.str();
}

}  // namespace

void FakeServer::set_presence(std::int64_t account, v1::PresenceState state,
                              std::int64_t last_seen_ms) {
  {
    const std::lock_guard lock(mutex_);
    v1::PresenceInfo& info = presence_[account];
    info.set_account_id(account);
    info.set_state(state);
    info.set_last_seen_ms(last_seen_ms);
    ++presence_version_;
  }
  changed_.notify_all();
}

void FakeServer::tell_typing(std::int64_t conversation, std::int64_t account) {
  {
    const std::lock_guard lock(mutex_);
    v1::TypingNotice& notice = typing_.emplace_back();
    notice.set_conversation_id(conversation);
    notice.set_account_id(account);
  }
  changed_.notify_all();
}

std::vector<std::string> FakeServer::presence_told() {
  const std::lock_guard lock(mutex_);
  return presence_told_;
}

grpc::Status FakeServer::Presence(
    Context* context, grpc::ServerReaderWriter<v1::PresenceResponse, v1::PresenceRequest>* stream) {
  std::set<std::int64_t> watched;  // Under the mutex, as is the rest.
  std::uint64_t told = 0;
  bool over = false;
  std::unique_lock lock(mutex_);
  std::size_t typed = typing_.size();
  std::thread reader([&] {
    v1::PresenceRequest request;
    while (stream->Read(&request)) {
      const std::lock_guard inner(mutex_);
      presence_told_.push_back(line_of(request));
      if (!request.has_watch()) continue;
      watched = {request.watch().account_ids().begin(), request.watch().account_ids().end()};
      told = 0;
      ++presence_version_;
      changed_.notify_all();
    }
    const std::lock_guard inner(mutex_);
    over = true;  // Cancelled, too.
    changed_.notify_all();
  });
  ++present_;
  bool first = true;
  do {
    v1::PresenceResponse response;
    if (told != presence_version_) {
      for (const std::int64_t account : watched) {
        v1::PresenceInfo& info = *response.add_presence();
        info.set_account_id(account);
        if (presence_.contains(account)) info = presence_.at(account);
      }
      told = presence_version_;
    }
    for (; typed < typing_.size(); ++typed) *response.add_typing() = typing_[typed];
    const bool news = response.presence_size() > 0 || response.typing_size() > 0;
    if ((news || std::exchange(first, false)) && !stream->Write(response)) break;
    changed_.wait_for(lock, std::chrono::milliseconds(kBeatMs), [&] {
      return over || stopping_ || told != presence_version_ || typed < typing_.size();
    });
  } while (!over && !stopping_);
  --present_;
  lock.unlock();
  context->TryCancel();  // So that the reader ends.
  reader.join();
  return grpc::Status::OK;
}

}  // namespace starling_app
