// The app's window under the bench: scrolled, typed into, and watched frame by frame. On the GUI
// thread.
#pragma once

#include <QElapsedTimer>
#include <functional>
#include <string>
#include <vector>

#include "qml-client/src/app_settings.h"
#include "qml-client/src/chat_client.h"
#include "qml-client/src/main_window.h"
#include "qml-client/src/options.h"

namespace starling_app {

class BenchStage {
 public:
  struct Typing {
    std::vector<double> latencies;  // Milliseconds, from a key to the frame that shows it.
    int dropped = 0;                // Keys that never arrived in the field.
    double incoming = 0;            // Messages a second that came in meanwhile.
  };

  BenchStage(const Options& options, const QString& data);

  bool good() const { return main_.window() != nullptr; }
  int rows() { return client_.timeline()->count(); }

  bool takes_a_key();  // Drawn once, and a key went into the name of the log-in page.
  bool log_in(const std::string& name, const std::string& password);
  bool open_first();  // The first conversation of the list.
  // Shows the history around that message.
  bool jump(qint64 seq);
  // Up, so many pixels a second, from where it is. Milliseconds of each frame.
  std::vector<double> scroll(int for_ms);
  // Up until the first message is there; empty when it does not come.
  std::vector<double> scroll_to_first();
  Typing type_for(int for_ms);

  // "VmRSS", "VmHWM" of this process, in MB; 0 where the system does not tell.
  static double memory(const char* field);

 private:
  bool wait(const std::function<bool()>& there);
  double frame();  // Draws one; how long it was since the last one, in milliseconds.
  QObject* item(const char* name) { return main_.window()->findChild<QObject*>(name); }

  AppSettings settings_;
  ChatClient client_;
  MainWindow main_;
  QElapsedTimer clock_;
  qint64 frames_ = 0;
  qint64 last_frame_ns_ = 0;
};

}  // namespace starling_app
