// Who is primary, whether there is a quorum, and the documented JSON, from made-up answers.
#include <gtest/gtest.h>

#include "clusterctl/cluster.h"
#include "clusterctl/commands.h"
#include "clusterctl/failure.h"
#include "clusterctl/render.h"

namespace starling::ctl {
namespace {

std::string address(int number) { return "127.0.0.1:" + std::to_string(5100 + number); }

// Five voters that all answer; n1 leads in term 3.
class SurveyTest : public ::testing::Test {
 protected:
  SurveyTest() {
    manifest_.name = "default";
    manifest_.cluster_id = 0xabc;
    for (int i = 1; i <= 5; ++i) {
      ServerView view;
      view.entry.name = "n" + std::to_string(i);
      view.entry.address = address(i);
      view.entry.process.pid = 100 + i;
      view.process = ProcessState::kRunning;
      admin::ServerStatus answer;
      answer.server_id = static_cast<std::uint64_t>(i);
      answer.role = i == 1 ? Role::kPrimary : Role::kBackup;
      answer.has_quorum = true;
      answer.term = 3;
      answer.commit_index = answer.applied_index = answer.last_index = 90;
      answer.state_hash = 7;
      answer.uptime_ms = 12'345;
      answer.servers = list(3, 1);
      view.answer = answer;
      survey_.servers.push_back(view);
      manifest_.servers.push_back(view.entry);
    }
  }

  static ServerList list(std::uint64_t term, std::uint64_t version) {
    ServerList list;
    list.cluster_id = 0xabc;
    list.term = term;
    list.version = version;
    for (int i = 1; i <= 5; ++i) {
      list.servers.push_back({static_cast<std::uint64_t>(i), address(i),
                              i == 1 ? Role::kPrimary : Role::kBackup, ServerState::kUp, true});
    }
    return list;
  }

  void die(int number) {
    auto& view = survey_.servers[static_cast<std::size_t>(number - 1)];
    view.process = ProcessState::kExited;
    view.answer.reset();
  }
  admin::ServerStatus& answer(int number) {
    return *survey_.servers[static_cast<std::size_t>(number - 1)].answer;
  }

  Manifest manifest_;
  Survey survey_;
};

TEST_F(SurveyTest, AllIsWell) {
  conclude(survey_);
  ASSERT_NE(survey_.primary, nullptr);
  EXPECT_EQ(survey_.primary->entry.name, "n1");
  EXPECT_EQ(survey_.voters, 5);
  EXPECT_EQ(survey_.up, 5);
  EXPECT_EQ(survey_.needed, 3);
  EXPECT_TRUE(survey_.quorum_ok);
  EXPECT_TRUE(converged(survey_));
}

// After a recovery the new epoch's terms may be the lower ones (R3.6).
TEST_F(SurveyTest, TheLaterEpochDecidesBeforeTheTerm) {
  answer(5).role = Role::kPrimary;
  answer(5).epoch = 2;
  answer(5).term = 2;
  answer(5).servers = list(2, 1);
  answer(5).servers.epoch = 2;
  std::erase_if(answer(5).servers.servers, [](const Server& server) { return server.id != 5; });
  conclude(survey_);
  ASSERT_NE(survey_.primary, nullptr);
  EXPECT_EQ(survey_.primary->entry.name, "n5");
  EXPECT_EQ(survey_.voters, 1);
  EXPECT_TRUE(survey_.quorum_ok);
}

TEST_F(SurveyTest, TheHigherTermDecidesBetweenTwoLeaders) {
  answer(2).role = Role::kPrimary;
  answer(2).term = 4;
  answer(2).servers = list(4, 1);
  conclude(survey_);
  ASSERT_NE(survey_.primary, nullptr);
  EXPECT_EQ(survey_.primary->entry.name, "n2");
}

TEST_F(SurveyTest, ADeposedLeaderIsNoPrimary) {
  answer(4).term = 4;  // Somebody heard of a newer term; its leader does not answer.
  conclude(survey_);
  EXPECT_EQ(survey_.primary, nullptr);
  EXPECT_FALSE(survey_.quorum_ok);
}

TEST_F(SurveyTest, ALeaderWithoutQuorumIsNoPrimary) {
  answer(1).has_quorum = false;
  conclude(survey_);
  EXPECT_EQ(survey_.primary, nullptr);
  EXPECT_FALSE(survey_.quorum_ok);
  EXPECT_EQ(to_json(manifest_, survey_)["servers"][0]["role"], "none");
}

TEST_F(SurveyTest, TwoOfFiveAreNoQuorumEvenIfALeaderStillThinksSo) {
  die(3);
  die(4);
  die(5);
  conclude(survey_);
  EXPECT_EQ(survey_.up, 2);
  EXPECT_FALSE(survey_.quorum_ok);
}

// R3.6: the majority is not lost that somebody is in touch with, whether its servers are known here
// or not.
TEST_F(SurveyTest, NobodyRecoversWhatHasAQuorum) {
  for (const int number : {1, 2, 3}) die(number);
  const auto refused = [&](const std::vector<Outsider>& outsiders) -> std::string {
    conclude(survey_);
    EXPECT_FALSE(survey_.quorum_ok);
    try {
      check_recoverable(manifest_, survey_, outsiders);
    } catch (const Failure& failure) {
      return failure.what();
    }
    return "";
  };
  answer(4).has_quorum = false;
  EXPECT_NE(refused({}).find("n5 is in touch with a quorum"), std::string::npos);
  answer(5).has_quorum = false;
  EXPECT_EQ(refused({}), "");
  answer(4).has_quorum = true;  // A majority of the epoch before, which has ended.
  answer(5).epoch = 2;
  EXPECT_EQ(refused({}), "");
  answer(4).has_quorum = false;
  answer(5).epoch = 0;

  Outsider outsider{{6, address(6), Role::kPrimary, ServerState::kUp, true}, std::nullopt};
  for (const int number : {4, 5}) answer(number).servers.servers.push_back(outsider.member);
  EXPECT_EQ(refused({outsider}), "");
  outsider.answer = answer(4);
  outsider.answer->has_quorum = true;
  EXPECT_NE(refused({outsider}).find(address(6) + " is in touch"), std::string::npos);
  outsider.answer->has_quorum = false;
  EXPECT_EQ(refused({outsider}), "");
  EXPECT_NE(refused({outsider, outsider}).find("the majority is not lost"), std::string::npos);
}

TEST_F(SurveyTest, ConvergenceLooksAtTheRunningServersOnly) {
  die(5);
  conclude(survey_);
  EXPECT_TRUE(converged(survey_));
  answer(4).state_hash = 8;
  EXPECT_FALSE(converged(survey_));
  answer(4).state_hash = 7;
  answer(4).applied_index = 89;
  EXPECT_FALSE(converged(survey_));
  die(4);
  survey_.servers[3].process = ProcessState::kPaused;  // Alive and silent: who knows its state.
  conclude(survey_);
  EXPECT_FALSE(converged(survey_));
}

TEST_F(SurveyTest, NobodyAnswers) {
  for (int i = 1; i <= 5; ++i) die(i);
  conclude(survey_);
  EXPECT_EQ(survey_.voters, 5);
  EXPECT_EQ(survey_.needed, 3);
  EXPECT_FALSE(survey_.quorum_ok);
  const auto json = to_json(manifest_, survey_);
  EXPECT_EQ(json["primary"], "");
  EXPECT_EQ(json["servers"][2]["process"], "exited");
  EXPECT_EQ(json["servers"][2]["state"], "down");
  EXPECT_EQ(json["servers"][2]["pid"], 0);  // Another process may have the number by now.
  manifest_.name = "x";
  const std::string table = to_table(manifest_, survey_);
  EXPECT_NE(table.find("no server runs; start them: clusterctl up --name x"), std::string::npos);
  EXPECT_EQ(table.find(" 103 "), std::string::npos) << table;
}

TEST_F(SurveyTest, APausedServerIsShownAsPaused) {
  survey_.servers[3].process = ProcessState::kPaused;
  survey_.servers[3].answer.reset();
  conclude(survey_);
  EXPECT_NE(to_table(manifest_, survey_).find("paused   none     paused"), std::string::npos);
  EXPECT_EQ(to_json(manifest_, survey_)["servers"][3]["state"], "up");  // The primary's last word.
}

TEST_F(SurveyTest, JsonHasTheDocumentedShape) {
  answer(1).commit_index = 95;
  die(5);
  answer(1).servers.servers[4].state = ServerState::kDown;
  conclude(survey_);
  const auto json = to_json(manifest_, survey_);
  const auto expected =
      nlohmann::json::parse(R"({"cluster":"default","cluster_id":"0000000000000abc",
    "epoch":1,"term":3,"primary":"n1","quorum":{"voters":5,"up":4,"needed":3,"ok":true}})");
  for (const auto& item : expected.items())
    EXPECT_EQ(nlohmann::json(json[item.key()]), item.value());
  const auto server = nlohmann::json::parse(R"({"name":"n2","id":"0000000000000002",
    "address":"127.0.0.1:5102","pid":102,"process":"running","role":"backup","member":true,"voter":true,"state":"up","term":3,
    "last_index":90,"commit_index":90,"applied_index":90,"lag":5,"clients":0,
    "state_hash":"0000000000000007","data_bytes":0,"uptime_s":12})");
  EXPECT_EQ(nlohmann::json(json["servers"][1]), server);
  EXPECT_EQ(json["servers"][4]["state"], "down");
  EXPECT_EQ(json["servers"][4]["role"], "none");
  EXPECT_EQ(json["servers"].size(), 5U);
}

// Its data was lost, and it came back as another server before the cluster let the first one go.
TEST_F(SurveyTest, WhatAServerWasBeforeIsToldApartFromWhatItIs) {
  answer(2).server_id = 22;
  answer(1).servers.servers.push_back({22, address(2), Role::kLearner, ServerState::kUp, false});
  conclude(survey_);
  ASSERT_NE(survey_.listed(address(2)), nullptr);
  EXPECT_EQ(survey_.listed(address(2))->id, 22U);
  ASSERT_EQ(survey_.former().size(), 1U);
  EXPECT_EQ(survey_.former()[0].id, 2U);
  EXPECT_EQ(survey_.voters, 5);
  EXPECT_EQ(survey_.up, 4);  // Nobody answers as the one that is gone.
  const std::string table = to_table(manifest_, survey_);
  EXPECT_NE(table.find("still a member: 0000000000000002"), std::string::npos) << table;
  const auto json = to_json(manifest_, survey_);
  EXPECT_EQ(json["former_members"][0]["id"], "0000000000000002");
  EXPECT_EQ(json["servers"][1]["voter"], false);
}

// Servers notice a cut after a while only.
TEST_F(SurveyTest, WhomAFaultCutsOffFromThePrimaryIsNotUp) {
  Faults faults;
  faults.sides = {{"n1", "n2", "n3"}, {"n4", "n5"}};
  conclude(survey_, faults);
  EXPECT_EQ(survey_.up, 3);
  EXPECT_EQ(survey_.answering, 5);
  EXPECT_TRUE(survey_.quorum_ok);
  EXPECT_EQ(to_json(manifest_, survey_)["servers"][4]["state"], "down");
  faults.isolated = {"n1"};
  conclude(survey_, faults);
  EXPECT_EQ(survey_.up, 1);
  EXPECT_FALSE(survey_.quorum_ok);
}

TEST_F(SurveyTest, WhoIsNoMemberAnyMoreIsNotShownAsDown) {
  die(5);
  std::erase_if(answer(1).servers.servers, [](const Server& server) { return server.id == 5; });
  conclude(survey_);
  const std::string table = to_table(manifest_, survey_);
  EXPECT_NE(table.find("no member"), std::string::npos) << table;
  EXPECT_EQ(to_json(manifest_, survey_)["servers"][4]["member"], false);
}

TEST_F(SurveyTest, TheTableIsAlignedAndSaysWhetherThereIsAQuorum) {
  conclude(survey_);
  std::string table = to_table(manifest_, survey_);
  EXPECT_NE(table.find("survives the loss of 2 more"), std::string::npos) << table;
  std::size_t column = std::string::npos;
  std::istringstream lines(table);
  for (std::string line; std::getline(lines, line);) {
    const auto found =
        std::min(line.find("ROLE"), std::min(line.find("primary  up"), line.find("backup")));
    if (line.rfind("n", 0) != 0 && line.rfind("NAME", 0) != 0) continue;
    if (column == std::string::npos) column = found;
    EXPECT_EQ(found, column) << line;
  }
  for (int i = 3; i <= 5; ++i) die(i);
  conclude(survey_);
  table = to_table(manifest_, survey_);
  EXPECT_NE(table.find("NO QUORUM"), std::string::npos) << table;
}

TEST(Render, Numbers) {
  EXPECT_EQ(grouped(0), "0");
  EXPECT_EQ(grouped(999), "999");
  EXPECT_EQ(grouped(1'000), "1,000");
  EXPECT_EQ(grouped(1'234'567), "1,234,567");
  EXPECT_EQ(grouped(-1'000), "-1,000");
  EXPECT_EQ(grouped(-100), "-100");
  EXPECT_EQ(hex(0xabc), "0000000000000abc");
}

}  // namespace
}  // namespace starling::ctl
