// See link_faults.h.
#include "server/transport/link_faults.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "server/transport/relay_platform.h"

namespace starling::transport {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kMaxFileBytes = 64u << 10;
constexpr int kMaxDelayMs = 60'000;
constexpr std::chrono::milliseconds kSettle{500};
// Until links have noticed that their connections were given up.
constexpr std::chrono::milliseconds kNoticed{60};

std::atomic<LinkFaults*> g_installed{nullptr};

bool parse_number(const std::string& text, int most, int& out) {
  const char* end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, out);
  return parsed.ec == std::errc() && parsed.ptr == end && out >= 0 && out <= most;
}

bool is_address(const std::string& text) {
  if (text == "*") return true;
  const std::size_t colon = text.rfind(':');
  int port = 0;
  return colon != std::string::npos && colon != 0 &&
         parse_number(text.substr(colon + 1), 65'535, port) && port != 0;
}

// One rule; what is wrong with it, or an empty string.
std::string parse_rule(const std::vector<std::string>& words, FaultRules& out) {
  const std::string& rule = words.front();
  if (rule == "version") {
    if (words.size() != 2) return "one word must follow \"version\"";
    out.version = words[1];
    return "";
  }
  const bool delay = rule == "delay";
  if (!delay && rule != "cut" && rule != "cut-out" && rule != "cut-in") {
    return "\"" + rule + "\" is none of version, cut, cut-out, cut-in, delay";
  }
  if (words.size() != (delay ? 3 : 2) || !is_address(words[1])) {
    return std::string("wanted: ") + rule + " HOST:PORT|*" + (delay ? " MS" : "");
  }
  LinkFault& fault = words[1] == "*" ? out.every : out.links[words[1]];
  int ms = 0;
  if (delay && !parse_number(words[2], kMaxDelayMs, ms)) {
    return "\"" + words[2] + "\" is no delay: 0 to " + std::to_string(kMaxDelayMs) + " ms";
  }
  if (delay) fault.delay = std::chrono::milliseconds(ms);
  if (rule == "cut" || rule == "cut-out") fault.cut_out = true;
  if (rule == "cut" || rule == "cut-in") fault.cut_in = true;
  return "";
}

// What is not there is empty, and so is what is too big to be a fault file.
std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return "";
  std::string text(kMaxFileBytes + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(file.gcount()));
  if (text.size() <= kMaxFileBytes) return text;
  return "# more than " + std::to_string(kMaxFileBytes) + " bytes\ntoo-long";
}

void write_file(const std::string& path, const std::string& text) {
  const std::string fresh = path + ".new";
  {
    std::ofstream file(fresh, std::ios::binary | std::ios::trunc);
    file << text;
    file.flush();
    if (!file) {
      spdlog::warn("{} cannot be written", fresh);
      return;
    }
  }
  std::error_code error;
  std::filesystem::rename(fresh, path, error);
  if (error) spdlog::warn("{} cannot be written: {}", path, error.message());
}

std::string describe(const LinkFault& fault, const std::string& address) {
  std::string text;
  if (fault.cut_out && fault.cut_in) {
    text = ", cut off from " + address;
  } else if (fault.cut_out || fault.cut_in) {
    text = (fault.cut_out ? ", nothing goes to " : ", nothing comes from ") + address;
  }
  if (fault.delay.count() == 0) return text;
  return text + ", " + std::to_string(fault.delay.count()) + " ms to and from " + address;
}

std::string describe(const FaultRules& rules) {
  std::string text = describe(rules.every, "all");
  for (const auto& [address, fault] : rules.links) text += describe(fault, address);
  return text.empty() ? "none" : text.substr(2);
}

}  // namespace

LinkFault FaultRules::of(const std::string& address) const {
  LinkFault fault = every;
  const auto found = links.find(address);
  if (found == links.end()) return fault;
  fault.cut_out = fault.cut_out || found->second.cut_out;
  fault.cut_in = fault.cut_in || found->second.cut_in;
  fault.delay += found->second.delay;
  return fault;
}

bool parse_faults(const std::string& text, FaultRules& out, std::string& error) {
  FaultRules rules;
  std::istringstream lines(text);
  int number = 0;
  for (std::string line; std::getline(lines, line);) {
    ++number;
    std::istringstream rest(line.substr(0, line.find('#')));
    std::vector<std::string> words;
    for (std::string word; rest >> word;) words.push_back(word);
    if (words.empty()) continue;
    const std::string wrong = parse_rule(words, rules);
    if (wrong.empty()) continue;
    error = "line " + std::to_string(number) + ": " + wrong;
    return false;
  }
  out = std::move(rules);
  return true;
}

LinkFaults::LinkFaults(std::string path) : path_(std::move(path)) {}

std::unique_ptr<LinkFaults> LinkFaults::start(const std::string& path, std::string& error) {
  std::unique_ptr<LinkFaults> faults(new LinkFaults(path));
  LinkFaults* const self = faults.get();
  self->relay_ = Relay::make(error);
  if (!self->relay_) return nullptr;
  self->look();
  self->started_ = true;
  self->relay_->start([self] { self->look(); });
  g_installed.store(self);
  return faults;
}

LinkFaults::~LinkFaults() {
  LinkFaults* self = this;
  g_installed.compare_exchange_strong(self, nullptr);
  relay_.reset();  // Ends its thread.
}

LinkFaults* LinkFaults::installed() { return g_installed.load(); }

std::string LinkFaults::route(const std::string& address) {
  if (!armed_.load()) return address;
  return relay_->way_to(address);
}

void LinkFaults::look() {
  const std::string text = read_file(path_);
  if (text != seen_) take(text);
  const auto now = Clock::now();
  const bool heard = now >= settle_from_ && settled();
  if (pending_ && (heard || now >= settle_until_)) put_in_force();
}

// A file that was there and is gone means: no faults. One that cannot be understood means nothing.
void LinkFaults::take(const std::string& text) {
  seen_ = text;
  std::string error;
  if (!parse_faults(text, rules_, error)) {
    spdlog::warn("the link faults stay as they are: {}, {}", path_, error);
    return;
  }
  pending_ = true;
  settle_until_ = Clock::now();
  if (armed_.exchange(true) || !started_) return;
  settle_from_ = settle_until_ + kNoticed;
  settle_until_ += kSettle;
  MutexLock lock(hooks_mutex_);
  for (const RenewHook* hook : hooks_) hook->renew_();
}

bool LinkFaults::settled() {
  MutexLock lock(hooks_mutex_);
  return std::all_of(hooks_.begin(), hooks_.end(),
                     [](const RenewHook* hook) { return !hook->settled_ || hook->settled_(); });
}

void LinkFaults::put_in_force() {
  pending_ = false;
  relay_->set(rules_);
  write_file(path_ + ".taken", rules_.version + "\n");
  spdlog::info("link faults: {}", describe(rules_));
}

RenewHook::RenewHook(std::function<void()> renew, std::function<bool()> settled)
    : faults_(LinkFaults::installed()), renew_(std::move(renew)), settled_(std::move(settled)) {
  if (faults_ == nullptr) return;
  MutexLock lock(faults_->hooks_mutex_);
  faults_->hooks_.push_back(this);
}

RenewHook::~RenewHook() {
  if (faults_ == nullptr) return;
  MutexLock lock(faults_->hooks_mutex_);
  std::erase(faults_->hooks_, this);
}

}  // namespace starling::transport
