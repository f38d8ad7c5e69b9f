// Many lookups at once: few under way, each asked, none twice for nothing.
#include "qml-client/src/lookups.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace starling_app {
namespace {

class AppLookups : public testing::Test {
 protected:
  void want(int n) {
    lookups_.want(QString::number(n), [this, n] { asked_.push_back(n); });
  }

  Lookups lookups_;
  std::vector<int> asked_;
};

TEST_F(AppLookups, FewAreUnderWayAndAllAreAskedInOrder) {
  std::vector<int> all;
  for (int n = 0; n < 400; ++n) {
    want(n);
    all.push_back(n);
  }
  EXPECT_EQ(asked_.size(), static_cast<std::size_t>(Lookups::kMaxInFlight));
  for (int answers = 1; answers <= 400; ++answers) {
    lookups_.answered();
    EXPECT_LE(lookups_.in_flight(), Lookups::kMaxInFlight);
  }
  EXPECT_EQ(asked_, all);
  EXPECT_EQ(lookups_.in_flight(), 0);
}

TEST_F(AppLookups, WhatWaitsIsAskedOnceAndWhatIsUnderWayAgain) {
  for (int n = 0; n < Lookups::kMaxInFlight; ++n) want(n);
  want(100);
  want(100);
  want(0);
  EXPECT_EQ(lookups_.waiting(), 2);
  for (int n = 0; n < Lookups::kMaxInFlight; ++n) lookups_.answered();
  ASSERT_EQ(asked_.size(), static_cast<std::size_t>(Lookups::kMaxInFlight) + 2);
  EXPECT_EQ(asked_[asked_.size() - 2], 100);
  EXPECT_EQ(asked_.back(), 0);
}

TEST_F(AppLookups, NothingOfTheLastSessionIsAsked) {
  for (int n = 0; n < 20; ++n) want(n);
  lookups_.reset();
  asked_.clear();
  want(0);
  EXPECT_EQ(asked_, std::vector<int>{0});
  lookups_.answered();
  EXPECT_EQ(asked_, std::vector<int>{0});
  EXPECT_EQ(lookups_.in_flight(), 0);
}

}  // namespace
}  // namespace starling_app
