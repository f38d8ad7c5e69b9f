// See screenshots_story.h.
#include "qml-client/src/screenshots_story.h"

#include <chrono>
#include <map>
#include <vector>

namespace starling_app {
namespace {

constexpr std::chrono::milliseconds kPatience{2'000};  // One that is up answers within a fraction.

struct Person {
  const char* name;
  const char* shown;
};

constexpr Person kPeople[] = {
    {"ada", "Ada Lovelace"},      {"ben.okafor", "Ben Okafor"}, {"bela", "Béla Kovács"},
    {"bianca", "Bianca Rossi"},   {"grace", "Grace Hopper"},    {"linus.w", "Linus Weber"},
    {"mei-lin", "Mei-Lin Zhao"},  {"noor", "Noor Haddad"},      {"bruno", "Bruno Silva"},
    {"tomas", "Tomás Fernández"},
};

struct Line {
  const char* from;
  const char* to;
  const char* body;
};

constexpr Line kLines[] = {
    {"linus.w", "ada", "The slides are in the shared folder."},
    {"ada", "linus.w", "Great, I’ll read them tonight."},
    {"noor", "ada", "Did the train get in on time?"},
    {"ada", "noor", "Three minutes early 🎉"},
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
  std::map<std::string, starling::Session> sessions;
  for (const Person& person : kPeople) {
    const auto made = client->create_account(person.name, kStoryPassword, person.shown);
    if (!made.ok() && made.error().code == starling::ErrorCode::kAlreadyExists) {
      // Told before: every one of them has the story's password.
      if (client->log_in(person.name, kStoryPassword).ok()) return {};
      return QStringLiteral(
                 "%1 is somebody else's account there; the pictures need a cluster of their own.")
          .arg(QLatin1String(person.name));
    }
    if (!made.ok()) return QString::fromStdString(made.error().message);
    const auto session = client->log_in(person.name, kStoryPassword);
    if (!session.ok()) return QString::fromStdString(session.error().message);
    sessions[person.name] = session.value();
  }
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
  return {};
}

}  // namespace starling_app
