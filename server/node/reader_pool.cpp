// See reader_pool.h.
#include "server/node/reader_pool.h"

#include <utility>

#include "server/node/check.h"

namespace starling::node {

sqlite::Status StoreReaders::open(const std::string& path, int count) {
  NODE_CHECK(count > 0, "there is a reader");
  for (int i = 0; i < count; ++i) {
    std::unique_ptr<chat::Reader> reader;
    sqlite::Status status = chat::Reader::open(path, reader);
    if (!status.ok()) return status;
    MutexLock lock(mutex_);
    free_.push_back(reader.get());
    all_.push_back(std::move(reader));
  }
  return {};
}

StoreReaders::Lease StoreReaders::acquire() {
  MutexLock lock(mutex_);
  // Reads are bounded in size, so a turn comes.
  while (free_.empty()) {
    condition_.wait_until(mutex_, std::chrono::steady_clock::now() + kIdleWait);
  }
  chat::Reader* reader = free_.back();
  free_.pop_back();
  return Lease(reader, [this](chat::Reader* given) { give_back(given); });
}

void StoreReaders::give_back(chat::Reader* reader) {
  {
    MutexLock lock(mutex_);
    free_.push_back(reader);
  }
  condition_.notify_one();
}

}  // namespace starling::node
