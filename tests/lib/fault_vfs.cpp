// See fault_vfs.h. The only test that speaks to SQLite without server/sqlite: it is below it.
#include "tests/lib/fault_vfs.h"

#include <sqlite3.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <new>

#include "tests/lib/fault_files.h"

namespace starling::faults {
namespace {

struct Handle {
  Disk* disk = nullptr;
  BodyPtr body;
  std::string path;
  bool remove_on_close = false;
  bool new_journal = false;  // Its name may not be durable yet.
  int lock = SQLITE_LOCK_NONE;
  unsigned shared_slots = 0;
  unsigned exclusive_slots = 0;
  bool maps_regions = false;
};

struct File {
  sqlite3_file base;
  Handle* handle;
};

Handle& handle_of(sqlite3_file* file) { return *reinterpret_cast<File*>(file)->handle; }

int code_of(int error, int otherwise) { return error == ENOSPC ? SQLITE_FULL : otherwise; }

// ---- Locks between the connections of this process, as os_unix.c has them for its threads

void unlock_to(Handle& h, int level) {
  Sharing& sharing = h.body->sharing;
  if (h.lock <= level) return;
  if (h.lock > SQLITE_LOCK_SHARED) {
    for (const void** owner : {&sharing.reserved, &sharing.pending, &sharing.exclusive}) {
      if (*owner == &h) *owner = nullptr;
    }
  }
  if (level == SQLITE_LOCK_NONE) --sharing.readers;
  h.lock = level;
}

int file_lock(sqlite3_file* file, int level) {
  Handle& h = handle_of(file);
  const std::lock_guard<std::mutex> guard(h.disk->mutex());
  Sharing& sharing = h.body->sharing;
  if (h.lock >= level) return SQLITE_OK;
  const auto others = [&h](const void* owner) { return owner != nullptr && owner != &h; };
  if (level == SQLITE_LOCK_SHARED) {
    if (others(sharing.pending) || others(sharing.exclusive)) return SQLITE_BUSY;
    ++sharing.readers;
    h.lock = SQLITE_LOCK_SHARED;
    return SQLITE_OK;
  }
  if (others(sharing.reserved) || others(sharing.pending)) return SQLITE_BUSY;
  if (level == SQLITE_LOCK_RESERVED) {
    sharing.reserved = &h;
    h.lock = SQLITE_LOCK_RESERVED;
    return SQLITE_OK;
  }
  sharing.pending = &h;
  h.lock = SQLITE_LOCK_PENDING;
  if (level == SQLITE_LOCK_PENDING) return SQLITE_OK;
  if (sharing.readers > 1) return SQLITE_BUSY;
  sharing.exclusive = &h;
  h.lock = SQLITE_LOCK_EXCLUSIVE;
  return SQLITE_OK;
}

int file_unlock(sqlite3_file* file, int level) {
  Handle& h = handle_of(file);
  const std::lock_guard<std::mutex> guard(h.disk->mutex());
  unlock_to(h, level);
  return SQLITE_OK;
}

int file_check_reserved(sqlite3_file* file, int* out) {
  Handle& h = handle_of(file);
  const std::lock_guard<std::mutex> guard(h.disk->mutex());
  *out = h.body->sharing.reserved != nullptr;
  return SQLITE_OK;
}

// ---- The index of a WAL

int shm_map(sqlite3_file* file, int number, int bytes, int extend, void volatile** out) {
  Handle& h = handle_of(file);
  const std::lock_guard<std::mutex> guard(h.disk->mutex());
  Sharing& sharing = h.body->sharing;
  if (!h.maps_regions) {
    h.maps_regions = true;
    ++sharing.region_users;
  }
  *out = nullptr;
  const auto index = static_cast<std::size_t>(number);
  if (index >= sharing.regions.size() && extend == 0) return SQLITE_OK;
  while (index >= sharing.regions.size()) {
    sharing.regions.push_back(std::make_unique<char[]>(static_cast<std::size_t>(bytes)));
  }
  *out = sharing.regions[index].get();
  return SQLITE_OK;
}

void release_slot(Handle& h, int slot) {
  Sharing::Slot& held = h.body->sharing.slots[slot];
  const unsigned bit = 1U << slot;
  if ((h.shared_slots & bit) != 0) --held.shared;
  if (held.exclusive == &h) held.exclusive = nullptr;
  h.shared_slots &= ~bit;
  h.exclusive_slots &= ~bit;
}

int shm_lock(sqlite3_file* file, int first, int count, int flags) {
  Handle& h = handle_of(file);
  const std::lock_guard<std::mutex> guard(h.disk->mutex());
  Sharing& sharing = h.body->sharing;
  if ((flags & SQLITE_SHM_UNLOCK) != 0) {
    for (int i = first; i < first + count; ++i) release_slot(h, i);
    return SQLITE_OK;
  }
  const bool exclusive = (flags & SQLITE_SHM_EXCLUSIVE) != 0;
  for (int i = first; i < first + count; ++i) {
    const Sharing::Slot& slot = sharing.slots[i];
    const int own = static_cast<int>(h.shared_slots >> i & 1);
    if (slot.exclusive != nullptr && slot.exclusive != &h) return SQLITE_BUSY;
    if (exclusive && slot.shared > own) return SQLITE_BUSY;
  }
  for (int i = first; i < first + count; ++i) {
    Sharing::Slot& slot = sharing.slots[i];
    const unsigned bit = 1U << i;
    if (exclusive) {
      slot.exclusive = &h;
      h.exclusive_slots |= bit;
    } else if ((h.shared_slots & bit) == 0) {
      ++slot.shared;
      h.shared_slots |= bit;
    }
  }
  return SQLITE_OK;
}

void shm_barrier(sqlite3_file* file) {
  const std::lock_guard<std::mutex> guard(handle_of(file).disk->mutex());
}

void unmap(Handle& h) {
  for (int i = 0; i < SQLITE_SHM_NLOCK; ++i) release_slot(h, i);
  if (!h.maps_regions) return;
  h.maps_regions = false;
  // As when the last process has gone: the next one begins with an empty index and recovers.
  if (--h.body->sharing.region_users == 0) h.body->sharing.regions.clear();
}

int shm_unmap(sqlite3_file* file, int /*remove*/) {
  Handle& h = handle_of(file);
  const std::lock_guard<std::mutex> guard(h.disk->mutex());
  unmap(h);
  return SQLITE_OK;
}

// ---- Contents

int file_close(sqlite3_file* file) {
  Handle* h = &handle_of(file);
  {
    const std::lock_guard<std::mutex> guard(h->disk->mutex());
    unmap(*h);
    unlock_to(*h, SQLITE_LOCK_NONE);
  }
  if (h->remove_on_close) (void)h->disk->remove(h->path);
  delete h;
  return SQLITE_OK;
}

int file_read(sqlite3_file* file, void* to, int size, sqlite3_int64 offset) {
  Handle& h = handle_of(file);
  std::size_t got = 0;
  const auto wanted = static_cast<std::size_t>(size);
  const int error = h.disk->read(h.path, *h.body, static_cast<std::uint64_t>(offset), wanted,
                                 static_cast<char*>(to), got);
  if (error != 0) return SQLITE_IOERR_READ;
  if (got == wanted) return SQLITE_OK;
  std::memset(static_cast<char*>(to) + got, 0, wanted - got);
  return SQLITE_IOERR_SHORT_READ;
}

int file_write(sqlite3_file* file, const void* from, int size, sqlite3_int64 offset) {
  Handle& h = handle_of(file);
  const int error = h.disk->write(h.path, *h.body, static_cast<std::uint64_t>(offset),
                                  {static_cast<const char*>(from), static_cast<std::size_t>(size)});
  return error == 0 ? SQLITE_OK : code_of(error, SQLITE_IOERR_WRITE);
}

int file_truncate(sqlite3_file* file, sqlite3_int64 size) {
  Handle& h = handle_of(file);
  const int error = h.disk->truncate(h.path, *h.body, static_cast<std::uint64_t>(size));
  return error == 0 ? SQLITE_OK : code_of(error, SQLITE_IOERR_TRUNCATE);
}

int file_sync(sqlite3_file* file, int /*flags*/) {
  Handle& h = handle_of(file);
  if (h.disk->sync(h.path, *h.body) != 0) return SQLITE_IOERR_FSYNC;
  if (h.new_journal) {
    if (h.disk->sync_directory(directory_of(h.path)) != 0) return SQLITE_IOERR_DIR_FSYNC;
    h.new_journal = false;
  }
  return SQLITE_OK;
}

int file_size(sqlite3_file* file, sqlite3_int64* out) {
  Handle& h = handle_of(file);
  *out = static_cast<sqlite3_int64>(h.disk->size(*h.body));
  return SQLITE_OK;
}

int file_control(sqlite3_file* /*file*/, int /*what*/, void* /*value*/) { return SQLITE_NOTFOUND; }

int file_sector(sqlite3_file* /*file*/) { return 4096; }

// As SQLite takes it of the systems that the servers run on.
int file_traits(sqlite3_file* /*file*/) { return SQLITE_IOCAP_POWERSAFE_OVERWRITE; }

const sqlite3_io_methods kMethods = {
    2,           file_close, file_read,   file_write,          file_truncate, file_sync,
    file_size,   file_lock,  file_unlock, file_check_reserved, file_control,  file_sector,
    file_traits, shm_map,    shm_lock,    shm_barrier,         shm_unmap,     nullptr,
    nullptr,
};

// ---- Names

sqlite3_vfs* real_vfs = nullptr;

int vfs_open(sqlite3_vfs* /*vfs*/, const char* name, sqlite3_file* file, int flags, int* out) {
  Disk* disk = name == nullptr ? nullptr : disk_of(name);
  if (disk == nullptr) return real_vfs->xOpen(real_vfs, name, file, flags, out);
  file->pMethods = nullptr;
  auto* handle = new (std::nothrow) Handle;
  if (handle == nullptr) return SQLITE_NOMEM;
  handle->disk = disk;
  handle->path = name;
  const int error =
      disk->open(handle->path, (flags & SQLITE_OPEN_CREATE) != 0, false, handle->body);
  if (error != 0) {
    delete handle;
    return code_of(error, SQLITE_CANTOPEN);
  }
  handle->remove_on_close = (flags & SQLITE_OPEN_DELETEONCLOSE) != 0;
  constexpr int kJournals = SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_SUPER_JOURNAL | SQLITE_OPEN_WAL;
  handle->new_journal = (flags & kJournals) != 0 && (flags & SQLITE_OPEN_CREATE) != 0;
  reinterpret_cast<File*>(file)->handle = handle;
  file->pMethods = &kMethods;
  if (out != nullptr) *out = flags;
  return SQLITE_OK;
}

int vfs_delete(sqlite3_vfs* /*vfs*/, const char* name, int sync_directory) {
  Disk* disk = disk_of(name);
  if (disk == nullptr) return real_vfs->xDelete(real_vfs, name, sync_directory);
  const int error = disk->remove(name);
  if (error == ENOENT) return SQLITE_IOERR_DELETE_NOENT;
  if (error != 0) return SQLITE_IOERR_DELETE;
  if (sync_directory != 0 && disk->sync_directory(directory_of(name)) != 0) {
    return SQLITE_IOERR_DIR_FSYNC;
  }
  return SQLITE_OK;
}

int vfs_access(sqlite3_vfs* /*vfs*/, const char* name, int flags, int* out) {
  Disk* disk = disk_of(name);
  if (disk == nullptr) return real_vfs->xAccess(real_vfs, name, flags, out);
  BodyPtr body;
  *out = disk->exists(name) && disk->open(name, false, false, body) == 0 && disk->size(*body) > 0;
  return SQLITE_OK;
}

int vfs_full_name(sqlite3_vfs* /*vfs*/, const char* name, int size, char* out) {
  if (disk_of(name) == nullptr || name[0] != '/') {
    return real_vfs->xFullPathname(real_vfs, name, size, out);
  }
  std::snprintf(out, static_cast<std::size_t>(size), "%s", name);
  return SQLITE_OK;
}

}  // namespace

void register_vfs() {
  if (real_vfs != nullptr) return;
  real_vfs = sqlite3_vfs_find(nullptr);
  static sqlite3_vfs faulty = *real_vfs;  // Chance, sleep and clocks stay the real one's.
  faulty.pNext = nullptr;
  faulty.zName = "starling-faults";
  faulty.szOsFile = real_vfs->szOsFile > static_cast<int>(sizeof(File))
                        ? real_vfs->szOsFile
                        : static_cast<int>(sizeof(File));
  faulty.xOpen = vfs_open;
  faulty.xDelete = vfs_delete;
  faulty.xAccess = vfs_access;
  faulty.xFullPathname = vfs_full_name;
  if (sqlite3_vfs_register(&faulty, 1) != SQLITE_OK) std::abort();
}

}  // namespace starling::faults
