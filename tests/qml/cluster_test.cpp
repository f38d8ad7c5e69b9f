// What the panel of the cluster shows: its servers, and what happened to the connection.
#include <gtest/gtest.h>

#include <QClipboard>
#include <QGuiApplication>
#include <QSignalSpy>

#include "qml-client/src/cluster_status.h"

namespace starling_app {
namespace {

using starling::ClusterEvent;
using Kind = ClusterEvent::Kind;

starling::Server server(std::uint64_t id,
                        starling::ServerState state = starling::ServerState::kUp) {
  starling::Server made;
  made.id = id;
  made.address = "127.0.0.1:510" + std::to_string(id);
  made.voter = true;
  made.state = state;
  return made;
}

starling::ServerList list(std::uint64_t primary, std::uint64_t term) {
  starling::ServerList made;
  made.primary_id = primary;
  made.term = term;
  made.servers = {server(3), server(1), server(2)};
  return made;
}

starling::admin::ServerStatus status(std::uint64_t primary, std::uint64_t term,
                                     std::uint64_t applied) {
  starling::admin::ServerStatus made;
  made.primary_id = primary;
  made.term = term;
  made.applied_index = applied;
  made.has_quorum = true;
  return made;
}

ClusterEvent event(Kind kind, const std::string& from = "", const std::string& to = "",
                   std::int64_t ms = 0) {
  ClusterEvent made;
  made.kind = kind;
  made.from = from;
  made.to = to;
  made.ms = ms;
  return made;
}

class Servers : public testing::Test {
 protected:
  std::string text(int row, int role) const {
    return model_.data(model_.index(row), role).toString().toStdString();
  }
  bool primary(int row) const {
    return model_.data(model_.index(row), ServersModel::IsPrimaryRole).toBool();
  }

  ServersModel model_;
};

TEST_F(Servers, StandByAddressWithTheirRoles) {
  starling::ServerList told = list(2, 7);
  told.servers[0].voter = false;  // The third one.
  told.servers[1].state = starling::ServerState::kDown;
  model_.set_list(told);
  ASSERT_EQ(model_.count(), 3);
  EXPECT_EQ(text(0, ServersModel::AddressRole), "127.0.0.1:5101");
  EXPECT_EQ(text(0, ServersModel::StateTextRole), "down");
  EXPECT_EQ(text(0, ServersModel::RoleTextRole), "backup");
  EXPECT_EQ(text(1, ServersModel::RoleTextRole), "primary");
  EXPECT_TRUE(primary(1));
  EXPECT_EQ(text(1, ServersModel::TermTextRole), "");  // Nobody asked it yet.
  EXPECT_EQ(text(2, ServersModel::RoleTextRole), "joining");
}

TEST_F(Servers, SayHowFarTheyAreBehind) {
  model_.set_list(list(2, 7));
  model_.apply_status("127.0.0.1:5101", status(2, 7, 90));
  model_.apply_status("127.0.0.1:5102", status(2, 7, 100));
  model_.apply_status("127.0.0.1:5103", starling::Error{});
  EXPECT_EQ(text(0, ServersModel::LagTextRole), "10 behind");
  EXPECT_EQ(text(0, ServersModel::TermTextRole), "term 7");
  EXPECT_EQ(text(1, ServersModel::LagTextRole), "level");
  EXPECT_EQ(text(2, ServersModel::LagTextRole), "");
  EXPECT_EQ(text(2, ServersModel::StateTextRole), "no answer");
  EXPECT_EQ(text(2, ServersModel::RoleTextRole), "backup");
  model_.apply_status("127.0.0.1:5102", starling::Error{});
  EXPECT_EQ(text(1, ServersModel::RoleTextRole), "was primary");
  EXPECT_FALSE(primary(1));
  starling::admin::ServerStatus draining = status(2, 7, 100);
  draining.draining = true;
  model_.apply_status("127.0.0.1:5102", draining);
  EXPECT_EQ(text(1, ServersModel::StateTextRole), "going to stop");
  starling::admin::ServerStatus alone = status(2, 7, 100);
  alone.has_quorum = false;
  model_.apply_status("127.0.0.1:5102", alone);
  EXPECT_EQ(text(1, ServersModel::StateTextRole), "no majority");
  model_.forget_statuses();
  EXPECT_EQ(text(1, ServersModel::StateTextRole), "up");
  EXPECT_EQ(text(0, ServersModel::LagTextRole), "");
}

TEST_F(Servers, TheNewestTermNamesThePrimary) {
  model_.set_list(list(2, 7));
  model_.apply_status("127.0.0.1:5103", status(3, 8, 100));
  EXPECT_TRUE(primary(2));
  model_.apply_status("127.0.0.1:5101", status(2, 7, 100));  // Has not heard of it.
  EXPECT_TRUE(primary(2));
  EXPECT_FALSE(primary(1));
  QSignalSpy reset(&model_, &QAbstractItemModel::modelReset);
  model_.set_list(list(3, 8));  // The same servers: rows stay, and what they answered.
  EXPECT_EQ(reset.count(), 0);
  EXPECT_EQ(text(2, ServersModel::TermTextRole), "term 8");
}

TEST(ClusterEventList, SaysWhatHappenedTheNewestFirst) {
  ClusterEvents model;
  const QDateTime at(QDate(2026, 3, 1), QTime(14, 3, 27, 512));
  model.add(event(Kind::kConnected, "", "127.0.0.1:5101"), at);
  model.add(event(Kind::kFailoverStarted, "127.0.0.1:5101"), at);
  model.add(event(Kind::kFailedOver, "127.0.0.1:5101", "127.0.0.1:5102", 38), at);
  model.add(event(Kind::kDegraded), at);
  model.add(event(Kind::kDraining, "", "127.0.0.1:5102"), at);
  ClusterEvent changed;
  changed.kind = Kind::kServersChanged;
  changed.servers = list(2, 7);
  model.add(changed, at);
  model.add(changed, at);  // Says nothing new.
  changed.servers.servers[0].state = starling::ServerState::kDown;
  model.add(changed, at);
  ASSERT_EQ(model.count(), 7);
  model.copy();
  EXPECT_EQ(QGuiApplication::clipboard()->text().toStdString(),
            "14:03:27.512 Connected; the primary is 127.0.0.1:5101\n"
            "14:03:27.512 Lost the primary 127.0.0.1:5101\n"
            "14:03:27.512 The primary is 127.0.0.1:5102 now, after 38 ms\n"
            "14:03:27.512 Too few servers are up: read-only\n"
            "14:03:27.512 127.0.0.1:5102 is going to stop\n"
            "14:03:27.512 3 servers, term 7, all up\n"
            "14:03:27.512 3 servers, term 7; no word of 127.0.0.1:5103\n");
  EXPECT_EQ(model.data(model.index(6), ClusterEvents::ToneRole).toInt(), ClusterEvents::Good);
  EXPECT_EQ(model.data(model.index(3), ClusterEvents::ToneRole).toInt(), ClusterEvents::Warning);
  EXPECT_EQ(model.data(model.index(0), ClusterEvents::TimeRole).toString().toStdString(),
            "14:03:27.512");
}

TEST(ClusterEventList, IsBounded) {
  ClusterEvents model;
  const QDateTime now = QDateTime::currentDateTime();
  for (int n = 0; n < 3 * ClusterEvents::kMax; ++n) {
    model.add(event(Kind::kFailedOver, "", "server", n), now);
  }
  EXPECT_EQ(model.count(), ClusterEvents::kMax);
  EXPECT_EQ(model.data(model.index(0), ClusterEvents::SentenceRole).toString().toStdString(),
            "The primary is server now, after 599 ms");
}

TEST(ClusterStatusLine, TellsOfAFailover) {
  ClusterStatus status;
  QSignalSpy told(&status, &ClusterStatus::failedOver);
  status.apply(event(Kind::kConnected, "", "127.0.0.1:5101"));
  EXPECT_EQ(status.switched_text(), QString());
  status.apply(event(Kind::kFailoverStarted, "127.0.0.1:5101"));
  EXPECT_EQ(told.count(), 0);
  status.apply(event(Kind::kFailedOver, "127.0.0.1:5101", "127.0.0.1:5103", 38));
  EXPECT_EQ(told.count(), 1);
  EXPECT_EQ(status.switched_text().toStdString(), "Now on 127.0.0.1:5103, 38 ms");
  EXPECT_EQ(status.events()->count(), 3);
}

}  // namespace
}  // namespace starling_app
