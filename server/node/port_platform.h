// Asks the operating system whether a port can be listened on, before anything else is begun.
#pragma once

#include <string>

namespace starling::node {

// Port 0 becomes a free one below the ephemeral range. False with a sentence when the port is in
// use or the host is not one of this machine's.
bool claim_port(const std::string& host, int& port, std::string& error);

// Writes `text` and a line end to a fresh file that then takes the name `path`.
bool write_small_file(const std::string& path, const std::string& text, std::string& error);

}  // namespace starling::node
