// Small things that messages are made of.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace starling::ctl {

// A command as advice that can be copied: "clusterctl WORDS", with --name whenever the cluster is
// not the one that is meant without it.
std::string advised(const std::string& cluster, const std::string& words);

// "1 server", "3 servers".
std::string counted(std::size_t number, const std::string& what);

std::string join_words(const std::vector<std::string>& words, const std::string& between);

}  // namespace starling::ctl
