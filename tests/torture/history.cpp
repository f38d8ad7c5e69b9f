// Writing a history, and finding the last event in one.
#include "tests/torture/history.h"

#include <fstream>
#include <stdexcept>

namespace starling::torture {

std::int64_t now_ns() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

std::string digest(const std::string& body) {
  std::uint64_t hash = 0xcbf29ce484222325U;  // FNV-1a
  for (const char byte : body) {
    hash ^= static_cast<unsigned char>(byte);
    hash *= 0x100000001b3U;
  }
  char text[17];
  std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(hash));
  return body.substr(0, body.find(' ')) + "#" + text;
}

std::string hex(const std::string& bytes) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (const char byte : bytes) {
    text += kDigits[static_cast<unsigned char>(byte) >> 4];
    text += kDigits[static_cast<unsigned char>(byte) & 15];
  }
  return text;
}

History::History(const std::string& path, const std::string& process)
    : process_(process), file_(std::fopen(path.c_str(), "ab")) {
  if (file_ == nullptr) throw std::runtime_error("cannot write " + path);
  std::setvbuf(file_, nullptr, _IOFBF, 1 << 20);  // One write(2) a line, at the flush.
  std::fputs("\n", file_);  // The run before may have been killed in the middle of a line.
  write({{"e", "start"}, {"process", process_}, {"t", now_ns()}});
}

History::~History() { std::fclose(file_); }

void History::write(const Line& line) {
  const std::string text = line.dump(-1, ' ', false, Line::error_handler_t::replace) + "\n";
  const std::lock_guard lock(mutex_);
  const bool written = std::fwrite(text.data(), 1, text.size(), file_) == text.size();
  if (!written || std::fflush(file_) != 0) {
    std::fputs("recorder: the history cannot be written\n", stderr);
    std::abort();  // What follows would look like a fault of the servers.
  }
}

std::string History::new_operation() {
  const std::lock_guard lock(mutex_);
  return process_ + "/" + std::to_string(++operations_);
}

Line message_line(const Message& message) {
  return Line::array({message.seq, message.id, message.sender,
                      message.deleted ? Line() : Line(digest(message.body)),
                      hex(message.request_id)});
}

Place last_place(const std::string& path, const std::string& stream) {
  Place place;
  std::ifstream file(path);
  const std::string begin = R"({"e":"event","stream":")" + stream + "\"";
  for (std::string text; std::getline(file, text);) {
    if (text.compare(0, begin.size(), begin) != 0) continue;
    const Line line = Line::parse(text, nullptr, false);
    if (line.is_discarded()) continue;
    const Line& at = line.at("cursor");
    place.cursor = {at.at(0), at.at(1), at.at(2), at.at(3)};
    if (line.at("kind") == "message") place.received[line.at("c")] = line.at("seq");
  }
  return place;
}

}  // namespace starling::torture
