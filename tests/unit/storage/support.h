// What the storage tests share: a directory that goes away, entries, and small file surgery.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "server/storage/storage.h"

namespace starling::storage {

class TempDir {
 public:
  TempDir() {
    std::string name = (std::filesystem::temp_directory_path() / "starling-XXXXXX").string();
    const char* made = ::mkdtemp(name.data());
    EXPECT_NE(made, nullptr);
    path_ = name;
  }
  ~TempDir() {
    std::error_code error;
    std::filesystem::remove_all(path_, error);
    EXPECT_FALSE(error) << error.message();
  }
  TempDir(const TempDir&) = delete;
  TempDir& operator=(const TempDir&) = delete;

  const std::string& path() const { return path_; }
  std::string file(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

inline void expect_ok(const Status& status) { EXPECT_TRUE(status.ok()) << status.message(); }

inline core::EntryPtr make_entry(core::Index index, core::Term term, std::string data,
                                 core::EntryKind kind = core::EntryKind::kCommand) {
  auto entry = std::make_shared<core::Entry>();
  entry->index = index;
  entry->term = term;
  entry->kind = kind;
  entry->stamp_ms = static_cast<core::WallMs>(1'000'000 + index);
  entry->data = std::move(data);
  return entry;
}

inline core::PersistEntries make_batch(core::Index first, std::size_t count, core::Term term,
                                       const std::string& data = "x") {
  core::PersistEntries batch;
  batch.accepting_term = term;
  for (std::size_t i = 0; i < count; ++i) {
    batch.entries.push_back(make_entry(first + i, term, data + std::to_string(first + i)));
  }
  return batch;
}

inline bool same(const core::Entry& a, const core::Entry& b) {
  return a.index == b.index && a.term == b.term && a.kind == b.kind && a.stamp_ms == b.stamp_ms &&
         a.data == b.data;
}

inline void expect_same(const std::vector<core::EntryPtr>& got,
                        const std::vector<core::EntryPtr>& wanted) {
  ASSERT_EQ(got.size(), wanted.size());
  for (std::size_t i = 0; i < got.size(); ++i) {
    ASSERT_TRUE(same(*got[i], *wanted[i])) << "at index " << wanted[i]->index;
  }
}

inline std::unique_ptr<LogStore> open_log(const std::string& path, core::Index known_durable = 0) {
  std::unique_ptr<LogStore> log;
  const Status status = LogStore::open(path, known_durable, log);
  EXPECT_TRUE(status.ok()) << status.message();
  return log;
}

inline Status open_status(const std::string& path, core::Index known_durable = 0) {
  std::unique_ptr<LogStore> log;
  return LogStore::open(path, known_durable, log);
}

inline std::string slurp(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

inline void spill(const std::string& path, const std::string& bytes) {
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  out << bytes;
  out.close();
  EXPECT_TRUE(out.good()) << path;
}

inline void flip(const std::string& path, std::size_t at, unsigned char mask = 1) {
  std::string bytes = slurp(path);
  ASSERT_LT(at, bytes.size());
  bytes[at] = static_cast<char>(static_cast<unsigned char>(bytes[at]) ^ mask);
  spill(path, bytes);
}

}  // namespace starling::storage
