// A fixed set of read connections to chat.db, lent out one at a time each.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "server/node/sync.h"
#include "server/transport/backend.h"

namespace starling::node {

class StoreReaders final : public transport::ReaderPool {
 public:
  sqlite::Status open(const std::string& path, int count);
  Lease acquire() override;

 private:
  void give_back(chat::Reader* reader);

  Mutex mutex_;
  Condition condition_;
  std::vector<std::unique_ptr<chat::Reader>> all_;
  std::vector<chat::Reader*> free_ STARLING_GUARDED_BY(mutex_);
};

}  // namespace starling::node
