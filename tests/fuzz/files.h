// Files for the targets of stored formats: a directory that goes away, and damage to a file's
// bytes.
#pragma once

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include "tests/fuzz/fuzz.h"

namespace starling::fuzz {

// One for the whole run of a program; in TMPDIR, which may be in memory.
class Directory {
 public:
  static const Directory& get() {
    static const Directory directory;
    return directory;
  }
  ~Directory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  Directory(const Directory&) = delete;
  Directory& operator=(const Directory&) = delete;

  const std::string& path() const { return path_; }
  std::string file(const std::string& name) const { return path_ + "/" + name; }

 private:
  Directory() {
    path_ = (std::filesystem::temp_directory_path() / "starling-fuzz-XXXXXX").string();
    FUZZ_HOLDS(::mkdtemp(path_.data()) != nullptr);
  }
  std::string path_;
};

inline std::string slurp(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

inline void spill(const std::string& path, std::string_view bytes) {
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  out << bytes;
  out.close();
  FUZZ_HOLDS(out.good());
}

// A few bytes changed, a stretch of zeros, or the end cut off, as the input says. Returns how many
// bytes at most are not what they were; those cut off count.
inline std::size_t damage(Bytes& in, std::string& file) {
  std::size_t spoiled = 0;
  for (std::uint64_t edits = in.upto(8); edits > 0 && !file.empty(); --edits) {
    const std::uint8_t how = in.u8();
    const std::size_t at = in.number(3) % file.size();
    if (how < 0xE0) {
      file[at] = static_cast<char>(file[at] ^ in.u8());
      ++spoiled;
    } else if (how < 0xF0) {
      const std::size_t end = std::min<std::size_t>(file.size(), at + in.u16());
      spoiled += end - at;
      std::fill(file.begin() + static_cast<std::ptrdiff_t>(at),
                file.begin() + static_cast<std::ptrdiff_t>(end), '\0');
    } else {
      spoiled += file.size() - at;
      file.resize(at);
    }
  }
  return spoiled;
}

}  // namespace starling::fuzz
