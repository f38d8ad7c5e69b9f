// See limits.h.
#include "bench/limits.h"

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>

namespace starling::bench {
namespace {

double highest(const nlohmann::ordered_json& figure) {
  if (!figure.is_array()) return figure.get<double>();
  double most = 0;
  for (const auto& one : figure) most = std::max(most, one.get<double>());
  return most;
}

}  // namespace

void print_figures(const nlohmann::ordered_json& figures, bool json) {
  if (json) {
    std::printf("%s\n", figures.dump().c_str());
    return;
  }
  for (const auto& [key, value] : figures.items()) {
    std::printf("  %-24s %s\n", key.c_str(), value.dump().c_str());
  }
}

bool within(const nlohmann::ordered_json& figures, const std::vector<Limit>& limits) {
  bool all = true;
  for (const Limit& limit : limits) {
    if (limit.most <= 0 || highest(figures.at(limit.figure)) <= limit.most) continue;
    std::fprintf(stderr, "Above the limit: %s is %s, and may be %g at most.\n",
                 limit.figure.c_str(), figures.at(limit.figure).dump().c_str(), limit.most);
    all = false;
  }
  return all;
}

}  // namespace starling::bench
