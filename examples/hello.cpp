// The shortest client: two accounts, a conversation, one message.
//   hello [ADDRESS]        any server of a cluster; 127.0.0.1:5101 unless told
#include <cstdio>
#include <string>

#include "starling/client.h"

namespace {

int fail(const starling::Error& error) {
  std::fprintf(stderr, "hello: %s\n", error.message.c_str());
  return 1;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string first = argc > 1 ? argv[1] : "127.0.0.1:5101";
  if (argc > 2 || first.rfind('-', 0) == 0) {
    const bool asked = first == "--help" || first == "-h";
    std::fprintf(asked ? stdout : stderr, "usage: hello [ADDRESS]    (127.0.0.1:5101)\n");
    return asked ? 0 : 2;
  }
  // One address is enough: the client learns of the others and follows every failover.
  auto client = starling::Client::connect({first});
  if (!client) return fail(client.error());

  for (const std::string name : {"ada", "bob"}) {
    const auto created = client->create_account(name, "correct horse");
    if (!created && created.error().code != starling::ErrorCode::kAlreadyExists) {
      return fail(created.error());
    }
  }
  auto ada = client->log_in("ada", "correct horse");
  if (!ada) return fail(ada.error());
  auto chat = ada->open_direct("bob");
  if (!chat) return fail(chat.error());
  auto sent = ada->send(chat->id, "hello");  // Retried through any failover; takes effect once.
  if (!sent) return fail(sent.error());
  std::printf("stored as number %lld of the conversation\n", static_cast<long long>(sent->seq));
}
