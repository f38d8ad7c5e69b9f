// A model client's searches. The chat model says what there is to be found: nothing that the client
// may not see, and all of the rest, on whichever server (P6, P8).
#include <set>
#include <string>

#include "tests/lib/sim_client.h"
#include "tests/lib/sim_world.h"

namespace starling::sim {

namespace {
constexpr int kAtTheEnd = 3;
constexpr std::uint64_t kShapes = 6;

// As somebody types it. Behind a space nothing goes on.
std::string typed(const SearchTerms& terms) {
  std::string out = terms.words.size() > 1 ? "\"" : "";
  for (const std::string& word : terms.words) out += (out.size() > 1 ? " " : "") + word;
  if (terms.words.size() > 1) out += "\"";
  out += terms.begins ? "*" : " ";
  if (!terms.from.empty()) out += " from:" + terms.from;
  return out;
}
}  // namespace

SearchTerms SimClient::some_terms(std::uint64_t shape) {
  Random& random = world_.random;
  SearchTerms terms;
  const std::string word = kSearchWords[random.below(kSearchWords.size())];
  switch (shape) {
    case 0:
      terms.words = {word.substr(0, 3)};
      terms.begins = true;
      break;
    case 1:
      terms.words = {"edited"};
      break;
    case 2: {
      const std::size_t number = 1 + random.below(20);  // As send() puts them side by side.
      terms.words = {std::to_string(number), kSearchWords[(number - 1) % kSearchWords.size()]};
      break;
    }
    default:
      terms.words = {word};
      if (shape == 3 && !talks_.empty()) terms.conversation = random.one_of(talks_).id;
      if (shape == 4) terms.from = random.one_of(world_.clients())->account_name();
  }
  return terms;
}

void SimClient::search() {
  const int number = world_.some_up_node();
  if (number == 0 || account_ == 0) return;
  search_at(world_.node(number), some_terms(world_.random.below(kShapes)));
}

void SimClient::check_searches(SimNode& node) {
  for (int i = 0; i < kAtTheEnd; ++i) search_at(node, some_terms(world_.random.below(kShapes)));
}

// At a server that lags behind the others it is asked as well, but nobody knows what it has to
// find.
void SimClient::search_at(SimNode& node, const SearchTerms& terms) {
  search::Request request;
  request.viewer = account_;
  request.query = typed(terms);
  request.conversation = terms.conversation;
  search::Answer answer = search::Answer::kOk;
  std::set<chat::MessageId> found;
  if (!node.search(request, answer, found)) return;
  const ChatModel& model = world_.invariants.model();
  if (node.applied_index() < model.index()) return;
  ++world_.stats.searches;
  const std::string what = "client " + std::to_string(number_) + " looks for '" + request.query +
                           "' in " + std::to_string(terms.conversation) + " at " + node.name();
  const auto wanted = model.search(account_, terms);
  const search::Answer right = wanted ? search::Answer::kOk : search::Answer::kNoConversation;
  if (answer != right) {
    violated("search", what + " and is answered " + std::to_string(static_cast<int>(answer)));
  }
  if (wanted && found != *wanted) {
    violated("search", what + " and finds " + std::to_string(found.size()) + " instead of " +
                           std::to_string(wanted->size()) + ", or others");
  }
}

}  // namespace starling::sim
