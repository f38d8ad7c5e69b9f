// log.db as a disk may give it back. Damaged bytes in the database or its WAL: an error with a
// sentence, or exactly what an earlier append left, never another entry. Rows with right checksums
// that no Starling wrote: what is opened is in order, and a core starts from it.
#include "server/storage/log_rows.h"
#include "tests/fuzz/files.h"

namespace starling::fuzz {
namespace {

using Entries = std::vector<core::EntryPtr>;

core::EntryPtr entry(core::Index index, core::Term term, core::EntryKind kind, std::string data) {
  auto made = std::make_shared<core::Entry>();
  made->index = index;
  made->term = term;
  made->kind = kind;
  made->stamp_ms = static_cast<core::WallMs>(1'000'000 + index);
  made->data = std::move(data);
  return made;
}

bool same(const core::Entry& a, const core::Entry& b) {
  return a.index == b.index && a.term == b.term && a.kind == b.kind && a.stamp_ms == b.stamp_ms &&
         a.data == b.data;
}

// A log with a history: appended to, overwritten, its WAL left as a crash leaves it.
struct Written {
  std::string database;
  std::string wal;
  std::vector<Entries> states;  // After each append, the first ones before the crash's WAL.

  static const Written& get() {
    static const Written written;
    return written;
  }

 private:
  Written() {
    const std::string path = Directory::get().file("written.db");
    std::unique_ptr<storage::LogStore> log;
    FUZZ_HOLDS(storage::LogStore::open(path, 0, log).ok());
    const core::Configuration members{{{3, "127.0.0.1:5101", true}}};
    Entries now;
    const auto append = [&](core::Index first, int count, core::Term term) {
      core::PersistEntries batch{term, {}};
      now.resize(first - 1);
      for (int i = 0; i < count; ++i) {
        const core::Index index = now.size() + 1;
        now.push_back(
            index % 8 == 1
                ? entry(index, term, core::EntryKind::kConfiguration, encode(members))
                : entry(index, term, core::EntryKind::kCommand, "entry " + std::to_string(index)));
        batch.entries.push_back(now.back());
      }
      FUZZ_HOLDS(log->append({batch}).ok());
      states.push_back(now);
    };
    append(1, 6, 1);
    append(7, 6, 2);
    FUZZ_HOLDS(log->checkpoint().ok());
    append(10, 5, 3);  // Over the end of what was there.
    append(15, 3, 3);
    append(18, 2, 4);
    database = slurp(path);
    wal = slurp(path + "-wal");
  }
};

void forget(const std::string& path) {
  for (const char* suffix : {"", "-wal", "-shm", "-failed", "-fresh"}) {
    std::filesystem::remove(path + suffix);
  }
}

// What a start makes of an opened log: it has to be in order, and enough for a core.
Entries started_from(storage::LogStore& log) {
  const core::Index last = log.last_index();
  core::Restored restored;
  storage::Status status = log.restore(0, restored);
  Entries entries;
  if (!status.ok()) {
    FUZZ_HOLDS(!status.message().empty());
    return entries;
  }
  FUZZ_HOLDS(restored.last_index == last && restored.tail.size() == last);
  entries = restored.tail;
  core::Index index = 0;
  core::Term term = 0;
  for (const core::EntryPtr& one : entries) {
    FUZZ_HOLDS(one->index == ++index && one->term >= term && one->term > 0);
    term = one->term;
  }
  restored.hard_state = {term, core::kNoNode};
  core::Options options;
  options.id = 3;
  core::Core core(options, restored, 1);
  FUZZ_HOLDS(core.state().last_index == last);
  return entries;
}

void damaged_file(Bytes& in) {
  const Written& written = Written::get();
  const std::string path = Directory::get().file("log.db");
  forget(path);
  std::string database = written.database;
  std::string wal = written.wal;
  const std::uint8_t where = in.u8();
  std::size_t spoiled = 0;
  if ((where & 1) != 0) spoiled += damage(in, database);
  if ((where & 2) != 0) spoiled += damage(in, wal);
  const core::Index known = (where & 4) != 0 ? written.states.back().size() : 0;
  spill(path, database);
  if ((where & 8) == 0) spill(path + "-wal", wal);
  std::unique_ptr<storage::LogStore> log;
  const storage::Status status = storage::LogStore::open(path, known, log);
  if (!status.ok()) {
    FUZZ_HOLDS(spoiled > 0 || known > 0);
    FUZZ_HOLDS(!status.message().empty());
    return;
  }
  FUZZ_HOLDS(log->last_index() >= known);
  if (log->last_index() == 0) {
    // A file without a log in it, such as an empty one, is a new log: known_durable tells.
    FUZZ_HOLDS(known == 0 && spoiled > 0);
    return;
  }
  Entries found;
  if (!log->read(1, log->last_index(), std::size_t{1} << 20, found).ok()) return;
  FUZZ_HOLDS(found.size() == log->last_index());
  bool once_so = false;
  for (const Entries& state : written.states) {
    once_so = once_so || (state.size() == found.size() &&
                          std::equal(state.begin(), state.end(), found.begin(),
                                     [](const auto& a, const auto& b) { return same(*a, *b); }));
  }
  FUZZ_HOLDS(once_so);
  started_from(*log);
}

// The bytes of a log without entries.
const std::string& empty_log() {
  static const std::string bytes = [] {
    const std::string path = Directory::get().file("empty.db");
    std::unique_ptr<storage::LogStore> log;
    FUZZ_HOLDS(storage::LogStore::open(path, 0, log).ok());
    log.reset();
    return slurp(path);
  }();
  return bytes;
}

void foreign_rows(Bytes& in) {
  const std::string path = Directory::get().file("rows.db");
  forget(path);
  spill(path, empty_log());
  {
    sqlite::Database database;
    sqlite::Statement insert;
    FUZZ_HOLDS(sqlite::Database::open(path, {}, database).ok());
    FUZZ_HOLDS(database
                   .prepare("INSERT OR REPLACE INTO entries(" + std::string(storage::kColumns) +
                                ") VALUES(?, ?, ?, ?, ?, ?)",
                            insert)
                   .ok());
    core::Index index = 0;
    core::Term term = 1;
    for (int rows = 0; rows < 12 && !in.empty(); ++rows) {
      const std::uint8_t how = in.u8();
      index = (how & 1) != 0 ? in.u64() : index + 1;
      term = (how & 2) != 0 ? in.u64() : term + (how >> 7);
      const auto kind = static_cast<core::EntryKind>((how & 4) != 0 ? in.u8() : (how >> 3) & 1);
      auto row = std::make_shared<core::Entry>(*entry(index, term, kind, std::string(in.text())));
      row->stamp_ms = (how & 16) != 0 ? static_cast<core::WallMs>(in.u64()) : 5;
      storage::bind(*row, insert);
      FUZZ_HOLDS(insert.run().ok());
    }
  }
  std::unique_ptr<storage::LogStore> log;
  const storage::Status status = storage::LogStore::open(path, 0, log);
  if (!status.ok()) {
    FUZZ_HOLDS(status.kind() == storage::ErrorKind::kCorrupt && !status.message().empty());
    return;
  }
  const Entries found = started_from(*log);
  if (found.size() != log->last_index()) return;  // A configuration cannot be read: refused.
  // And it goes on from there.
  const core::Term next = found.empty() ? 1 : found.back()->term;
  const auto more = entry(found.size() + 1, next, core::EntryKind::kNoop, "");
  FUZZ_HOLDS(log->append({core::PersistEntries{next, {more}}}).ok());
  FUZZ_HOLDS(started_from(*log).size() == found.size() + 1);
}

}  // namespace
}  // namespace starling::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace starling::fuzz;
  Bytes in(data, size);
  if (in.upto(2) < 2) {
    damaged_file(in);
  } else {
    foreign_rows(in);
  }
  return 0;
}
