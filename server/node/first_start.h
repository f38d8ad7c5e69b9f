// The first start of a data directory: as the first server of a new cluster, or as one that joins.
// Safe against a crash at any point; the next start goes on where it broke off.
#pragma once

#include <string>
#include <vector>

#include "server/node/opened.h"
#include "server/node/startup.h"

namespace starling::node {

std::uint64_t random_id();  // Never 0.

// As many of them as an identity has room for, but the first in any case.
std::string list_of(const std::vector<std::string>& addresses);

// Of a directory without an identity: makes one, then bootstraps or joins. False with a sentence.
bool first_start(const StartRequest& request, Opened& out, std::string& error);

// Of a directory whose identity bears the joining mark. False with a sentence.
bool finish_first_start(const StartRequest& request, Opened& out, std::string& error);

// Fills an empty directory, whose identity is written, with the log of the cluster at request.join.
// False with a sentence.
bool join_cluster(const StartRequest& request, Opened& out, std::string& error);

}  // namespace starling::node
