// An opened data directory: everything durable that a node runs on.
#pragma once

#include <memory>

#include "server/chat/store.h"
#include "server/storage/storage.h"

namespace starling::node {

struct Opened {
  std::unique_ptr<storage::DataDirectory> directory;  // First: its lock is let go of last.
  storage::Identity identity;
  std::unique_ptr<storage::VoteFile> vote;
  std::unique_ptr<storage::LogStore> log;
  std::unique_ptr<chat::Store> store;
  core::Restored restored;
  bool fatal = false;  // The disk failed: nothing is tried again in this process (R2.6).
};

}  // namespace starling::node
