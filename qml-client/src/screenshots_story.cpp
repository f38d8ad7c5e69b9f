// See screenshots_story.h.
#include "qml-client/src/screenshots_story.h"

#include <chrono>
#include <map>
#include <string_view>
#include <vector>

namespace starling_app {
namespace {

constexpr std::chrono::milliseconds kPatience{2'000};  // One that is up answers within a fraction.

struct Person {
  const char* name;
  const char* shown;
};

constexpr Person kPeople[] = {
    {"ada", "Ada Lovelace"},
    {"ben.okafor", "Ben Okafor"},
    {"bela", "Béla Kovács"},
    {"bianca", "Bianca Rossi"},
    {"grace", "Grace Hopper"},
    {"linus.w", "Linus Weber"},
    {"mei-lin", "Mei-Lin Zhao"},
    {"noor", "Noor Haddad"},
    {"bruno", "Bruno Silva"},
    {"tomas", "Tomás Fernández"},
    {"yuki", "山田 由紀"},
    {"layla", "ليلى منصور"},
    {"party.crew", "🎈🐦🎉"},
    {"maximiliana", "Maximiliana Theodora von Hohenstein zu Sonnenberg-Wiesental"},
};

struct Line {
  const char* from;
  const char* to;
  const char* body;
};

constexpr Line kLines[] = {
    {"maximiliana", "ada",
     "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft is one "
     "word, and https://example.org/a/very/long/address/without/a/single/space/in/it/that/goes/on "
     "is one address."},
    {"ada", "maximiliana", "Your name alone fills my window :)"},
    {"maximiliana", "ada", "A\n\nB"},
    {"party.crew", "ada", "🎂🎂🎂"},
    {"ada", "party.crew", "👩‍👩‍👧‍👦 🏳️‍🌈 👍🏽 🇪🇺 ☕ ❤️"},
    {"party.crew", "ada", "🐦"},
    {"ada", "party.crew", "See you at 8 🥳"},
    {"layla", "ada", "مرحبا! هل وصلت رسالتي عندما توقف الخادم؟"},
    {"ada", "layla", "نعم، وصلت خلال 38 ms بدون أي مشكلة."},
    {"layla", "ada", "ممتاز. שלום גם מהצוות שלנו, הכול עובד (n3 → n4)."},
    {"yuki", "ada", "サーバーが一台止まりましたが、メッセージは全部届いています。"},
    {"ada", "yuki", "太好了！没有丢失任何消息。"},
    {"yuki", "ada", "안녕하세요, 내일 다시 시험해 봅시다。今度は二台同時に止めますか？"},
    {"linus.w", "ada", "The slides are in the shared folder."},
    {"ada", "linus.w", "Great, I’ll read them tonight."},
    {"ada", "bianca", "Are you coming tonight?"},
    {"noor", "ada", "Did the train get in on time?"},
    {"ada", "noor", "Three minutes early 🎉"},
    {"noor", "ada",
     "Good. The plan for tonight: https://starling.example/cluster-night (two pages)."},
    {"mei-lin", "ada", "Lunch on Thursday?"},
    {"mei-lin", "ada", "There is a new noodle place near the station."},
    {"tomas", "ada", "Can you look at my change when you have a minute?"},
    {"grace", "ada", "Morning! Did you see what the cluster did last night?"},
    {"ada", "grace", "No, I was asleep 😴 What happened?"},
    {"grace", "ada", "Somebody pulled the plug of the primary at 02:14."},
    {"grace", "ada", "Nobody noticed."},
    {"ada", "grace", "Nobody at all?"},
    {"grace", "ada",
     "Not one message lost, not one twice. A backup took over in a few milliseconds, the clients "
     "moved on to it by themselves, and what people were typing at that moment simply went "
     "through. I only know because the pill at the bottom left says so."},
    {"ada", "grace",
     "That is the best kind of incident report.\n\nFor the notes:\n1. what was killed\n2. who took "
     "over\n3. how long it took"},
    {"grace", "ada", "Already written down 📝"},
    {"ada", "grace", "You are quick! Shall we try it with two servers today? 🐦"},
    {"grace", "ada", "Yes. I’ll bring the coffee ☕, you bring the kill command."},
};

using Sessions = std::map<std::string, starling::Session>;

// What two of them say of themselves, whom ada blocks, and who blocks ada.
starling::Status tell_people(Sessions& sessions) {
  auto own = sessions["ada"].set_profile(
      "Ada Lovelace", "Numbers, engines, poetry. I answer in the evening, mostly.");
  if (!own.ok()) return own.error();
  auto other = sessions["grace"].set_profile(
      "Grace Hopper", "Compilers and clusters. If it is a good idea, I have done it already.");
  if (!other.ok()) return other.error();
  const auto refused = sessions["bianca"].set_block("ada", true);
  return refused.ok() ? sessions["ada"].set_block("bruno", true) : refused;
}

// Who speaks has read what came before.
starling::Result<starling::Message> say(starling::Session& who, std::int64_t group,
                                        const char* body, std::int64_t reply_to = 0) {
  starling::SendOptions options;
  options.reply_to = reply_to;
  auto sent = who.send(group, body, options);
  if (sent.ok()) (void)who.mark_read(group, sent->seq);
  return sent;
}

// The group that is ada's own.
starling::Status tell_own_group(Sessions& sessions) {
  auto group = sessions["ada"].create_group("Reading circle", {"mei-lin", "noor", "tomas"});
  if (!group.ok()) return group.error();
  const std::int64_t noor = sessions["noor"].account().id;
  if (const auto done = sessions["ada"].set_role(group->id, noor, starling::MemberRole::kAdmin);
      !done.ok()) {
    return done;
  }
  for (const auto& [name, body] : {std::pair("noor", "Chapter three by Sunday?"),
                                   {"tomas", "I am still in chapter one 🙈"},
                                   {"ada", "Then we meet for chapter one."}}) {
    const auto said = say(sessions[name], group->id, body);
    if (!said.ok()) return said.error();
  }
  return starling::Unit{};
}

// A night with a cluster, in a group of five: what was done to it and in it.
starling::Status tell_group(Sessions& sessions) {
  starling::Session& ada = sessions["ada"];
  starling::Session& grace = sessions["grace"];
  starling::Session& noor = sessions["noor"];
  auto group = grace.create_group("Cluster night", {"ada", "ben.okafor", "noor"});
  if (!group.ok()) return group.error();
  const std::int64_t id = group->id;
  std::int64_t first = 0;
  auto said = say(grace, id, "We kill two servers at once tonight. Who watches the logs?");
  if (!said.ok()) return said.error();
  first = said->seq;
  for (const auto& [name, emoji] : {std::pair("ada", "👍"), {"noor", "👍"}, {"ben.okafor", "👀"}}) {
    const auto done = sessions[name].react(id, first, emoji);
    if (!done.ok()) return done;
  }
  if (auto status = say(noor, id, "I can, until eleven.", first); !status.ok())
    return status.error();
  if (auto done = grace.add_members(id, {"mei-lin"}); !done.ok()) return done.error();
  const auto own = say(ada, id, "I take the second half then. @mei-lin do you bring the noddles?");
  if (!own.ok()) return own.error();
  const auto edited = ada.edit_message(
      id, own->seq, "I take the second half then. @mei-lin do you bring the noodles?");
  if (!edited.ok()) return edited.error();
  const auto answer = say(sessions["mei-lin"], id, "On my way 🍜", own->seq);
  if (!answer.ok()) return answer.error();
  for (const char* name : {"ada", "grace", "noor"}) {
    const auto done = sessions[name].react(id, answer->seq, "🎉");
    if (!done.ok()) return done;
  }
  std::int64_t ben = sessions["ben.okafor"].account().id;
  if (const auto done = grace.set_role(id, ben, starling::MemberRole::kAdmin); !done.ok()) {
    return done;
  }
  const auto last = say(grace, id, "@ada you have the kill command, start whenever you like.");
  return last.ok() ? starling::Status(starling::Unit{}) : starling::Status(last.error());
}

// What the pictures show as unread was read when they were taken before.
QString tell_again(starling::Client& client) {
  auto session = client.log_in("mei-lin", kStoryPassword, "Terminal on lovelace");
  if (!session.ok()) return QString::fromStdString(session.error().message);
  const auto chat = session->open_direct("ada");
  if (!chat.ok()) return QString::fromStdString(chat.error().message);
  for (const Line& line : kLines) {
    if (std::string_view(line.from) != "mei-lin") continue;
    const auto sent = session->send(chat->id, line.body);
    if (!sent.ok()) return QString::fromStdString(sent.error().message);
  }
  return {};
}

}  // namespace

QString look_for_server(const QStringList& servers) {
  std::vector<std::string> addresses;
  for (const QString& server : servers) addresses.push_back(server.toStdString());
  starling::ClientOptions options;
  options.timeout = kPatience;
  const auto client = starling::Client::connect(addresses, options);
  if (client.ok()) return {};
  return QStringLiteral(
             "No server answers at %1, and the pictures are taken of a cluster. Start one "
             "(clusterctl up), name another with --servers, or let `./run app --screenshots DIR` "
             "start one of its own.")
      .arg(servers.join(QStringLiteral(", ")));
}

QString tell_story(const QStringList& servers) {
  std::vector<std::string> addresses;
  for (const QString& server : servers) addresses.push_back(server.toStdString());
  auto client = starling::Client::connect(addresses);
  if (!client.ok()) return QString::fromStdString(client.error().message);
  Sessions sessions;
  for (const Person& person : kPeople) {
    const auto made = client->create_account(person.name, kStoryPassword, person.shown);
    if (!made.ok() && made.error().code == starling::ErrorCode::kAlreadyExists) {
      // Told before: every one of them has the story's password.
      if (client->log_in(person.name, kStoryPassword).ok()) return tell_again(*client);
      return QStringLiteral(
                 "%1 is somebody else's account there; the pictures need a cluster of their own.")
          .arg(QLatin1String(person.name));
    }
    if (!made.ok()) return QString::fromStdString(made.error().message);
    const auto session = client->log_in(person.name, kStoryPassword, "Terminal on lovelace");
    if (!session.ok()) return QString::fromStdString(session.error().message);
    sessions[person.name] = session.value();
  }
  const starling::Status own_group = tell_own_group(sessions);
  if (!own_group.ok()) return QString::fromStdString(own_group.error().message);
  for (const Line& line : kLines) {
    starling::Session& from = sessions[line.from];
    auto chat = from.open_direct(line.to);
    if (!chat.ok()) return QString::fromStdString(chat.error().message);
    const auto sent = from.send(chat->id, line.body);
    if (!sent.ok()) return QString::fromStdString(sent.error().message);
    // Who answers has read what came before.
    const auto read = from.mark_read(chat->id, sent.value().seq);
    if (!read.ok()) return QString::fromStdString(read.error().message);
  }
  const starling::Status people = tell_people(sessions);
  if (!people.ok()) return QString::fromStdString(people.error().message);
  const starling::Status group = tell_group(sessions);
  return group.ok() ? QString() : QString::fromStdString(group.error().message);
}

}  // namespace starling_app
