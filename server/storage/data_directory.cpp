// The data directory: its lock and the identity of the server that lives in it.
#include <algorithm>
#include <charconv>
#include <initializer_list>
#include <utility>
#include <vector>

#include "server/storage/checksum.h"
#include "server/storage/platform.h"
#include "server/storage/storage.h"

namespace starling::storage {
namespace {

constexpr std::string_view kHeader = "starling identity v1";
constexpr std::size_t kIdentityLimit = 4096;
constexpr std::size_t kReasonLimit = 1024;
constexpr const char* kDamagedMark = "-damaged";
constexpr std::uint64_t kDiskReserve = 256ULL << 20;

std::string hex(std::uint64_t value) {
  std::string text(16, '0');
  for (std::size_t i = 0; i < text.size(); ++i) {
    text[i] = "0123456789abcdef"[(value >> (60 - 4 * i)) & 0xf];
  }
  return text;
}

bool parse_number(std::string_view text, int base, std::uint64_t& out) {
  const char* end = text.data() + text.size();
  const auto [at, error] = std::from_chars(text.data(), end, out, base);
  return error == std::errc() && at == end && !text.empty();
}

std::string encode_identity(const Identity& identity) {
  std::string text(kHeader);
  text += "\nid " + hex(identity.id);
  text += "\ncluster " + hex(identity.cluster);
  text += "\nepoch " + std::to_string(identity.epoch);
  text += std::string("\njoining ") + (identity.joining ? "yes" : "no");
  if (identity.recovering) text += "\nrecovering yes";
  if (!identity.join.empty()) text += "\njoin " + identity.join;
  if (identity.wanted_cluster != 0) {
    text += "\nwanted " + hex(identity.wanted_cluster);
    text += "\nleast " + std::to_string(identity.least_epoch);
  }
  if (!identity.aside.empty()) text += "\naside " + identity.aside;
  text += "\naddress " + identity.address;
  Checksum sum;
  sum.add(text);
  text += "\nchecksum " + hex(sum.value()) + "\n";
  return text;
}

// Takes "\nname value" off the front; false when it is not there.
bool take(std::string_view& text, std::string_view name, std::string_view& value) {
  const std::string prefix = "\n" + std::string(name) + " ";
  if (text.substr(0, prefix.size()) != prefix) return false;
  text.remove_prefix(prefix.size());
  const std::size_t end = text.find('\n');
  value = text.substr(0, end);
  text.remove_prefix(value.size());
  return true;
}

bool printable(std::string_view text) {
  for (const char c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) return false;
  }
  return true;
}

bool is_file_name(std::string_view text) {
  return !text.empty() && text.size() < 64 && text.find('/') == std::string_view::npos &&
         text.front() != '.' && printable(text);
}

// The empty string when it may stand in a file, else what is wrong with it.
std::string fault_of(const Identity& identity) {
  if (identity.id == core::kNoNode) return "an identity needs an id";
  if (!identity.joining && identity.cluster == 0) return "the identity of a member needs a cluster";
  if (!printable(identity.address) || identity.address.size() > kAddressLimit) {
    return "the address of an identity is one short printable line";
  }
  if (!printable(identity.join) || identity.join.size() > kAddressLimit) {
    return "whom to join is one short printable line";
  }
  if (!identity.aside.empty() && !is_file_name(identity.aside)) {
    return "what is set aside goes into a folder of the directory";
  }
  return {};
}

// The empty string when all is well, else what is wrong with it.
std::string decode_identity(std::string_view text, Identity& out) {
  const std::size_t body = text.rfind("\nchecksum ");
  if (body == std::string_view::npos) return "it has no checksum line";
  std::string_view rest = text.substr(body);
  std::string_view value;
  std::uint64_t written = 0;
  if (!take(rest, "checksum", value) || !parse_number(value, 16, written) || rest != "\n") {
    return "its checksum line cannot be read";
  }
  rest = text.substr(0, body);
  Checksum sum;
  sum.add(rest);
  if (sum.value() != written) return "its checksum is wrong";
  if (rest.substr(0, kHeader.size()) != kHeader) {
    return "it does not begin with \"" + std::string(kHeader) + "\"";
  }
  rest.remove_prefix(kHeader.size());
  if (!take(rest, "id", value) || !parse_number(value, 16, out.id)) {
    return "its id cannot be read";
  }
  if (!take(rest, "cluster", value) || !parse_number(value, 16, out.cluster)) {
    return "its cluster cannot be read";
  }
  if (!take(rest, "epoch", value) || !parse_number(value, 10, out.epoch)) {
    return "its epoch cannot be read";
  }
  if (!take(rest, "joining", value) || (value != "yes" && value != "no")) {
    return "its joining mark cannot be read";
  }
  out.joining = value == "yes";
  out.recovering = take(rest, "recovering", value);
  if (out.recovering && value != "yes") return "its recovering mark cannot be read";
  if (take(rest, "join", value)) {
    out.join = std::string(value);
    if (value.empty()) return "whom it is to join is not said";
  }
  if (take(rest, "wanted", value)) {
    if (!parse_number(value, 16, out.wanted_cluster) || out.wanted_cluster == 0 ||
        !take(rest, "least", value) || !parse_number(value, 10, out.least_epoch)) {
      return "which cluster it is to join again cannot be read";
    }
  }
  if (take(rest, "aside", value)) {
    out.aside = std::string(value);
    if (value.empty()) return "the folder of what is set aside has no name";
  }
  if (!take(rest, "address", value) || !rest.empty()) return "its address cannot be read";
  out.address = std::string(value);
  return fault_of(out);
}

}  // namespace

struct DataDirectory::Impl {
  std::string path;
  platform::File lock;

  std::string file(const char* name) const { return path + "/" + name; }
  Status remove_all(std::initializer_list<std::string_view> prefixes, std::string_view kept) const;

  Status chat_stores(std::vector<std::string>& out) const;
  // The first of the files that only a server with an identity makes; empty when there is none.
  Status first_trace(std::string& out) const {
    out.clear();
    for (const char* name : {"vote", "log.db", "log.db-wal", "chat.db", "chat.db-wal"}) {
      bool there = false;
      if (Status status = platform::exists(file(name), there); !status.ok()) return status;
      if (there) {
        out = name;
        return {};
      }
    }
    std::vector<std::string> stores;  // One that a snapshot brought has a name of its own.
    if (Status status = chat_stores(stores); !status.ok()) return status;
    if (!stores.empty()) out = stores.front();
    return {};
  }
};

Status DataDirectory::Impl::chat_stores(std::vector<std::string>& out) const {
  out.clear();
  std::vector<std::string> names;
  if (Status status = platform::list_directory(path, names); !status.ok()) return status;
  for (std::string& name : names) {
    if (name.starts_with("chat") && name.ends_with(".db")) out.push_back(std::move(name));
  }
  std::sort(out.begin(), out.end());
  return {};
}

DataDirectory::DataDirectory() : impl_(std::make_unique<Impl>()) {}
DataDirectory::~DataDirectory() = default;

Status DataDirectory::open(const std::string& path, std::unique_ptr<DataDirectory>& out) {
  if (path.empty()) return Status(ErrorKind::kInvalid, "the data directory has no name");
  if (Status status = platform::make_directories(path); !status.ok()) return status;
  std::unique_ptr<DataDirectory> directory(new DataDirectory);
  Impl& impl = *directory->impl_;
  impl.path = path;
  if (Status status = platform::File::open(impl.file("lock"), impl.lock); !status.ok()) {
    return status;
  }
  bool taken = false;
  if (Status status = impl.lock.lock(taken); !status.ok()) return status;
  if (!taken) {
    // Empty for the instant between another's lock and its writing of the pid.
    std::string pid;
    if (Status status = impl.lock.read_at(0, 32, pid); !status.ok()) return status;
    pid = pid.substr(0, pid.find('\n'));
    return Status(ErrorKind::kLocked, "the data directory " + path + " is in use by " +
                                          (pid.empty() ? "another process" : "process " + pid) +
                                          ": stop that one, or choose another directory");
  }
  if (Status status = impl.lock.truncate(0); !status.ok()) return status;
  if (Status status = impl.lock.write_at(0, std::to_string(platform::process_id()) + "\n");
      !status.ok()) {
    return status;
  }
  bool condemned = false;
  if (Status status = platform::exists(impl.file("condemned"), condemned); !status.ok()) {
    return status;
  }
  if (condemned) {
    std::string reason;
    if (Status status = platform::read_file(impl.file("condemned"), kReasonLimit, reason);
        status.kind() == ErrorKind::kIo) {
      return status;
    }
    return Status(ErrorKind::kCorrupt, "the data directory " + path + " is condemned: " + reason +
                                           ". Set the directory aside and join as a new server");
  }
  std::string trace;
  if (Status status = impl.first_trace(trace); !status.ok()) return status;
  if (!trace.empty() && !directory->has_identity()) {
    return Status(ErrorKind::kCorrupt, "the data directory " + path + " has a " + trace +
                                           " but no identity: its server is not known any more. "
                                           "Set the directory aside and join as a new server");
  }
  out = std::move(directory);
  return {};
}

bool DataDirectory::has_identity() const {
  // What cannot be looked at is taken to be there; reading it then tells the reason.
  bool there = false;
  const Status status = platform::exists(impl_->file("identity"), there);
  return !status.ok() || there;
}

bool DataDirectory::empty() const {
  std::string trace;
  const Status status = impl_->first_trace(trace);
  return status.ok() && trace.empty() && !has_identity();
}

Status DataDirectory::read_identity(Identity& out) const {
  const std::string path = impl_->file("identity");
  bool there = false;
  if (Status status = platform::exists(path, there); !status.ok()) return status;
  if (!there) {
    return Status(ErrorKind::kInvalid, "the data directory " + impl_->path + " has no identity");
  }
  std::string text;
  Status status = platform::read_file(path, kIdentityLimit, text);
  if (status.kind() == ErrorKind::kIo) return status;
  Identity identity;
  const std::string wrong = status.ok() ? decode_identity(text, identity) : "it is too long";
  if (!wrong.empty()) {
    return Status(ErrorKind::kCorrupt,
                  "the identity file " + path + " is damaged: " + wrong +
                      ". Put the file back from a copy, or set the data directory aside and join "
                      "the cluster as a new server");
  }
  out = std::move(identity);
  return {};
}

Status DataDirectory::write_identity(const Identity& identity) {
  if (std::string fault = fault_of(identity); !fault.empty()) {
    return Status(ErrorKind::kInvalid, std::move(fault));
  }
  return platform::replace_file(impl_->file("identity"), encode_identity(identity));
}

Status DataDirectory::condemn(const std::string& reason) {
  return platform::replace_file(impl_->file("condemned"), reason.substr(0, kReasonLimit));
}

Status DataDirectory::set_aside(Identity fresh) {
  Identity old;
  if (Status status = read_identity(old); !status.ok()) return status;
  const std::string name = "epoch-" + std::to_string(old.epoch);
  fresh.aside = name;
  bool taken = true;
  for (int n = 2; taken; ++n) {
    if (Status status = platform::exists(impl_->file(fresh.aside.c_str()), taken); !status.ok()) {
      return status;
    }
    if (taken) fresh.aside = name + "-" + std::to_string(n);
  }
  const std::string folder = impl_->file(fresh.aside.c_str());
  if (Status status = platform::make_directories(folder); !status.ok()) return status;
  if (Status status = platform::replace_file(folder + "/identity", encode_identity(old));
      !status.ok()) {
    return status;
  }
  // From here on the old server does not exist any more.
  if (Status status = write_identity(fresh); !status.ok()) return status;
  return finish_set_aside(fresh);
}

Status DataDirectory::finish_set_aside(Identity& identity) {
  const std::string folder = impl_->file(identity.aside.c_str());
  std::vector<std::string> names;
  if (Status status = platform::list_directory(impl_->path, names); !status.ok()) return status;
  for (const std::string& name : names) {
    const bool moves = name == "vote" || name.rfind("log.db", 0) == 0 || name.rfind("chat", 0) == 0;
    if (!moves) continue;
    if (Status status = platform::rename_file(impl_->file(name.c_str()), folder + "/" + name);
        !status.ok()) {
      return status;
    }
  }
  if (Status status = platform::sync_directory(folder); !status.ok()) return status;
  if (Status status = platform::sync_directory(impl_->path); !status.ok()) return status;
  identity.aside.clear();
  return write_identity(identity);
}

Status DataDirectory::mark_damaged(const std::string& chat_file, const std::string& reason) {
  return platform::replace_file(impl_->file((chat_file + kDamagedMark).c_str()),
                                reason.substr(0, kReasonLimit));
}

bool DataDirectory::marked_damaged(const std::string& chat_file, std::string& reason) const {
  const std::string path = impl_->file((chat_file + kDamagedMark).c_str());
  bool there = false;
  if (!platform::exists(path, there).ok() || !there) return false;
  if (!platform::read_file(path, kReasonLimit, reason).ok()) reason = "it was found damaged before";
  return true;
}

std::string DataDirectory::log_path() const { return impl_->file("log.db"); }
std::string DataDirectory::file_path(const std::string& name) const {
  return impl_->file(name.c_str());
}
std::string DataDirectory::vote_path() const { return impl_->file("vote"); }
// Every file whose name begins with one of `prefixes`, but those of `kept`.
Status DataDirectory::Impl::remove_all(std::initializer_list<std::string_view> prefixes,
                                       std::string_view kept) const {
  std::vector<std::string> names;
  if (Status status = platform::list_directory(path, names); !status.ok()) return status;
  for (const std::string& name : names) {
    const auto begins = [&](std::string_view prefix) {
      return std::string_view(name).substr(0, prefix.size()) == prefix;
    };
    if (std::none_of(prefixes.begin(), prefixes.end(), begins)) continue;
    if (!kept.empty() && begins(kept)) continue;  // Its WAL stays too.
    if (Status status = platform::remove_file(file(name.c_str())); !status.ok()) return status;
  }
  return {};
}

Status DataDirectory::remove_strays(const std::string& chat_file) {
  return impl_->remove_all({"chat", "snapshot-", "incoming-"}, chat_file);
}

Status DataDirectory::find_another_store(const std::string& chat_file, std::string& other) const {
  other.clear();
  std::vector<std::string> stores;
  if (Status status = impl_->chat_stores(stores); !status.ok()) return status;
  const bool there = std::find(stores.begin(), stores.end(), chat_file) != stores.end();
  if (!there && !stores.empty()) other = stores.back();
  return {};
}

Status DataDirectory::remove_search_index() { return impl_->remove_all({kSearchIndex}, {}); }

Status DataDirectory::remove_snapshots() { return impl_->remove_all({"snapshot-"}, {}); }

bool DataDirectory::has_room_for(std::uint64_t bytes, std::string& error) const {
  const std::uint64_t left = platform::free_bytes(impl_->path);
  if (left >= kDiskReserve && left - kDiskReserve >= bytes) return true;
  error = "the disk of " + impl_->path + " has " + std::to_string(left >> 20) +
          " MiB left: too little for a copy of " + std::to_string(bytes >> 20) +
          " MiB beside the log. Make room there";
  return false;
}

std::uint64_t DataDirectory::bytes() const { return platform::directory_bytes(impl_->path); }

}  // namespace starling::storage
