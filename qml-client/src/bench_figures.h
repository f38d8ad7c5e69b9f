// What the bench prints.
#pragma once

#include <algorithm>
#include <cstdio>
#include <vector>

namespace starling_app {

// The value that `part` (0 to 1) of them do not exceed; 0 of none.
inline double quantile(std::vector<double> values, double part) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  const double last = static_cast<double>(values.size() - 1);
  return values[static_cast<std::size_t>(last * part + 0.5)];
}

// One line: the name, every trial, the median.
inline void print_trials(const char* name, const char* unit, const std::vector<double>& trials) {
  std::printf("%-44s", name);
  for (const double trial : trials) std::printf(" %8.1f", trial);
  std::printf("  median %.1f %s\n", quantile(trials, 0.5), unit);
  std::fflush(stdout);
}

}  // namespace starling_app
