// A real process on a disk with faults: tests/lib/fault_process_platform.cpp, linked into a program
// beside fault_files.cpp, fault_platform.cpp and fault_vfs.cpp, puts all files that storage and
// SQLite use there before main() begins. What is not synced lives in the process's memory only, so
// SIGKILL is a power loss. What is durable lies in the real files.
//
// It is steered by:
//   STARLING_FAULT_WRITE_BACK=N   in the environment: of thousand writes, N get to the disk at once
//   and
//                                 unasked, as the kernel may do it at any time
//   DIR.faults                    a file beside the data directory DIR, looked at every 10 ms:
//   lines
//       fail write|sync|read|name SUFFIX EIO|ENOSPC    every such call on a file whose path ends so
//       slow MILLISECONDS                              every sync takes so much longer
//       room BYTES                                     more than that the disk does not hold
//   An empty or missing file ends all faults. Put a new one in place by renaming it.
#pragma once
