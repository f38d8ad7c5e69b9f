// The receiver's side of FetchSnapshot.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "server/transport/backend.h"

namespace starling::transport {

struct SnapshotRequest {
  std::string target;  // host:port
  core::ClusterId cluster = 0;
  core::Epoch epoch = 0;
  core::NodeId from = core::kNoNode;  // Who asks,
  core::NodeId to = core::kNoNode;    // and who is asked.
  core::Index at_least = 0;
  std::uint64_t id = 0;      // Of one that broke off; 0: none.
  std::uint64_t offset = 0;  // What of it has come.
  Deadline deadline;         // Of this attempt.
};

// False from either ends the attempt.
struct SnapshotCallbacks {
  // What comes, and from which offset on: 0 unless it is the one that was asked for.
  std::function<bool(const SnapshotHeader& header, std::uint64_t offset)> on_header;
  std::function<bool(const SnapshotChunk& chunk)> on_chunk;  // In order, without a gap.
};

// One attempt. Thread contract: run() once, by one thread; cancel() by anyone, at any time.
class SnapshotClient {
 public:
  SnapshotClient();
  ~SnapshotClient();

  // Blocks. True when the end was reached; else what has come so far counts, and `error` is a
  // sentence for people.
  bool run(const SnapshotRequest& request, const SnapshotCallbacks& callbacks, std::string& error);
  void cancel();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace starling::transport
