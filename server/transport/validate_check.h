// How validate() looks at fields: the limits, and a list of checks of which the first that fails
// counts. Internal to the validate_*.cpp files.
#pragma once

#include <string>
#include <utility>

#include "server/chat/utf8.h"
#include "server/transport/validate.h"

namespace starling::transport {

inline constexpr std::size_t kRequestIdBytes = 16;
inline constexpr std::size_t kMinPasswordBytes = 8;
inline constexpr std::size_t kMaxPasswordBytes = 1024;
inline constexpr std::size_t kMaxLabelBytes = 64;
inline constexpr std::size_t kMaxClientLabelBytes = 128;
inline constexpr std::size_t kMaxPatternBytes = 64;
inline constexpr std::size_t kMaxAddressBytes = 255;
inline constexpr int kDefaultPage = 50;
inline constexpr int kMaxWatched = 500;
inline constexpr std::int64_t kMaxStalenessMs = 86'400'000;

// Collects the first thing that is wrong.
class Check {
 public:
  Check& that(bool good, const char* field, const std::string& why) {
    if (!good && !invalid_) invalid_ = invalid_field(field, why);
    return *this;
  }
  Check& size(const std::string& text, std::size_t least, std::size_t most, const char* field) {
    return that(text.size() >= least && text.size() <= most, field,
                "must have " + std::to_string(least) + " to " + std::to_string(most) +
                    " bytes, has " + std::to_string(text.size()));
  }
  Check& name(const std::string& text, const char* field) {
    return that(chat::is_valid_name(text), field, "must be 1 to 32 of [a-z0-9._-]");
  }
  Check& no_nul(const std::string& text, const char* field) {
    return that(text.find('\0') == std::string::npos, field, "must not hold a zero byte");
  }
  // Eight zero bytes at the end are those of the system's own.
  Check& request_id(const std::string& bytes, const char* field) {
    return that(bytes.size() == kRequestIdBytes &&
                    bytes.find_first_not_of('\0', kRequestIdBytes / 2) != std::string::npos,
                field, "must have 16 bytes, the last eight not all zero");
  }
  Check& label(const std::string& text, std::size_t most, const char* field) {
    return that(chat::is_label(text, most), field,
                "must have 1 to " + std::to_string(most) + " bytes, without control characters");
  }
  Check& page_of(int size, const char* field) {
    return that(size >= 1 && size <= chat::kMaxPage, field,
                "must name 1 to " + std::to_string(chat::kMaxPage));
  }
  Check& seqs(const google::protobuf::RepeatedField<std::int64_t>& seqs) {
    page_of(seqs.size(), "seqs");
    for (const std::int64_t seq : seqs) positive(seq, "seqs");
    return *this;
  }
  Check& write(bool present, const pb::WriteHeader& header) {
    that(present, "write", "is missing");
    request_id(header.request_id(), "write.request_id");
    return that(header.as_of_ms() >= 0, "write.as_of_ms", "must not be negative");
  }
  Check& read(const pb::ReadHeader& header) {
    that(pb::ReadLevel_IsValid(header.level()), "read.level", "is unknown");
    const bool stale = header.level() == pb::READ_LEVEL_STALE;
    const std::int64_t most = stale ? kMaxStalenessMs : 0;
    return that(header.max_staleness_ms() >= (stale ? 1 : 0) && header.max_staleness_ms() <= most,
                "read.max_staleness_ms",
                "must be 1 to " + std::to_string(kMaxStalenessMs) + " with READ_LEVEL_STALE only");
  }
  Check& positive(std::int64_t value, const char* field) {
    return that(value > 0, field, "must be positive");
  }
  Check& not_negative(std::int64_t value, const char* field) {
    return that(value >= 0, field, "must not be negative");
  }
  Check& limit(int value) {
    return that(value >= 0 && value <= chat::kMaxPage, "limit",
                "must be 1 to " + std::to_string(chat::kMaxPage) + ", or 0 for " +
                    std::to_string(kDefaultPage));
  }
  operator Invalid() { return std::move(invalid_); }

 private:
  Invalid invalid_;
};

}  // namespace starling::transport
