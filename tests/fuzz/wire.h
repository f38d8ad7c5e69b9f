// For targets that parse messages of the wire: protobuf is not to write a line for each bad text.
#pragma once

#include <google/protobuf/message.h>

namespace starling::fuzz {

inline const auto kLogHandlerBefore = google::protobuf::SetLogHandler(nullptr);

}  // namespace starling::fuzz
