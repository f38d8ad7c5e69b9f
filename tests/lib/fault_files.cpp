// See fault_files.h.
#include "tests/lib/fault_files.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <thread>

namespace starling::faults {
namespace {

void change_bytes(std::string& bytes, const Change& change) {
  if (change.truncation) {
    bytes.resize(change.offset);
    return;
  }
  const std::size_t end = change.offset + change.bytes.size();
  if (bytes.size() < end) bytes.resize(end);
  std::memcpy(bytes.data() + change.offset, change.bytes.data(), change.bytes.size());
}

bool ends_with(const std::string& text, const std::string& suffix) {
  return text.size() >= suffix.size() &&
         text.compare(text.size() - suffix.size(), suffix.size(), suffix) == 0;
}

std::map<std::string, Disk*>& mounts() {
  static std::map<std::string, Disk*> all;
  return all;
}

}  // namespace

void mount(const std::string& prefix, Disk* disk) { mounts()[prefix] = disk; }
void unmount(const std::string& prefix) { mounts().erase(prefix); }

Disk* disk_of(const std::string& path) {
  Disk* best = nullptr;
  std::size_t longest = 0;
  for (const auto& [prefix, disk] : mounts()) {
    if (prefix.size() >= longest && path.compare(0, prefix.size(), prefix) == 0) {
      best = disk;
      longest = prefix.size();
    }
  }
  return best;
}

std::string directory_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? "." : slash == 0 ? "/" : path.substr(0, slash);
}

// ---- Steps and faults

int Disk::ruled(Operation operation, const std::string& path) const {
  for (const Rule& rule : rules_) {
    if (rule.operation == operation && ends_with(path, rule.suffix)) return rule.error;
  }
  return 0;
}

int Disk::step(Operation operation, const std::string& path, bool& torn) {
  torn = false;
  const std::uint64_t now = steps_++;
  const bool spared = strike_ == Strike::kBreak && operation == Operation::kName;
  if (now >= strike_at_ && !spared) {
    const bool first = !struck_.exchange(true);
    switch (strike_) {
      case Strike::kStop:
        torn = first && operation == Operation::kWrite;
        return EIO;
      case Strike::kFail:
        if (first) return strike_error_;
        break;
      case Strike::kBreak:
        return strike_error_;
    }
  }
  return ruled(operation, path);
}

void Disk::strike_after(std::uint64_t more, Strike strike, int error) {
  const std::lock_guard<std::mutex> lock(mutex_);
  strike_at_ = steps_ + more;
  strike_ = strike;
  strike_error_ = error;
  struck_ = false;
}

void Disk::stop_after(std::uint64_t more) { strike_after(more, Strike::kStop, EIO); }
void Disk::stop_now() {
  strike_after(0, Strike::kStop, EIO);
  struck_ = true;
}
void Disk::fail_after(std::uint64_t more, int error) { strike_after(more, Strike::kFail, error); }
void Disk::break_after(std::uint64_t more, int error) { strike_after(more, Strike::kBreak, error); }

void Disk::set_room(std::uint64_t bytes) {
  const std::lock_guard<std::mutex> lock(mutex_);
  room_ = bytes;
}

std::uint64_t Disk::free_bytes() {
  const std::lock_guard<std::mutex> lock(mutex_);
  const std::uint64_t room = std::min(room_, std::uint64_t{1} << 40);
  return room > used_ ? room - used_ : 0;
}

void Disk::set_rules(std::vector<Rule> rules) {
  const std::lock_guard<std::mutex> lock(mutex_);
  rules_ = std::move(rules);
}

void Disk::end_faults() {
  strike_at_ = kNever;
  struck_ = false;
  rules_.clear();
  room_ = kNever;
}

// ---- Files

BodyPtr Disk::find(const std::string& path) {
  const auto known = names_.find(path);
  if (known != names_.end()) return known->second;
  std::string bytes;
  if (!mirror_ || !mirror_->load(path, bytes)) return nullptr;
  auto body = std::make_shared<Body>();
  used_ += bytes.size();
  body->cached = bytes;
  body->durable = std::move(bytes);
  body->durable_name = path;
  names_[path] = body;
  durable_names_[path] = body;
  return body;
}

void Disk::note_name(const std::string& path, BodyPtr body, bool joined) {
  names_[path] = body;
  name_changes_.push_back({path, std::move(body), joined});
}

int Disk::open(const std::string& path, bool create, bool empty, BodyPtr& out) {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    out = find(path);
    if (ends_with(path, "/lock")) data_directory_ = directory_of(path);
    if (!out) {
      if (!create) return ENOENT;
      if (struck_ && strike_ == Strike::kStop) {  // Nobody will see what the dead open.
        out = std::make_shared<Body>();
        return 0;
      }
      bool torn = false;
      if (const int error = step(Operation::kName, path, torn); error != 0) return error;
      out = std::make_shared<Body>();
      note_name(path, out, false);
    }
  }
  return empty && size(*out) > 0 ? truncate(path, *out, 0) : 0;
}

int Disk::read(const std::string& path, Body& body, std::uint64_t offset, std::size_t size,
               char* to, std::size_t& got) {
  const std::lock_guard<std::mutex> lock(mutex_);
  got = 0;
  if (struck_ && strike_ == Strike::kStop) return EIO;
  if (const int error = ruled(Operation::kRead, path); error != 0) return error;
  if (offset >= body.cached.size()) return 0;
  got = std::min<std::size_t>(size, body.cached.size() - offset);
  std::memcpy(to, body.cached.data() + offset, got);
  return 0;
}

void Disk::keep(Body& body, const Change& change) {
  change_bytes(body.durable, change);
  if (mirror_ && !body.durable_name.empty()) mirror_->change(body.durable_name, change);
}

int Disk::write(const std::string& path, Body& body, std::uint64_t offset, std::string_view bytes) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const std::uint64_t end = offset + bytes.size();
  const std::uint64_t growth = end > body.cached.size() ? end - body.cached.size() : 0;
  bool torn = false;
  int error = step(Operation::kWrite, path, torn);
  if (error == 0 && growth > 0 && used_ + growth > room_) error = ENOSPC;
  if (torn) bytes = bytes.substr(0, bytes.size() / 2 / kSectorBytes * kSectorBytes);
  if (error != 0 && (!torn || bytes.empty())) return error;
  if (!torn) used_ += growth;
  Change change{offset, std::string(bytes), false};
  change_bytes(body.cached, change);
  if (write_back_ > 0) {
    dice_ = dice_ * 6364136223846793005ULL + 1442695040888963407ULL;
    if ((dice_ >> 33) % 1'000 < write_back_) keep(body, change);
  }
  body.unsynced.push_back(std::move(change));
  return error;
}

int Disk::truncate(const std::string& path, Body& body, std::uint64_t size) {
  const std::lock_guard<std::mutex> lock(mutex_);
  bool torn = false;
  if (const int error = step(Operation::kWrite, path, torn); error != 0) return error;
  used_ += size;
  used_ -= body.cached.size();
  body.unsynced.push_back({size, {}, true});
  change_bytes(body.cached, body.unsynced.back());
  return 0;
}

int Disk::sync(const std::string& path, Body& body) {
  if (sync_delay_us_ > 0) {
    std::this_thread::sleep_for(std::chrono::microseconds(sync_delay_us_));
  }
  const std::lock_guard<std::mutex> lock(mutex_);
  bool torn = false;
  const int error = step(Operation::kSync, path, torn);
  const bool dead = struck_ && strike_ == Strike::kStop;
  if (error == 0) {
    for (const Change& change : body.unsynced) keep(body, change);
  }
  if (!dead) body.unsynced.clear();
  return error;
}

int Disk::rename(const std::string& from, const std::string& to) {
  const std::lock_guard<std::mutex> lock(mutex_);
  BodyPtr body = find(from);
  if (!body) return ENOENT;
  (void)find(to);  // So that it is known as durable.
  bool torn = false;
  if (const int error = step(Operation::kName, to, torn); error != 0) return error;
  note_name(to, std::move(body), false);
  note_name(from, nullptr, true);
  return 0;
}

int Disk::remove(const std::string& path) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const BodyPtr body = find(path);
  if (!body) return ENOENT;
  bool torn = false;
  if (const int error = step(Operation::kName, path, torn); error != 0) return error;
  used_ -= std::min<std::uint64_t>(used_, body->cached.size());
  note_name(path, nullptr, false);
  return 0;
}

void Disk::keep_names(const std::string& directory) {
  std::vector<std::string> gone;
  std::vector<NameChange> left;
  for (NameChange& change : name_changes_) {
    if (directory_of(change.path) != directory) {
      left.push_back(std::move(change));
      continue;
    }
    const BodyPtr now = names_[change.path];
    BodyPtr& kept = durable_names_[change.path];
    if (now == kept) continue;
    if (kept && kept->durable_name == change.path) kept->durable_name.clear();
    kept = now;
    if (!now) {
      gone.push_back(change.path);
      continue;
    }
    if (mirror_ && !now->durable_name.empty()) mirror_->rename(now->durable_name, change.path);
    if (mirror_ && now->durable_name.empty()) mirror_->put(change.path, now->durable);
    now->durable_name = change.path;
  }
  for (const std::string& path : gone) {
    if (mirror_) mirror_->remove(path);
  }
  name_changes_ = std::move(left);
}

int Disk::sync_directory(const std::string& path) {
  if (sync_delay_us_ > 0) {
    std::this_thread::sleep_for(std::chrono::microseconds(sync_delay_us_));
  }
  const std::lock_guard<std::mutex> lock(mutex_);
  bool torn = false;
  if (const int error = step(Operation::kSync, path, torn); error != 0) return error;
  keep_names(path);
  return 0;
}

std::string Disk::data_directory() {
  const std::lock_guard<std::mutex> lock(mutex_);
  return data_directory_;
}

bool Disk::exists(const std::string& path) {
  const std::lock_guard<std::mutex> lock(mutex_);
  return find(path) != nullptr;
}

std::uint64_t Disk::size(Body& body) {
  const std::lock_guard<std::mutex> lock(mutex_);
  return body.cached.size();
}

std::vector<std::string> Disk::list(const std::string& directory) {
  const std::lock_guard<std::mutex> lock(mutex_);
  std::vector<std::string> result;
  if (mirror_) {
    std::vector<std::string> real;
    mirror_->list(directory, real);
    for (const std::string& name : real) {
      if (find(directory + "/" + name)) result.push_back(name);
    }
  }
  for (const auto& [path, body] : names_) {
    if (!body || directory_of(path) != directory) continue;
    result.push_back(path.substr(directory.size() + 1));
  }
  std::sort(result.begin(), result.end());
  result.erase(std::unique(result.begin(), result.end()), result.end());
  return result;
}

std::uint64_t Disk::bytes_below(const std::string& directory) {
  std::uint64_t total = 0;
  for (const std::string& name : list(directory)) {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (const BodyPtr body = find(directory + "/" + name)) total += body->cached.size();
  }
  return total;
}

// ---- Ends

void Disk::crash() {
  const std::lock_guard<std::mutex> lock(mutex_);
  end_faults();
  for (auto& [path, body] : names_) {
    if (body) body->sharing = Sharing();
  }
}

// The kernel may have written back nothing, or everything up to a point with the last write torn,
// or any pieces of it.
void Disk::lose_some(Body& body, const std::function<std::uint64_t(std::uint64_t)>& draw) {
  const std::uint64_t how = draw && !body.unsynced.empty() ? draw(4) : 0;
  if (how == 2) {
    const std::size_t kept = draw(body.unsynced.size() + 1);
    for (std::size_t i = 0; i < kept; ++i) keep(body, body.unsynced[i]);
    if (kept < body.unsynced.size() && !body.unsynced[kept].truncation) {
      Change torn = body.unsynced[kept];
      torn.bytes.resize(draw(torn.bytes.size() / kSectorBytes + 1) * kSectorBytes);
      keep(body, torn);
    }
  }
  if (how == 3) {
    for (const Change& change : body.unsynced) {
      if (draw(2) == 0) keep(body, change);
    }
  }
  body.unsynced.clear();
  body.cached = body.durable;
  body.sharing = Sharing();
}

void Disk::power_loss(const std::function<std::uint64_t(std::uint64_t)>& draw) {
  const std::lock_guard<std::mutex> lock(mutex_);
  end_faults();
  // Names are written back in order, if at all.
  std::size_t kept = draw && draw(2) == 0 ? draw(name_changes_.size() + 1) : 0;
  while (kept < name_changes_.size() && kept > 0 && name_changes_[kept].joined) ++kept;
  for (std::size_t i = 0; i < kept; ++i)
    durable_names_[name_changes_[i].path] = name_changes_[i].body;
  name_changes_.clear();
  for (auto& [path, body] : durable_names_) {
    if (body) body->durable_name = path;
  }
  names_ = durable_names_;
  used_ = 0;
  for (auto& [path, body] : names_) {
    if (!body) continue;
    lose_some(*body, draw);
    used_ += body->cached.size();
  }
}

void Disk::flip(const std::string& path, std::uint64_t offset, unsigned char mask) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const BodyPtr body = find(path);
  for (std::string* bytes : {&body->cached, &body->durable}) {
    if (offset < bytes->size()) (*bytes)[offset] = static_cast<char>((*bytes)[offset] ^ mask);
  }
}

std::string Disk::durable(const std::string& path) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto found = durable_names_.find(path);
  return found == durable_names_.end() || !found->second ? std::string() : found->second->durable;
}

}  // namespace starling::faults
