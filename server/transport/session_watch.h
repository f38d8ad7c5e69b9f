// Streams that go on for long end with the session they were opened with (P8).
#pragma once

#include <memory>

#include "server/transport/services.h"

namespace starling::transport {

// Thread contract: both calls are thread-safe.
class SessionStream : public Stream {
 public:
  virtual bool over() = 0;  // It has ended, or is about to.
};

// From now on asks again and again, on the pool, whether the session goes on; ends the stream when
// it does not. A stream that is over, or gone, is asked about no more; one that could not be asked
// about, because the store failed, stays.
void watch_session(Services& services, const chat::TokenHash& token,
                   const std::weak_ptr<SessionStream>& stream);

}  // namespace starling::transport
