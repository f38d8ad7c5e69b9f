// Starts the local cluster with clusterctl, for who has no server yet: beside the GUI's thread,
// with what it says and what went wrong. Lives on the GUI thread.
#pragma once

#include <QObject>
#include <QProcess>
#include <QQmlEngine>
#include <QString>
#include <QTimer>

namespace starling_app {

class LocalCluster : public QObject {
  Q_OBJECT
  QML_ELEMENT
  QML_UNCREATABLE("Made by the program")
  Q_PROPERTY(bool available READ available CONSTANT)  // The program is here.
  Q_PROPERTY(bool running READ running NOTIFY changed)
  Q_PROPERTY(QString progress READ progress NOTIFY changed)  // The last that it said.
  Q_PROPERTY(QString error READ error NOTIFY changed)

 public:
  static constexpr int kDeadlineMs = 60'000;

  // `program`: clusterctl; empty: there is none.
  explicit LocalCluster(QString program, QObject* parent = nullptr);
  ~LocalCluster() override;

  // Beside this program, else on the PATH; empty: nowhere.
  static QString find_program();

  bool available() const { return !program_.isEmpty(); }
  bool running() const { return process_.state() != QProcess::NotRunning; }
  QString progress() const { return progress_; }
  QString error() const { return error_; }

  Q_INVOKABLE void start();

 signals:
  void changed();
  void started(const QString& servers);  // It is up: the addresses, with commas.

 private:
  void listen();
  void end(int code, QProcess::ExitStatus status);
  void fail(const QString& sentence);

  const QString program_;
  QProcess process_;
  QTimer deadline_;
  QString progress_;
  QString said_;       // All of it, for the addresses.
  QString complaint_;  // Its first line on stderr: usage and the like come behind.
  QString error_;
};

}  // namespace starling_app
