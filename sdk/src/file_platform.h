// What this system asks for to keep a file from its other users.
#pragma once

#include <string>
#include <system_error>

namespace starling::sdk {

// Makes the file when it is missing, readable and writable by its owner only from its first moment;
// takes the others' rights from one that is there. An error: it cannot be made, or stays open to
// them.
std::error_code keep_from_others(const std::string& path);

}  // namespace starling::sdk
