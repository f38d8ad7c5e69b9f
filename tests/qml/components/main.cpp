// Qt Quick Test of every component of the app: each tst_*.qml of this folder, with `stage` and the
// app's modules at hand. A warning of QML fails the run. One file alone:
//   QT_QPA_PLATFORM=offscreen build/bin/app_component_tests -input tests/qml/components/tst_X.qml
#include <QtQuickTest/quicktest.h>
#include <QQmlContext>
#include <QQmlEngine>
#include <QQmlError>
#include <cstdio>
#include <memory>

#include "tests/qml/components/stage.h"

namespace {

class Setup : public QObject {
  Q_OBJECT

 public:
  int warnings() const { return warnings_; }

 public slots:
  void qmlEngineAvailable(QQmlEngine* engine) {
    engine->addImportPath(QStringLiteral("qrc:/qt/qml"));
    stage_ = std::make_unique<starling_app::Stage>();  // The engine of the one before is gone.
    engine->rootContext()->setContextProperty(QStringLiteral("stage"), stage_.get());
    QObject::connect(engine, &QQmlEngine::warnings, this, [this](const QList<QQmlError>& list) {
      warnings_ += static_cast<int>(list.size());
    });
  }
  void cleanupTestCase() { stage_.reset(); }

 private:
  std::unique_ptr<starling_app::Stage> stage_;
  int warnings_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
  Setup setup;
  const int failed =
      quick_test_main_with_setup(argc, argv, "components", STARLING_COMPONENTS_DIR, &setup);
  if (setup.warnings() > 0) {
    std::fprintf(stderr, "FAIL!  : %d warnings of QML above\n", setup.warnings());
  }
  return failed != 0 || setup.warnings() > 0 ? 1 : 0;
}

#include "main.moc"
