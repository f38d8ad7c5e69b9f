// A survey as JSON of the documented shape, and as a table for people.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "clusterctl/cluster.h"

namespace starling::ctl {

nlohmann::ordered_json to_json(const Manifest& manifest, const Survey& survey);
std::string to_table(const Manifest& manifest, const Survey& survey);

// Rows of words as aligned columns, two spaces apart; the first row is the heading.
std::string aligned(const std::vector<std::vector<std::string>>& rows);

std::string hex(std::uint64_t number);     // 16 digits.
std::string grouped(std::int64_t number);  // 12,345

}  // namespace starling::ctl
