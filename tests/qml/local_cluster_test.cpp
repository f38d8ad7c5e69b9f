// Starting the local cluster: what the program says, and what is said when it cannot.
#include "qml-client/src/local_cluster.h"

#include <gtest/gtest.h>

#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>

namespace starling_app {
namespace {

constexpr int kPatienceMs = 20'000;

class Local : public testing::Test {
 protected:
  // A program of that text, in place of clusterctl.
  QString program(const char* text) {
    const QString path = folder_.filePath(QStringLiteral("clusterctl"));
    QFile file(path);
    EXPECT_TRUE(file.open(QIODevice::WriteOnly));
    EXPECT_GT(file.write(text), 0);
    EXPECT_TRUE(file.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner));
    return path;
  }
  static std::string until_error(LocalCluster& cluster) {
    QSignalSpy changed(&cluster, &LocalCluster::changed);
    while (cluster.error().isEmpty() && changed.wait(kPatienceMs)) {
    }
    return cluster.error().toStdString();
  }

  QTemporaryDir folder_;
};

TEST_F(Local, TellsTheAddressesOfWhatItStarted) {
  LocalCluster cluster(
      program("#!/bin/sh\necho 'n1 is up' >&2\n"
              "[ \"$*\" = 'up -o json' ] || exit 3\n"
              "echo '{\"servers\":[{\"address\":\"127.0.0.1:1\"},{\"address\":"
              "\"127.0.0.1:2\"}]}'\n"));
  ASSERT_TRUE(cluster.available());
  QSignalSpy started(&cluster, &LocalCluster::started);
  cluster.start();
  EXPECT_FALSE(cluster.progress().isEmpty());
  ASSERT_TRUE(started.wait(kPatienceMs)) << cluster.error().toStdString();
  EXPECT_EQ(started[0][0].toString(), QStringLiteral("127.0.0.1:1,127.0.0.1:2"));
  EXPECT_FALSE(cluster.running());
  EXPECT_EQ(cluster.error(), QString());
}

TEST_F(Local, SaysWhyNothingWasStartedAndMayBeTriedAgain) {
  LocalCluster cluster(program(
      "#!/bin/sh\necho 'clusterctl: port 5101 is taken' >&2\necho 'usage: x' >&2\nexit 2\n"));
  cluster.start();
  EXPECT_EQ(until_error(cluster), "The servers cannot be started: port 5101 is taken");
  EXPECT_FALSE(cluster.running());
  program("#!/bin/sh\necho '{}'\n");
  cluster.start();
  EXPECT_EQ(cluster.error(), QString());
  EXPECT_NE(until_error(cluster).find("did not say where"), std::string::npos);
}

TEST_F(Local, AProgramThatIsNoneIsSaid) {
  LocalCluster cluster(folder_.filePath(QStringLiteral("nothing")));
  cluster.start();
  EXPECT_NE(until_error(cluster).find("cannot be started"), std::string::npos);
  LocalCluster none{QString()};
  EXPECT_FALSE(none.available());
  none.start();
  EXPECT_FALSE(none.running());
}

}  // namespace
}  // namespace starling_app
