// Configurations as they travel, and the order of addresses.
#include "tests/unit/core/harness.h"

namespace starling::core::testing {
namespace {

TEST(Types, ConfigurationSurvivesTheWire) {
  Configuration configuration = voters({1, 2, 3}, {9, 10});
  configuration.members[4].returning = true;
  EXPECT_EQ(decode_configuration(encode(configuration)), configuration);
  EXPECT_EQ(decode_configuration(encode(Configuration{})), Configuration{});
}

TEST(Types, DamagedConfigurationIsRefused) {
  const std::string good = encode(voters({1, 2, 3}));
  for (std::size_t n = 0; n < good.size(); ++n) {
    EXPECT_FALSE(decode_configuration(good.substr(0, n))) << n;
  }
  EXPECT_FALSE(decode_configuration(good + "x"));
  EXPECT_FALSE(decode_configuration(encode(voters({2, 1}))));  // Not sorted.
  EXPECT_FALSE(decode_configuration(encode(voters({1, 1}))));
  EXPECT_FALSE(decode_configuration(encode(voters({0}))));
  Configuration both = voters({1, 2, 3});
  both.members[1].returning = true;  // It votes: it cannot be on its way back.
  EXPECT_FALSE(decode_configuration(encode(both)));
}

TEST(Types, AddressesAreOrderedByNumber) {
  EXPECT_TRUE(address_less("9.0.0.1:5101", "10.0.0.1:5101"));
  EXPECT_TRUE(address_less("10.0.0.1:999", "10.0.0.1:5101"));
  EXPECT_FALSE(address_less("10.0.0.1:5101", "10.0.0.1:5101"));
  EXPECT_TRUE(address_less("250.0.0.1:1", "alpha:1"));  // Names come after.
  EXPECT_TRUE(address_less("alpha:1", "beta:1"));
  EXPECT_TRUE(address_less("250.0.0.1:1", "1.2.3:1"));  // Not an address.
  EXPECT_TRUE(address_less("250.0.0.1:1", "1.2.3.400:1"));
}

TEST(Types, QuorumIsAMajorityOfTheVoters) {
  EXPECT_EQ(voters({1}).quorum(), 1u);
  EXPECT_EQ(voters({1, 2}).quorum(), 2u);
  EXPECT_EQ(voters({1, 2, 3, 4}, {8, 9}).quorum(), 3u);
}

}  // namespace
}  // namespace starling::core::testing
