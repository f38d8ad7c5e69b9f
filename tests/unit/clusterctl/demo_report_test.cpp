// The demo says PASS only when it has shown everything that it claims.
#include <gtest/gtest.h>

#include <sstream>

#include "clusterctl/demo.h"

namespace starling::ctl {
namespace {

DemoReport good() {
  DemoReport report;
  report.servers = 5;
  report.wanted = 6'000;
  report.sent = report.acknowledged = 12'345;
  report.kills = {{"n1", "n2", 192, 3.25, 31.5, 35.75}, {"n2", "n3", 190, 4, 52, 61}};
  for (const char* what : {"ada's stream", "bob's stream", "n3's store"}) {
    DemoCheck check{what, "", {}};
    check.verdict.messages = 12'345;
    report.checks.push_back(check);
  }
  report.primary = "n3";
  report.converged = true;
  report.chat_seconds = 2.5;
  report.seconds = 4.25;
  return report;
}

TEST(DemoReport, AFlawlessRunHasNoComplaints) {
  EXPECT_TRUE(good().complaints().empty());
  const auto json = to_json(good());
  EXPECT_EQ(json["ok"], true);
  EXPECT_EQ(json["acknowledged"], 12'345);
  EXPECT_EQ(json["kills"][0]["first_write_ms"], 35.75);
  EXPECT_EQ(json["kills"][1]["new_primary"], "n3");
}

TEST(DemoReport, EveryShortcomingIsAComplaint) {
  const auto spoil = [](auto change) {
    DemoReport report = good();
    change(report);
    return report;
  };
  const std::vector<DemoReport> spoiled = {
      spoil([](auto& r) { r.checks[1].verdict.lost = 1, r.checks[1].verdict.examples = {"x"}; }),
      spoil([](auto& r) { r.checks[2].error = "no answer"; }),
      spoil([](auto& r) { r.checks.clear(); }),
      spoil([](auto& r) { r.acknowledged = 5'999; }),
      spoil([](auto& r) { r.failed = 1; }),
      spoil([](auto& r) { r.kills[0].in_flight = 63; }),
      spoil([](auto& r) { r.kills[0].detect_ms = -1; }),
      spoil([](auto& r) { r.kills[1].elect_ms = -1; }),
      spoil([](auto& r) { r.kills[1].first_write_ms = -1; }),
      spoil([](auto& r) { r.primary = ""; }),
      spoil([](auto& r) { r.converged = false; }),
  };
  for (std::size_t i = 0; i < spoiled.size(); ++i) {
    EXPECT_EQ(spoiled[i].complaints().size(), 1U) << i;
    EXPECT_EQ(to_json(spoiled[i])["ok"], false) << i;
    EXPECT_NE(to_text(spoiled[i], false).find("FAIL"), std::string::npos) << i;
  }
}

TEST(DemoReport, TheHeadlineIsTheWorstHistory) {
  DemoReport report = good();
  report.checks[0].verdict.lost = 2;
  report.checks[2].verdict.lost = 5;
  report.checks[1].verdict.doubled = 1;
  EXPECT_EQ(to_json(report)["lost"], 5);
  EXPECT_EQ(to_json(report)["doubled"], 1);
  EXPECT_EQ(to_json(report)["reordered"], 0);
}

TEST(DemoReport, FitsEightyColumnsWithoutColour) {
  const std::string text = to_text(good(), false);
  EXPECT_EQ(text.find('\033'), std::string::npos);
  EXPECT_NE(text.find("PASS"), std::string::npos);
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 80U) << line;
  EXPECT_NE(to_text(good(), true).find('\033'), std::string::npos);
}

}  // namespace
}  // namespace starling::ctl
