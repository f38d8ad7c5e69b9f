// A terminal with one line being edited at its bottom and text that scrolls above it; or, when the
// input or output is no terminal, plain lines.
#pragma once

#include <termios.h>

#include <atomic>
#include <chrono>
#include <mutex>
#include <string>

#include "examples/line_editor.h"

class Terminal {
 public:
  enum class Got { kNothing, kLine, kEnd };

  Terminal();
  ~Terminal() { leave(); }
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;

  // Until this is called nobody reads: a signal that asks to end, and Ctrl-C, end the process at
  // once, with the terminal as it was and the exit code 128 and the signal's number.
  void begin();
  // Leaves the terminal as it was; nothing is drawn from here on.
  void leave();
  bool interactive() const { return interactive_; }
  // How wide a line may be; of a pipe, as good as without end.
  std::size_t columns() const;
  // Waits for a line. kEnd: Ctrl-C, Ctrl-D on an empty line, the end of the input, or a signal that
  // asks to end. On one thread.
  Got read(std::string& line, std::chrono::milliseconds timeout);
  // Whether keys since the last call have left text, and no command, in the line. As read().
  bool edited();
  // Waits for a signal that asks to end, leaving the input alone.
  bool stopped(std::chrono::milliseconds timeout);
  // A line above the one being edited. From any thread.
  void print(const std::string& line);
  void set_prompt(const std::string& prompt);  // From any thread.

 private:
  Got take_bytes(std::string& line);
  Got key(char byte);
  void draw();

  std::atomic<bool> interactive_;
  termios before_{};
  std::string pending_;   // Bytes that were read and not looked at.
  std::string sequence_;  // The part of a character or of an escape sequence that is there.
  bool over_ = false;

  std::mutex mutex_;  // Guards what is on the screen: the editor, the prompt, the output.
  LineEditor editor_;
  bool edited_ = false;
  std::string prompt_;
};
