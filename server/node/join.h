// The start-up's conversations with the rest of the cluster, before the node exists.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "server/node/epochs.h"
#include "server/node/opened.h"
#include "server/node/startup.h"

namespace starling::node {

// Joins the cluster at request.join and writes its log, applied to the chat store as it comes;
// fills in cluster and epoch. False with a sentence.
bool fetch_log(const StartRequest& request, Opened& out, std::string& error);

// Whom to ask: request.join, and the other members that the log names.
std::vector<std::string> others(const StartRequest& request, const Opened& opened);

// Whether the servers at request.join, as far as one answers, are of this directory's cluster.
bool same_cluster(const StartRequest& request, const storage::Identity& identity,
                  std::string& error);

// When the members do not know this server any more and --join was given: asks the primary to take
// it in again.
bool ask_back_in(const StartRequest& request, const Opened& opened, std::string& error);

// When the members know this server at another address: tells the primary, for as long as it takes
// to find one. Served before that, it would stand for elections that it cannot win: the answers go
// to the old address. A sole voter settles it by itself later. `newer`: it found out instead that
// its epoch has ended.
bool tell_address(const StartRequest& request, const Opened& opened,
                  std::optional<NewerEpoch>& newer, std::string& error);

}  // namespace starling::node
