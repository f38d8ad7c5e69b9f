// Figures as they are printed, and the limits that they are held to.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

namespace starling::bench {

// `most` of 0: none.
struct Limit {
  std::string figure;
  double most = 0;
};

// A line of JSON, or a table.
void print_figures(const nlohmann::ordered_json& figures, bool json);
// Whether each figure (of a list, each of its numbers) is at most its limit. Says on standard error
// which are not.
bool within(const nlohmann::ordered_json& figures, const std::vector<Limit>& limits);

}  // namespace starling::bench
