// What a failure says to the client, for all that can fail: a status without a reason would be
// taken for one that something on the way made up, and be tried again.
#include "server/transport/errors.h"

#include <gtest/gtest.h>

#include <vector>

namespace starling::transport {
namespace {

pb::ErrorDetail detail_of(const Failure& failure) {
  pb::ErrorDetail detail;
  EXPECT_TRUE(detail.ParseFromString(to_status(failure).error_details()));
  EXPECT_NE(detail.reason(), pb::REASON_UNSPECIFIED) << failure.message;
  EXPECT_FALSE(failure.message.empty());
  return detail;
}

TEST(Errors, EveryFailureOfAWriteHasAReason) {
  ProposeResult result;
  Failure failure;
  for (const ProposeError error : {ProposeError::kNotPrimary, ProposeError::kPrimaryLost,
                                   ProposeError::kOverloaded, ProposeError::kDraining}) {
    result.error = error;
    ASSERT_TRUE(failure_of(result, "", failure));
    EXPECT_EQ(detail_of(failure).may_have_happened(), error == ProposeError::kPrimaryLost);
  }
  result.error = ProposeError::kNone;
  EXPECT_FALSE(failure_of(result, "", failure));
  for (int code = 1; code <= static_cast<int>(chat::Code::kConflict) + 1; ++code) {
    result.outcome.code = static_cast<chat::Code>(code);
    ASSERT_TRUE(failure_of(result, "", failure));
    // The one behind the last is of a newer server: nothing is known of it.
    const bool unknown = code > static_cast<int>(chat::Code::kConflict);
    EXPECT_EQ(detail_of(failure).may_have_happened(), unknown) << code;
  }
}

TEST(Errors, EveryFailureOfAMembershipChangeHasAReason) {
  struct Row {
    MembershipError error;
    bool retryable;
    bool may_have_happened;
  };
  const std::vector<Row> rows = {
      {MembershipError::kNotPrimary, true, false}, {MembershipError::kPrimaryLost, true, true},
      {MembershipError::kInvalid, false, false},   {MembershipError::kTimeout, true, true},
      {MembershipError::kNotTaken, false, true},   {MembershipError::kDraining, true, false},
  };
  for (const Row& row : rows) {
    for (const char* message : {"", "why"}) {
      const Failure failure = failure_of(MembershipResult{row.error, message, 0}, "");
      const pb::ErrorDetail detail = detail_of(failure);
      EXPECT_EQ(detail.retryable(), row.retryable) << static_cast<int>(row.error);
      EXPECT_EQ(detail.may_have_happened(), row.may_have_happened) << static_cast<int>(row.error);
    }
  }
  detail_of(failure_of(MembershipResult{}, ""));  // Called for no failure: said, not guessed.
}

TEST(Errors, EveryFailureOfAWaitHasAReason) {
  for (const WaitError error : {WaitError::kTimeout, WaitError::kNoPrimary, WaitError::kDraining}) {
    EXPECT_TRUE(detail_of(failure_of(error)).retryable());
  }
}

}  // namespace
}  // namespace starling::transport
