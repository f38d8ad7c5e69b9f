// A disk with a page cache, for tests: what is written is seen at once and kept only once it is
// synced; a name (made, renamed, removed) is kept only once its directory is synced. A process
// crash keeps the page cache, a power loss does not. Faults come at a chosen step, or by rules.
//
// The shipping storage runs on it through fault_vfs.h (SQLite) and fault_platform.cpp (the
// functions of server/storage/platform.h). In memory for the simulator and unit tests; with a
// Mirror, what is durable is also in real files, so that SIGKILL of the process is the power loss
// (fault_process_platform.h).
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace starling::faults {

// Errors are errno values; 0 is success.
inline constexpr std::size_t kSectorBytes = 512;

struct Change {
  std::uint64_t offset = 0;  // Of a truncation: the new size.
  std::string bytes;
  bool truncation = false;
};

// What the connections of one process share about a file: SQLite's locks, and the index of a WAL.
struct Sharing {
  int readers = 0;
  const void* reserved = nullptr;
  const void* pending = nullptr;
  const void* exclusive = nullptr;
  struct Slot {
    int shared = 0;
    const void* exclusive = nullptr;
  };
  Slot slots[8];
  std::vector<std::unique_ptr<char[]>> regions;
  int region_users = 0;
  const void* flock = nullptr;
};

struct Body {
  std::string cached;            // What every reader sees.
  std::string durable;           // What a power loss leaves.
  std::vector<Change> unsynced;  // From durable to cached, in order; after a failed sync less.
  std::string durable_name;      // Empty: no name of it is durable.
  Sharing sharing;
};
using BodyPtr = std::shared_ptr<Body>;

// Where durable things go besides memory.
class Mirror {
 public:
  virtual ~Mirror() = default;
  virtual bool load(const std::string& path, std::string& bytes) = 0;  // False: no such file.
  virtual void list(const std::string& directory, std::vector<std::string>& names) = 0;
  virtual void change(const std::string& path, const Change& change) = 0;
  virtual void put(const std::string& path, const std::string& bytes) = 0;
  virtual void rename(const std::string& from, const std::string& to) = 0;
  virtual void remove(const std::string& path) = 0;
};

enum class Operation : std::uint8_t { kRead, kWrite, kSync, kName };

// Faults by rule: real processes are steered with these.
struct Rule {
  Operation operation = Operation::kWrite;
  std::string suffix;  // Of the file's path.
  int error = 0;
};

// Thread contract: every call is thread-safe.
class Disk {
 public:
  explicit Disk(std::unique_ptr<Mirror> mirror = nullptr) : mirror_(std::move(mirror)) {}

  // ---- Files. `path` names one; directories are there without being made.
  int open(const std::string& path, bool create, bool empty, BodyPtr& out);
  int read(const std::string& path, Body& body, std::uint64_t offset, std::size_t size, char* to,
           std::size_t& got);
  int write(const std::string& path, Body& body, std::uint64_t offset, std::string_view bytes);
  int truncate(const std::string& path, Body& body, std::uint64_t size);
  int sync(const std::string& path, Body& body);
  int rename(const std::string& from, const std::string& to);
  int remove(const std::string& path);  // ENOENT when there is none.
  int sync_directory(const std::string& path);
  bool exists(const std::string& path);
  std::uint64_t size(Body& body);
  std::uint64_t bytes_below(const std::string& directory);
  bool mirrored() const { return mirror_ != nullptr; }
  // Of the file `lock` that was opened last; empty before.
  std::string data_directory();
  std::vector<std::string> list(const std::string& directory);
  // For the locks: whoever looks at a Sharing holds this.
  std::mutex& mutex() { return mutex_; }

  // ---- Faults. Steps are counted: everything but reads, and opening what is there.
  std::uint64_t steps() const { return steps_; }
  // The process dies in the middle: `more` steps are done, the next one at most half, and from then
  // on everything fails until crash() or power_loss().
  void stop_after(std::uint64_t more);
  void stop_now();  // Before files are closed that a dead process would not have closed.
  // `more` steps succeed, the next one fails with `error`; those after it succeed again. When that
  // is a sync, what it should have written is taken for clean and never gets to the disk (as Linux
  // does), though it is still read.
  void fail_after(std::uint64_t more, int error);
  // As that, but from there on every write and sync fails: the disk is broken, the process is not.
  void break_after(std::uint64_t more, int error);
  bool struck() const { return struck_; }  // Whether one of these has happened.
  // All files together hold at most so many bytes: ENOSPC.
  void set_room(std::uint64_t bytes);
  std::uint64_t free_bytes();
  void set_rules(std::vector<Rule> rules);
  void set_sync_delay_us(std::int64_t delay_us) { sync_delay_us_ = delay_us; }
  // The chance, of thousand, that a write gets to the disk at once, as the kernel may do it.
  void set_write_back(std::uint32_t per_mille) { write_back_ = per_mille; }

  // ---- Ends. No file may be open. Both end all faults.
  void crash();
  // `draw(n)` gives a number below n: what of the unsynced is kept by chance. Null: nothing.
  void power_loss(const std::function<std::uint64_t(std::uint64_t)>& draw);
  // Flips bits of a byte, on the disk and in the page cache.
  void flip(const std::string& path, std::uint64_t offset, unsigned char mask);
  // The durable bytes; empty when there is no such durable file.
  std::string durable(const std::string& path);

 private:
  struct NameChange {
    std::string path;
    BodyPtr body;         // Null: removed.
    bool joined = false;  // With the one before it.
  };

  enum class Strike : std::uint8_t { kStop, kFail, kBreak };

  void strike_after(std::uint64_t more, Strike strike, int error);
  BodyPtr find(const std::string& path);
  int step(Operation operation, const std::string& path, bool& torn);
  int ruled(Operation operation, const std::string& path) const;
  void note_name(const std::string& path, BodyPtr body, bool joined);
  void keep(Body& body, const Change& change);
  void keep_names(const std::string& directory);
  void lose_some(Body& body, const std::function<std::uint64_t(std::uint64_t)>& draw);
  void end_faults();

  std::mutex mutex_;
  std::unique_ptr<Mirror> mirror_;
  std::string data_directory_;
  std::map<std::string, BodyPtr> names_;          // As a process sees them; null: removed.
  std::map<std::string, BodyPtr> durable_names_;  // As a power loss leaves them.
  std::vector<NameChange> name_changes_;          // From the latter to the former.
  std::atomic<std::uint64_t> steps_ = 0;
  static constexpr std::uint64_t kNever = ~std::uint64_t{0};
  std::uint64_t strike_at_ = kNever;
  Strike strike_ = Strike::kStop;
  int strike_error_ = 0;
  std::atomic<bool> struck_ = false;
  std::uint64_t room_ = kNever;
  std::uint64_t used_ = 0;
  std::vector<Rule> rules_;
  std::atomic<std::int64_t> sync_delay_us_ = 0;
  std::uint32_t write_back_ = 0;
  std::uint64_t dice_ = 1;
};

// Which disk a path is on: the one mounted at its longest prefix. Null: a path of nobody's.
void mount(const std::string& prefix, Disk* disk);
void unmount(const std::string& prefix);
Disk* disk_of(const std::string& path);
std::string directory_of(const std::string& path);

}  // namespace starling::faults
