// See stage.h.
#include "tests/qml/components/stage.h"

#include <QClipboard>
#include <QFile>
#include <QGuiApplication>

#include "tests/qml/patience.h"

namespace starling_app {
namespace {

namespace v1 = starling::v1;

constexpr std::int64_t kBob = 2;
constexpr std::int64_t kCarl = 3;
constexpr std::int64_t kGroup = 20;
constexpr std::int64_t kThen = 1'700'000'000'000;

v1::Member member(const v1::Account& account, v1::MemberRole role) {
  v1::Member made;
  *made.mutable_account() = account;
  made.set_role(role);
  return made;
}

v1::Message message(std::int64_t seq, const v1::Account& sender, const std::string& body) {
  v1::Message made;
  made.set_id(kGroup * 1'000 + seq);
  made.set_conversation_id(kGroup);
  made.set_seq(seq);
  made.set_sender_id(sender.id());
  made.set_sender(sender.name());
  made.set_body(body);
  made.set_sent_at_ms(kThen + seq);
  return made;
}

v1::MemberRole role_of(const QString& role) {
  if (role == u"owner") return v1::MEMBER_ROLE_OWNER;
  return role == u"admin" ? v1::MEMBER_ROLE_ADMIN : v1::MEMBER_ROLE_MEMBER;
}

starling::ClusterEvent cluster_event(starling::ClusterEvent::Kind kind, const QString& from,
                                     const QString& to, std::int64_t ms = 0) {
  starling::ClusterEvent made;
  made.kind = kind;
  made.from = from.toStdString();
  made.to = to.toStdString();
  made.ms = ms;
  return made;
}

}  // namespace

Stage::Stage()
    : settings_(folder_.filePath(QStringLiteral("settings.ini"))),
      client_({address()}, folder_.filePath(QStringLiteral("client"))),
      stranger_({}, folder_.filePath(QStringLiteral("stranger"))) {
  language_.use(QStringLiteral("en"));
  server_.set_account(fake_account(kBob, "bob", "Bob Builder", "I build."));
}

Stage::~Stage() = default;

bool Stage::logIn(const QString& role) {
  const v1::Account ada = fake_account(kFakeAccount, "ada", "Ada Lovelace", "I count.");
  const v1::Account bob = fake_account(kBob, "bob", "Bob Builder", "I build.");
  const v1::Account carl = fake_account(kCarl, "carl", "Carl", "");
  server_.set_account(ada);
  server_.set_account(carl, true);
  server_.set_directory({bob, carl});
  server_.set_sessions({fake_session(5, "a phone", false), fake_session(6, "this one", true),
                        fake_session(7, "a tablet", false)});
  v1::Conversation group;
  group.set_id(kGroup);
  group.set_title("Lunch");
  group.set_kind(v1::CONVERSATION_KIND_GROUP);
  group.set_role(role_of(role));
  group.set_member_count(2);
  group.set_last_seq(3);
  group.set_read_seq(3);
  server_.set_conversation(group);
  server_.set_members(
      kGroup, {member(ada, role_of(role)),
               member(bob, role == u"owner" ? v1::MEMBER_ROLE_MEMBER : v1::MEMBER_ROLE_OWNER)});
  v1::Message answer = message(2, ada, "two");
  answer.set_reply_to(1);
  v1::Message edited = message(3, bob, "three");
  edited.set_edits(1);
  for (const v1::Message& one : {message(1, bob, "one"), answer, edited}) server_.put(one);
  v1::Edit before;
  before.set_body("thre");
  before.set_at_ms(kThen + 4);
  server_.set_edits({before});
  v1::SearchHit hit;
  *hit.mutable_message() = message(1, bob, "one");
  hit.add_ranges()->set_end(3);
  server_.set_hits({hit});

  client_.start();
  if (client_.state() != ChatClient::Ready) {
    client_.logIn(QStringLiteral("ada"), QString::fromLatin1(kFakePassword));
  }
  if (!until([this] { return client_.conversations()->contains(kGroup); })) return false;
  client_.openConversation(kGroup);
  return until([this] {
    return client_.timeline()->count() == 3 && client_.groups()->members()->count() == 2 &&
           client_.account()->about() == u"I count.";
  });
}

QStringList Stage::writes() {
  QStringList lines;
  for (const std::string& line : server_.writes()) lines << QString::fromStdString(line);
  return lines;
}

void Stage::refuse(const QString& name, const QString& words) {
  server_.refuse(name.toStdString(), words.toStdString());
}

void Stage::setPeople(const QStringList& names) {
  std::vector<starling::Account> list;
  for (const QString& name : names) {
    starling::Account one;
    one.id = static_cast<std::int64_t>(list.size()) + 10;
    one.name = name.toLower().remove(u' ').toStdString();
    one.display_name = name.toStdString();
    list.push_back(one);
  }
  people_.set(std::move(list));
}

void Stage::connected(const QString& to) {
  cluster_.apply(cluster_event(starling::ClusterEvent::Kind::kConnected, {}, to));
}

void Stage::failoverStarted(const QString& from) {
  cluster_.apply(cluster_event(starling::ClusterEvent::Kind::kFailoverStarted, from, {}));
}

void Stage::failedOver(const QString& to, int ms) {
  cluster_.apply(cluster_event(starling::ClusterEvent::Kind::kFailedOver, {}, to, ms));
}

void Stage::servers(int count) {
  starling::ServerList list;
  list.primary_id = 1;
  list.term = 3;
  for (int number = 1; number <= count; ++number) {
    starling::Server server;
    server.id = static_cast<std::uint64_t>(number);
    server.address = "127.0.0.1:" + std::to_string(5'100 + number);
    server.voter = true;
    list.servers.push_back(server);
  }
  cluster_.set_list(list);
}

void Stage::noMajority() {
  cluster_.apply(cluster_event(starling::ClusterEvent::Kind::kDegraded, {}, {}));
  cluster_.set_reachable(true);
}

LocalCluster* Stage::localCluster(const QString& script) {
  if (script.isEmpty()) return new LocalCluster(QString(), this);
  const QString path = folder_.filePath(QStringLiteral("program%1").arg(++programs_));
  QFile file(path);
  if (!file.open(QIODevice::WriteOnly) || file.write("#!/bin/sh\n" + script.toUtf8() + '\n') < 0 ||
      !file.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner)) {
    qFatal("%s cannot be written", qPrintable(path));
  }
  return new LocalCluster(path, this);
}

QString Stage::clipboard() const { return QGuiApplication::clipboard()->text(); }

}  // namespace starling_app
