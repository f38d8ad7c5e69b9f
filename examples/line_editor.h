// One line of text while it is edited: keys in, text and cursor out. Knows no terminal but the
// bytes that its keys send.
#pragma once

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "examples/terminal_text.h"

class LineEditor {
 public:
  // Text for the place of the cursor.
  void insert(char32_t c) {
    if (c < 0x20 || c == 0x7f || text_.size() >= kMostCharacters) return;
    text_.insert(at_++, 1, c);
  }
  void move(int by) {
    const auto size = static_cast<long>(text_.size());
    at_ = static_cast<std::size_t>(std::clamp(static_cast<long>(at_) + by, 0L, size));
  }
  void home() { at_ = 0; }
  void end() { at_ = text_.size(); }
  void backspace() {
    if (at_ > 0) text_.erase(--at_, 1);
  }
  void erase() {
    if (at_ < text_.size()) text_.erase(at_, 1);
  }
  void erase_before() {
    text_.erase(0, at_);
    at_ = 0;
  }
  void erase_after() { text_.erase(at_); }
  void erase_word() {
    std::size_t from = at_;
    while (from > 0 && text_[from - 1] == U' ') --from;
    while (from > 0 && text_[from - 1] != U' ') --from;
    text_.erase(from, at_ - from);
    at_ = from;
  }
  // Through earlier lines; the one that was being written waits at the end.
  void history(int by) {
    const long to = static_cast<long>(place_) + by;
    if (to < 0 || to > static_cast<long>(lines_.size())) return;
    if (place_ == lines_.size()) draft_ = text_;
    place_ = static_cast<std::size_t>(to);
    text_ = place_ == lines_.size() ? draft_ : lines_[place_];
    end();
  }
  void key(unsigned char control) {
    if (control == 0x01) home();          // Ctrl-A
    if (control == 0x04) erase();         // Ctrl-D
    if (control == 0x05) end();           // Ctrl-E
    if (control == 0x0b) erase_after();   // Ctrl-K
    if (control == 0x15) erase_before();  // Ctrl-U
    if (control == 0x17) erase_word();    // Ctrl-W
    if (control == 0x08 || control == 0x7f) backspace();
    if (control >= 0x20 && control < 0x7f) insert(control);
  }
  // What follows ESC [ or ESC O.
  void key(const std::string& name) {
    if (name == "A") history(-1);
    if (name == "B") history(1);
    if (name == "C") move(1);
    if (name == "D") move(-1);
    if (name == "H" || name == "1~" || name == "7~") home();
    if (name == "F" || name == "4~" || name == "8~") end();
    if (name == "3~") erase();
  }
  bool empty() const { return text_.empty(); }
  // What is written is meant for others: no command.
  bool holds_text() const { return !text_.empty() && text_[0] != U'/'; }
  std::string take() {
    std::string line;
    for (const char32_t c : text_) line += to_utf8(c);
    if (!text_.empty()) lines_.push_back(std::exchange(text_, {}));
    if (lines_.size() > kMostLines) lines_.erase(lines_.begin());
    place_ = lines_.size();
    at_ = 0;
    return line;
  }
  // One row, whatever the length: what is around the cursor, and never the last column.
  std::string draw(const std::string& prompt, int columns) const {
    const int room = std::max(columns - 1, 4);
    std::string row = "\r\x1b[K";
    int used = 0;
    int text = 1;
    for (const char32_t c : text_) text += width_of(c);
    const int most = room - std::min(text, room / 2);  // It gives way to what is typed, by half.
    for (const char32_t c : to_text(prompt)) {
      if (used + width_of(c) > most) break;
      row += to_utf8(c);
      used += width_of(c);
    }
    int before = 0;
    std::size_t first = at_;
    while (first > 0 && used + before + width_of(text_[first - 1]) < room) {
      before += width_of(text_[--first]);
    }
    const int cursor = used + before;
    for (std::size_t i = first; i < text_.size() && used + width_of(text_[i]) <= room; ++i) {
      row += to_utf8(text_[i]);
      used += width_of(text_[i]);
    }
    return row + "\r" + (cursor > 0 ? "\x1b[" + std::to_string(cursor) + "C" : "");
  }

 private:
  static constexpr std::size_t kMostCharacters = 4'096;  // 16,384 bytes at most.
  static constexpr std::size_t kMostLines = 200;

  std::u32string text_;
  std::size_t at_ = 0;
  std::vector<std::u32string> lines_;
  std::size_t place_ = 0;  // In lines_; its size: the line being written.
  std::u32string draft_;
};
