// The row hash over strings, eight bytes at a time.
#include "server/chat/hash.h"

#include <cstddef>

namespace starling::chat {
namespace {

// Compilers make one load of this where the byte order allows it.
std::uint64_t load_little_endian(const char* data) {
  std::uint64_t value = 0;
  for (int i = 0; i < 8; ++i) {
    value |= static_cast<std::uint64_t>(static_cast<unsigned char>(data[i])) << (8 * i);
  }
  return value;
}

}  // namespace

RowHasher& RowHasher::add(std::string_view value) {
  // The length first: strings that follow each other cannot be cut in two ways.
  word(value.size());
  while (value.size() >= 8) {
    word(load_little_endian(value.data()));
    value.remove_prefix(8);
  }
  if (!value.empty()) {
    char tail[8] = {};
    for (std::size_t i = 0; i < value.size(); ++i) tail[i] = value[i];
    word(load_little_endian(tail));
  }
  return *this;
}

}  // namespace starling::chat
