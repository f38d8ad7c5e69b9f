// The public Call: an asynchronous operation that can be taken back.
#include "sdk/src/call_impl.h"

namespace starling {

Call::Call() = default;
Call::~Call() = default;
Call::Call(const Call&) = default;
Call& Call::operator=(const Call&) = default;
Call::Call(Call&&) noexcept = default;
Call& Call::operator=(Call&&) noexcept = default;
Call::Call(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}

void Call::cancel() const {
  if (impl_) impl_->cancel();
}

}  // namespace starling
