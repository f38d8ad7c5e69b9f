// Keeps the input that a replay is at, for the case that the process ends on it.
#pragma once

#include <string>

namespace starling::fuzz {

// From now on the end by a signal leaves the input kept last in the file NAME.crash in TMPDIR (else
// /tmp), and says so.
void keep_on_a_crash(const std::string& name);
// Has to live until the next call.
void keep(const std::string& input);

}  // namespace starling::fuzz
