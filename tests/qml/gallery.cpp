// Takes the pictures of the app as --screenshots does, and looks through every one of them:
// screen_audit.h, and no picture twice. Each finding is a line "PICTURE: what is wrong" on stderr;
// the exit code is 0 when there is none. Usage: gallery SERVERS DIR [CLUSTER]
#include <QAccessible>
#include <QGuiApplication>
#include <QStringList>
#include <cstdio>
#include <map>

#include "qml-client/src/screenshots.h"
#include "tests/qml/screen_audit.h"

namespace {

class Critic {
 public:
  void look(const QString& name, QQuickWindow& window, const QImage& picture) {
    starling_app::Findings findings = starling_app::audit_texts(window, picture);
    add(findings, starling_app::audit_controls(window));
    add(findings, starling_app::audit_overlaps(window));
    add(findings, starling_app::audit_tab_order(window));
    const size_t key = qHashBits(picture.constBits(), static_cast<size_t>(picture.sizeInBytes()));
    const auto [same, is_new] = seen_.try_emplace(key, name);
    if (!is_new) findings.push_back("is the same picture as " + same->second.toStdString());
    for (const std::string& finding : findings) {
      std::fprintf(stderr, "%s: %s\n", qPrintable(name), finding.c_str());
    }
    found_ += findings.size();
  }
  std::size_t found() const { return found_; }

 private:
  static void add(starling_app::Findings& all, const starling_app::Findings& more) {
    all.insert(all.end(), more.begin(), more.end());
  }

  std::map<size_t, QString> seen_;
  std::size_t found_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
  const QGuiApplication app(argc, argv);
  if (argc < 3 || argc > 4) return 2;
  QAccessible::setActive(true);  // As with a screen reader: controls tell what they are.
  starling_app::Options options;
  options.servers = QString::fromLocal8Bit(argv[1]).split(u',');
  options.screenshots_directory = QString::fromLocal8Bit(argv[2]);
  if (argc == 4) options.cluster = QString::fromLocal8Bit(argv[3]);
  Critic critic;
  const int code = starling_app::take_screenshots(
      options, [&critic](const QString& name, QQuickWindow& window, const QImage& picture) {
        critic.look(name, window, picture);
      });
  return code != 0 || critic.found() > 0 ? 1 : 0;
}
