// Addresses of servers, as people type them.
#include "qml-client/src/addresses.h"

#include <gtest/gtest.h>

#include "starling/client.h"

namespace starling_app {
namespace {

// As the SDK has it: what the app takes is not refused there, with a sentence for programmers.
bool the_sdk_takes(const QString& address) {
  starling::ClientOptions options;
  options.wait_for_server = false;
  return starling::Client::connect({address.toStdString()}, options).ok();
}

TEST(AppAddresses, AHostAndAPort) {
  for (const char* good : {"s1:1", "127.0.0.1:65535", "chat.example.org:5101", "[::1]:5101",
                           "[::ffff:127.0.0.1]:5101", "[fe80::1%eth0]:5101", "a_b-c.:80"}) {
    QString error;
    EXPECT_EQ(addresses_in(good, error), QStringList{good});
    EXPECT_EQ(error, QString()) << good;
    EXPECT_TRUE(the_sdk_takes(good)) << good;
  }
}

TEST(AppAddresses, WhatIsNoneIsSaidWithTheFormThatIsExpected) {
  for (const char* bad : {"unix:/x",
                          "unix:///x:1",
                          "dns:///s1:5101",
                          "ipv4:127.0.0.1:5101",
                          "http://s1:5101",
                          "s1",
                          "s1:",
                          ":5101",
                          "s1:0",
                          "s1:65536",
                          "s1:-1",
                          "s1:+1",
                          "s1:005101",
                          "s1:99999999999",
                          "s 1:5101",
                          "s1: 5101",
                          "[::1]",
                          "[::1:5101",
                          "[s1]:5101",
                          "[]:5101",
                          "s1?x:5101",
                          "s1#x:5101",
                          "ada@s1:5101",
                          "s1/x:5101",
                          "s%31:5101",
                          "b\u00fcro:5101",
                          "s1:\u0665"}) {
    QString error;
    EXPECT_EQ(addresses_in(bad, error), QStringList()) << bad;
    EXPECT_EQ(error, QStringLiteral("\"%1\" is not an address of the form HOST:PORT.").arg(bad));
    EXPECT_FALSE(the_sdk_takes(bad)) << bad;
  }
}

TEST(AppAddresses, AnIpv6AddressNeedsBrackets) {
  for (const char* bare : {"::1:5101", "::1", "fe80::1:5101"}) {
    QString error;
    EXPECT_EQ(addresses_in(bare, error), QStringList()) << bare;
    EXPECT_EQ(error, QStringLiteral("\"%1\" needs brackets, as in [::1]:5101.").arg(bare));
    EXPECT_FALSE(the_sdk_takes(bare)) << bare;
  }
}

TEST(AppAddresses, SeveralHaveCommas) {
  QString error;
  EXPECT_EQ(addresses_in(" s1:1 ,, s2:2\t", error), (QStringList{"s1:1", "s2:2"}));
  EXPECT_EQ(addresses_in("s1:1, s2", error), QStringList());
  EXPECT_EQ(error, "\"s2\" is not an address of the form HOST:PORT.");
  for (const char* nothing : {"", " ", ",", " , "}) {
    EXPECT_EQ(addresses_in(nothing, error), QStringList());
    EXPECT_EQ(error, "Enter the address of a server.");
  }
}

}  // namespace
}  // namespace starling_app
