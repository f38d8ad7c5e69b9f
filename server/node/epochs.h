// Epochs, the histories of a cluster (R3.6): a new one begins where an operator says that the
// majority is lost for good; a server of an earlier one that hears of it sets its data aside and
// joins as a new server. Before the node exists.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "server/node/opened.h"
#include "server/node/startup.h"

namespace starling::node {

// Whether `request.recover` asks for something, or a crash interrupted it: then that becomes the
// directory's epoch, with this server as the only voter and all that its log holds; `out.restored`
// is older than that then. Done already: nothing happens. The files are open. False with a
// sentence.
bool recover(const StartRequest& request, Opened& out, std::string& error);

struct NewerEpoch {
  core::Epoch epoch = 0;
  std::vector<std::string> addresses;  // Of servers that are in it, those with a quorum first.
};
// Asks all `targets` at once, for half a second, whether the cluster has gone on to a later epoch,
// `least` or one after that.
std::optional<NewerEpoch> find_newer_epoch(const std::vector<std::string>& targets,
                                           const storage::Identity& self, core::Epoch least = 0);
// Of one that joins again (Identity::wanted_cluster): asks until one of `request.join` answers in
// an epoch of that cluster that will do, up to the deadline.
std::optional<NewerEpoch> find_wanted_epoch(const StartRequest& request,
                                            const storage::Identity& self,
                                            std::chrono::steady_clock::time_point deadline);

}  // namespace starling::node
