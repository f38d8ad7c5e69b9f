// A chat store that is damaged while identity, vote and log are sound: all that it held is in this
// server's log or with the others, so it is made anew under the same identity. Votes and
// acknowledgements rest on the log and the vote alone; a damaged one of these is never mended
// (R2.7).
#pragma once

#include <string>

#include "server/node/startup.h"

namespace starling::node {

// What is wrong with the chat store that the opened log names; empty when it can be used, or when
// its trouble is of another kind (then opening it tells).
std::string damage_of_store(const StartRequest& request, const Opened& opened);

// Puts another one in its place and opens it: an empty one when the log is whole (it is replayed),
// else a snapshot of another member, for which it waits. Safe against a crash at any point. False
// with a sentence for people.
bool rebuild_store(const StartRequest& request, Opened& out, const std::string& damage,
                   std::string& error);

}  // namespace starling::node
