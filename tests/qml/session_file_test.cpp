// The session that outlives the app.
#include "qml-client/src/session_file.h"

#include <gtest/gtest.h>

#include <QFile>
#include <QTemporaryDir>

namespace starling_app {
namespace {

class SessionFiles : public testing::Test {
 protected:
  SessionFiles() {
    kept_.token = QStringLiteral("secret");
    kept_.account.id = (std::int64_t{1} << 60) + 1;
    kept_.account.name = "ada";
    kept_.account.display_name = "Ada";
    kept_.account.created_at_ms = 1'700'000'000'000;
    kept_.servers = {QStringLiteral("a:1"), QStringLiteral("b:2")};
  }
  void write(const char* text) {
    QFile file(path());
    ASSERT_TRUE(file.open(QIODevice::WriteOnly));
    ASSERT_GT(file.write(text), 0);
  }
  QString path() const { return folder_.filePath(QStringLiteral("session.json")); }

  QTemporaryDir folder_;
  KeptSession kept_;
  QString error_;
};

TEST_F(SessionFiles, ComesBackAsItWasAndIsItsOwnersOnly) {
  const SessionFile file(path());
  EXPECT_FALSE(file.load(error_));
  EXPECT_EQ(error_, QString());
  write("{}");  // That others may read, and that is replaced.
  ASSERT_EQ(file.save(kept_), QString());
  const QFile::Permissions everybodys = QFile::ReadGroup | QFile::WriteGroup | QFile::ExeGroup |
                                        QFile::ReadOther | QFile::WriteOther | QFile::ExeOther;
  const QFile::Permissions given = QFile::permissions(path());
  EXPECT_EQ(given & everybodys, QFile::Permissions());
  EXPECT_TRUE(given & QFile::ReadOwner);
  const auto loaded = file.load(error_);
  ASSERT_TRUE(loaded) << error_.toStdString();
  EXPECT_EQ(loaded->token, kept_.token);
  EXPECT_EQ(loaded->account.id, kept_.account.id);
  EXPECT_EQ(loaded->account.name, "ada");
  EXPECT_EQ(loaded->account.display_name, "Ada");
  EXPECT_EQ(loaded->account.created_at_ms, kept_.account.created_at_ms);
  EXPECT_EQ(loaded->servers, kept_.servers);
  file.remove();
  EXPECT_FALSE(QFile::exists(path()));
}

TEST_F(SessionFiles, ThatCannotBeUsedSayWhatToDo) {
  const SessionFile file(path());
  write("{\"version\": 2, \"token\": \"x\"}");
  EXPECT_FALSE(file.load(error_));
  EXPECT_TRUE(error_.contains("newer Starling")) << error_.toStdString();
  EXPECT_TRUE(error_.contains(path()));
  for (const char* text : {"no json", "{}", "{\"version\": 1, \"token\": \"x\"}", "[1]"}) {
    write(text);
    EXPECT_FALSE(file.load(error_));
    EXPECT_TRUE(error_.contains("damaged")) << text;
  }
}

TEST_F(SessionFiles, ThatCannotBeWrittenAreSaid) {
  write("in the way");
  const SessionFile file(path() + QStringLiteral("/session.json"));
  EXPECT_TRUE(file.save(kept_).contains("cannot be written"));
}

}  // namespace
}  // namespace starling_app
