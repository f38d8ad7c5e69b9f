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

std::optional<std::chrono::milliseconds> parse_duration(const std::string& text,
                                                        const std::string& unit) {
  std::int64_t number = 0;
  const char* end = text.data() + text.size();
  auto parsed = std::from_chars(text.data(), end, number);
  if (parsed.ec != std::errc() || number < 0 || number > 1'000'000'000) return std::nullopt;
  std::int64_t thousandths = 0;
  if (parsed.ptr != end && *parsed.ptr == '.') {
    const char* digit = parsed.ptr + 1;
    std::int64_t worth = 100;
    for (; digit != end && *digit >= '0' && *digit <= '9' && worth > 0; ++digit, worth /= 10) {
      thousandths += (*digit - '0') * worth;
    }
    if (digit == parsed.ptr + 1) return std::nullopt;
    parsed.ptr = digit;
  }
  const std::string written(parsed.ptr, end);
  const std::string& meant = written.empty() ? unit : written;
  const std::int64_t ms = meant == "ms" ? 1 : meant == "s" ? 1'000 : meant == "m" ? 60'000 : 0;
  const bool whole = thousandths * ms % 1'000 == 0;  // Nothing is shorter than a millisecond.
  if (ms == 0 || !whole) return std::nullopt;
  return std::chrono::milliseconds(number * ms + thousandths * ms / 1'000);
}

std::string in_units(const std::string& text, const std::string& unit) {
  const auto parsed = parse_duration(text, unit);
  const std::int64_t ms = unit == "ms" ? 1 : 1'000;
  if (!parsed || parsed->count() % ms != 0) return text;
  return std::to_string(parsed->count() / ms);
}

}  // namespace starling::ctl
