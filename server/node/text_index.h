// The thread that keeps the full-text index (server/search) up with what has been applied, and the
// searches in it. The index is derived: its trouble is told and mended, and is never the node's.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <thread>

#include "server/node/sync.h"
#include "server/search/index.h"
#include "server/storage/storage.h"
#include "server/transport/backend.h"

namespace starling::node {

// Thread contract: start() and stop() by one caller in this order; all else by anyone.
class TextIndex final : public transport::TextSearch {
 public:
  struct Files {
    storage::DataDirectory& directory;
    std::string chat_path;  // Of the store that is indexed.
    std::string history;    // Which history that is of.
  };
  struct Hooks {
    std::function<core::Index()> applied;  // How far the chat store has got.
  };
  TextIndex(Files files, std::size_t max_waiters, Hooks hooks);
  ~TextIndex() override;

  void start();
  void stop();  // Answers everything that waits.
  void news();  // More has been applied. Returns at once.

  core::Index indexed() const { return indexed_.load(std::memory_order_acquire); }
  void wait_indexed(core::Index index, transport::Deadline deadline,
                    transport::WaitCallback done) override;
  // Damage that it meets is mended by the thread.
  sqlite::Status find(core::Index covered, const search::Request& request, search::Found& out,
                      search::Answer& answer, std::string& error) override;

 private:
  struct Waiter {
    transport::Deadline deadline;
    transport::WaitCallback done;
  };

  enum class Turn { kWork, kLook, kMend, kEnd };

  void run();
  // Sleeps until there is something to do. Work: what is behind, not before `rested`, but at once
  // when somebody waits for it; in no case before `mended`. Look: somebody has waited too long.
  // Mend: a search has met damage.
  Turn next_turn(SteadyTime rested, SteadyTime mended);
  sqlite::Status work();  // The next batch.
  sqlite::Status open();
  void mend(const char* what, const sqlite::Status& trouble);
  sqlite::Status damage();
  void answer_waiters();
  SteadyTime first_deadline() const STARLING_REQUIRES(mutex_);

  const Files files_;
  const std::size_t max_waiters_;
  const Hooks hooks_;
  std::atomic<core::Index> indexed_{0};

  // The thread's own.
  std::unique_ptr<chat::Reader> reader_;
  std::unique_ptr<search::Index> index_;
  std::thread thread_;

  Mutex mutex_;
  Condition condition_;
  std::multimap<core::Index, Waiter> waiters_ STARLING_GUARDED_BY(mutex_);
  bool stop_ STARLING_GUARDED_BY(mutex_) = false;
  sqlite::Status damage_ STARLING_GUARDED_BY(mutex_);  // Not ok: a search met it; to be mended.

  // Of the searches: made at the first one, and anew with the index. Taken before mutex_.
  Mutex search_mutex_;
  std::unique_ptr<search::Searcher> searcher_ STARLING_GUARDED_BY(search_mutex_);
  std::unique_ptr<chat::Reader> search_reader_ STARLING_GUARDED_BY(search_mutex_);
};

}  // namespace starling::node
