// SQLite on the disks of fault_files.h.
#pragma once

namespace starling::faults {

// From now on SQLite's files whose path is on a mounted disk are there; others are where they were.
// Call it before SQLite is used; more than once does no harm. Locks and the index of a WAL are
// shared within this process only, which is enough: a data directory belongs to one process.
void register_vfs();

}  // namespace starling::faults
