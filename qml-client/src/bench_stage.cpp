// See bench_stage.h.
#include "qml-client/src/bench_stage.h"

#include <QCoreApplication>
#include <QEventLoop>
#include <QFile>
#include <QInputDevice>
#include <QKeyEvent>
#include <atomic>
#include <chrono>
#include <thread>

namespace starling_app {
namespace {

constexpr int kPatienceMs = 60'000;
constexpr int kWholeWayMs = 600'000;  // 2,000 pages, each asked for when the one before is shown.
constexpr double kPixelsPerSecond = 3'000;  // A brisk flick.
constexpr int kKeyMs = 40;                  // Twenty-five keys a second: nobody types faster.

// What exec() does and processEvents() does not: rows that have scrolled away are deleted later,
// and would stay for good.
void handle_events(QEventLoop::ProcessEventsFlags flags) {
  QCoreApplication::processEvents(flags);
  QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
}

}  // namespace

BenchStage::BenchStage(const Options& options, const QString& data)
    : settings_(data + QStringLiteral("/settings.ini")),
      client_(options.servers, data),
      main_(client_, settings_) {
  clock_.start();
  (void)QInputDevice::primaryKeyboard();  // Made on this thread: keys are posted from another.
  if (!good()) return;
  QObject::connect(main_.window(), &QQuickWindow::frameSwapped, main_.window(),
                   [this] { ++frames_; });
  client_.start();
}

bool BenchStage::wait(const std::function<bool()>& there) {
  QElapsedTimer timer;
  timer.start();
  while (!there() && timer.elapsed() < kPatienceMs) {
    handle_events(QEventLoop::AllEvents);
  }
  return there();
}

double BenchStage::frame() {
  const qint64 before = frames_;
  main_.window()->update();
  while (frames_ == before) handle_events(QEventLoop::WaitForMoreEvents);
  const qint64 now = clock_.nsecsElapsed();
  const double took = static_cast<double>(now - last_frame_ns_) / 1e6;
  last_frame_ns_ = now;
  return took;
}

bool BenchStage::takes_a_key() {
  if (!wait([this] { return frames_ > 0; })) return false;
  QCoreApplication::postEvent(main_.window(), new QKeyEvent(QEvent::KeyPress, Qt::Key_A,
                                                            Qt::NoModifier, QStringLiteral("a")));
  const QObject* field = item("loginName");
  return field != nullptr &&
         wait([field] { return field->property("text").toString() == QStringLiteral("a"); });
}

bool BenchStage::log_in(const std::string& name, const std::string& password) {
  if (!wait([this] { return client_.cluster()->state() == ClusterStatus::Connected; })) {
    return false;
  }
  client_.logIn(QString::fromStdString(name), QString::fromStdString(password));
  return wait([this] { return client_.state() == ChatClient::Ready; });
}

bool BenchStage::open_first() {
  ConversationsModel& list = *client_.conversations();
  if (!wait([&] { return list.count() > 0; })) return false;
  client_.openConversation(list.data(list.index(0), ConversationsModel::IdRole).toLongLong());
  const bool shown = wait([this] { return client_.timeline()->count() > 0; });
  (void)frame();
  return shown;
}

bool BenchStage::jump(qint64 seq) {
  TimelineModel& timeline = *client_.timeline();
  if (timeline.stored_message(seq) == nullptr) timeline.jumpTo(seq);
  if (!wait([&] { return timeline.stored_message(seq) != nullptr; })) return false;
  QObject* list = item("timelineList");
  if (list == nullptr) return false;
  for (int row = 0; row < timeline.count(); ++row) {
    if (timeline.data(timeline.index(row), TimelineModel::SeqRole).toLongLong() != seq) continue;
    list->setProperty("following", row == 0 && !timeline.detached());
    QMetaObject::invokeMethod(list, "positionViewAtIndex", Q_ARG(int, row), Q_ARG(int, 1));
  }
  (void)frame();
  return true;
}

std::vector<double> BenchStage::scroll(int for_ms) {
  std::vector<double> frames;
  QObject* list = item("timelineList");
  if (list == nullptr) return frames;
  list->setProperty("following", false);
  (void)frame();
  QElapsedTimer timer;
  timer.start();
  while (timer.elapsed() < for_ms) {
    const double last = frames.empty() ? 16 : frames.back();
    const double top = list->property("originY").toDouble();
    const double at = list->property("contentY").toDouble();
    list->setProperty("contentY", qMax(top, at - kPixelsPerSecond * last / 1'000));
    frames.push_back(frame());
  }
  return frames;
}

std::vector<double> BenchStage::scroll_to_first() {
  std::vector<double> frames;
  QObject* list = item("timelineList");
  TimelineModel& timeline = *client_.timeline();
  if (list == nullptr) return frames;
  list->setProperty("following", false);
  QElapsedTimer patience;
  patience.start();
  while (timeline.stored_message(1) == nullptr && patience.elapsed() < kWholeWayMs) {
    QMetaObject::invokeMethod(list, "positionViewAtEnd");
    frames.push_back(frame());
  }
  return timeline.stored_message(1) == nullptr ? std::vector<double>() : frames;
}

BenchStage::Typing BenchStage::type_for(int for_ms) {
  Typing typing;
  QObject* field = item("composerField");
  if (field == nullptr) return typing;
  QMetaObject::invokeMethod(field, "forceActiveFocus");
  field->setProperty("text", QString());
  const int keys = for_ms / kKeyMs;
  std::vector<std::atomic<qint64>> posted(static_cast<std::size_t>(keys));
  const qint64 first_seq = client_.timeline()->newest_seq();
  const qint64 began = clock_.nsecsElapsed();
  // Off this thread, as the keys of a keyboard come: what the window is busy with delays them.
  std::thread keyboard([this, keys, &posted] {
    for (int n = 0; n < keys; ++n) {
      std::this_thread::sleep_for(std::chrono::milliseconds(kKeyMs));
      posted[static_cast<std::size_t>(n)] = clock_.nsecsElapsed();
      QCoreApplication::postEvent(
          main_.window(), new QKeyEvent(QEvent::KeyPress, Qt::Key_A + n % 26, Qt::NoModifier,
                                        QString(QChar(u'a' + n % 26))));
    }
  });
  int arrived = 0;
  QElapsedTimer patience;
  patience.start();
  while (arrived < keys && patience.elapsed() < for_ms + 5'000) {
    (void)frame();
    const qint64 now = clock_.nsecsElapsed();
    const auto length = static_cast<int>(field->property("text").toString().size());
    for (; arrived < qMin(length, keys); ++arrived) {
      typing.latencies.push_back(
          static_cast<double>(now - posted[static_cast<std::size_t>(arrived)]) / 1e6);
    }
  }
  keyboard.join();
  typing.dropped = keys - arrived;
  const double seconds = static_cast<double>(clock_.nsecsElapsed() - began) / 1e9;
  typing.incoming = static_cast<double>(client_.timeline()->newest_seq() - first_seq) / seconds;
  return typing;
}

double BenchStage::memory(const char* field) {
  QFile file(QStringLiteral("/proc/self/status"));
  if (!file.open(QIODevice::ReadOnly)) return 0;
  for (const QByteArray& line : file.readAll().split('\n')) {
    if (!line.startsWith(field)) continue;
    return line.simplified().split(' ').value(1).toDouble() / 1024;
  }
  return 0;
}

}  // namespace starling_app
