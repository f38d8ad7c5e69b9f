// What options.cpp needs no CLI11 for; see options.h.
#include <algorithm>
#include <charconv>

#include "clusterctl/options.h"

namespace starling::ctl {

bool wants_json(int argc, const char* const* argv) {
  bool json = false;
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    std::string format;
    if (word == "-o" || word == "--output") {
      if (i + 1 < argc) format = argv[i + 1];
    } else if (word.rfind("--output=", 0) == 0) {
      format = word.substr(9);
    } else if (word.rfind("-o", 0) == 0) {
      format = word.substr(word.rfind("-o=", 0) == 0 ? 3 : 2);
    }
    if (!format.empty()) json = format == "json";
  }
  return json;
}

std::vector<std::string> merged_flags(std::vector<std::string> before,
                                      const std::vector<std::string>& given) {
  for (std::size_t i = 0; i < given.size(); ++i) {
    const bool has_value = given[i] != "--insecure";
    const auto found = std::find(before.begin(), before.end(), given[i]);
    const bool known = found != before.end();
    if (!known) before.push_back(given[i]);
    if (!has_value || ++i == given.size()) continue;
    if (known && std::next(found) != before.end()) {
      *std::next(found) = given[i];
    } else {
      before.push_back(given[i]);
    }
  }
  return before;
}

std::optional<std::chrono::milliseconds> parse_duration(const std::string& text) {
  std::int64_t number = 0;
  const char* end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, number);
  if (parsed.ec != std::errc() || number < 0 || number > 1'000'000'000) return std::nullopt;
  const std::string unit(parsed.ptr, end);
  if (unit == "ms") return std::chrono::milliseconds(number);
  if (unit == "s" || unit.empty()) return std::chrono::seconds(number);
  if (unit == "m") return std::chrono::minutes(number);
  return std::nullopt;
}

}  // namespace starling::ctl
