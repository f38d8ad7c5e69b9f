// The shipping LogStore and VoteFile, and the place of the chat store, of one simulated server, on
// a disk in memory that fails where it is told to (fault_files.h). SimDisk has the time and the
// order of operations; this carries them out, is killed or loses power in the middle of one, and
// says what is there at the next start.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "server/storage/storage.h"
#include "tests/lib/fault_files.h"
#include "tests/lib/random.h"
#include "tests/lib/sim_log.h"

namespace starling::sim {

// What a log store and a vote file hold.
struct DiskImage {
  core::HardState hard_state;
  SimLog log;

  core::Index last_index() const { return log.last_index(); }
  core::Term term_at(core::Index index) const { return log.term_at(index); }  // 0: none there.
  void apply(const core::Persist& operation);
};

class SimStorage {
 public:
  using Operations = std::deque<core::Persist>;

  // `number` is the server's; no other of the same process may have it at the same time.
  SimStorage(int number, std::uint64_t seed);
  ~SimStorage();

  // A first disk, with this on it, durable.
  void install(const DiskImage& image);
  // Carries them out as the node's log thread does, and they are durable.
  void persist(const Operations& operations);
  // Of the transactions of a running server.
  void compact_to(core::Index index);
  // Before the first operation of a life; may be interrupted and begun again.
  void install_snapshot(const SimLog& base, core::Term hard_state_term);

  // The process dies or the power fails while it is carrying out `operations`, at some step.
  void crash(const Operations& operations) { end(operations, false); }
  void power_loss(const Operations& operations) { end(operations, true); }
  // The disk gives an error meanwhile. The process has no say any more, and is to be crashed.
  void fail(const Operations& operations);
  // Opens what is there; may be killed on the way and begin again. Everything that it gives is
  // durable.
  DiskImage boot();
  // Whether what was found is `before` with some of `operations` carried out, those first: the log
  // and the vote may have come differently far.
  static bool fits(const DiskImage& found, const DiskImage& before, const Operations& operations);

  // ---- The chat store's file beside them
  std::string chat_path() const;
  // The snapshot that install() or install_snapshot() is going to name; durable.
  void put_chat(core::Index index, const std::string& image);
  // Maybe, the process dies in what it does next instead of in what crash() is told of.
  bool dies_now();
  // Closes the chat store when the process has died, so that the file can be lost.
  void on_death(std::function<void()> close_chat) { close_chat_ = std::move(close_chat); }

  std::uint64_t steps() const { return disk_.steps(); }
  std::uint64_t ends_in_the_middle() const { return ends_in_the_middle_; }

 private:
  storage::Status carry_out(const Operations& operations);
  storage::Status open();
  storage::Status put_snapshot(const SimLog& base, core::Term hard_state_term);
  void end(const Operations& operations, bool power_loss);
  void close();
  void end_process(bool power_loss);
  DiskImage image();

  const std::string directory_;
  Random random_;
  faults::Disk disk_;
  std::unique_ptr<storage::VoteFile> vote_;
  std::unique_ptr<storage::LogStore> log_;
  std::function<void()> close_chat_;
  bool dead_ = false;   // After an error.
  bool dying_ = false;  // Between dies_now() and the end.
  std::uint64_t ends_in_the_middle_ = 0;
};

}  // namespace starling::sim
