// The index and its searcher over a real chat store, for the tests of server/search.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <random>

#include "server/search/index.h"
#include "tests/unit/chat/world.h"

namespace starling::search {

using chat::ConversationId;
using chat::Person;
using Strings = std::vector<std::string>;

class IndexTest : public ::testing::Test {
 protected:
  IndexTest() {
    std::random_device random;
    directory_ = std::filesystem::temp_directory_path() /
                 ("starling-search-" + std::to_string(random()) + std::to_string(random()));
    std::filesystem::create_directories(directory_);
    world_.open(file("chat.db"));
    open("one");
  }
  ~IndexTest() override {
    searcher_.reset();
    index_.reset();
    std::filesystem::remove_all(directory_);
  }

  std::string file(const char* name) const { return (directory_ / name).string(); }
  void open(const std::string& history) {
    searcher_.reset();
    index_.reset();
    ASSERT_OK(Index::open(file("search.db"), history, index_));
    ASSERT_OK(Searcher::open(file("search.db"), searcher_));
  }
  void catch_up() {
    bool more = true;
    while (more) ASSERT_OK(index_->advance(world_.reader(), more));
  }
  Found find(const Person& who, const std::string& query, ConversationId conversation = 0,
             int limit = 50, const std::string& page = "") {
    catch_up();
    return find_as_it_is(who, query, conversation, limit, page);
  }
  // In what the index has.
  Found find_as_it_is(const Person& who, const std::string& query, ConversationId conversation = 0,
                      int limit = 50, const std::string& page = "") {
    Found out;
    EXPECT_OK(searcher_->find(world_.reader(),
                              {who.actor.account, query, conversation, page, limit}, out, answer_,
                              error_));
    return out;
  }
  Strings bodies(const Found& found) {
    Strings out;
    for (const Hit& hit : found.hits) out.push_back(hit.message.body);
    return out;
  }
  Strings search(const Person& who, const std::string& query, ConversationId conversation = 0) {
    Strings out = bodies(find(who, query, conversation, 10'000));
    EXPECT_EQ(answer_, Answer::kOk) << error_;
    std::sort(out.begin(), out.end());
    return out;
  }
  // The parts of the bodies that were found, one string for each hit.
  Strings marks(const Person& who, const std::string& query) {
    Strings out;
    for (const Hit& hit : find(who, query).hits) {
      std::string parts;
      for (const Range& range : hit.ranges) {
        parts += "[" + hit.message.body.substr(range.begin, range.end - range.begin) + "]";
      }
      out.push_back(parts);
    }
    return out;
  }

  // Without the index: every text that the account sees and that has a word beginning so.
  Strings read_through(const Person& who, const std::string& beginning) {
    Strings out;
    std::vector<chat::Stay> stays;
    EXPECT_OK(world_.reader().stays(who.actor.account, stays));
    for (const chat::Stay& stay : stays) {
      chat::History history;
      chat::HistoryPage page{chat::HistoryPage::From::kAfter, 0, 100'000};
      bool is_member = false;
      EXPECT_OK(
          world_.reader().history(stay.conversation, who.actor.account, page, is_member, history));
      for (const chat::Message& message : history.messages) {
        if (message.deleted || message.hidden || message.kind != chat::MessageKind::kText) continue;
        if (has_word(message.body, beginning)) out.push_back(message.body);
      }
    }
    std::sort(out.begin(), out.end());
    return out;
  }
  static bool has_word(const std::string& text, const std::string& beginning) {
    for (std::size_t at = text.find(beginning); at != std::string::npos;
         at = text.find(beginning, at + 1)) {
      if (at == 0 || std::isalnum(static_cast<unsigned char>(text[at - 1])) == 0) return true;
    }
    return false;
  }

  std::filesystem::path directory_;
  chat::World world_;
  std::unique_ptr<Index> index_;
  std::unique_ptr<Searcher> searcher_;
  Answer answer_ = Answer::kOk;
  std::string error_;
};

}  // namespace starling::search
