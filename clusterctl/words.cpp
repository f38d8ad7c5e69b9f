// See words.h.
#include "clusterctl/words.h"

namespace starling::ctl {

std::string advised(const std::string& cluster, const std::string& words) {
  return "clusterctl " + words + (cluster == "default" ? "" : " --name " + cluster);
}

std::string counted(std::size_t number, const std::string& what) {
  return std::to_string(number) + " " + what + (number == 1 ? "" : "s");
}

std::string join_words(const std::vector<std::string>& words, const std::string& between) {
  std::string text;
  for (const auto& word : words) text += (text.empty() ? "" : between) + word;
  return text;
}

}  // namespace starling::ctl
