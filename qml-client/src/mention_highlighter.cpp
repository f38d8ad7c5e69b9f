// See mention_highlighter.h.
#include "qml-client/src/mention_highlighter.h"

#include <QTextBlockFormat>
#include <QTextCharFormat>
#include <QTextCursor>
#include <QTextDocument>

#include "qml-client/src/links.h"
#include "qml-client/src/mentions.h"

namespace starling_app {

class MentionHighlighter::Painter : public QSyntaxHighlighter {
 public:
  Painter(QTextDocument* document, const MentionHighlighter& owner)
      : QSyntaxHighlighter(document), owner_(&owner) {
    connect(&owner, &QObject::destroyed, this, [this] { owner_ = nullptr; });
  }

 protected:
  void highlightBlock(const QString& text) override {
    if (owner_ == nullptr) return;
    QTextCharFormat format;
    format.setForeground(owner_->color_);
    format.setFontWeight(QFont::DemiBold);
    for (const Mention& one : mentions_in(text)) setFormat(one.start, one.length, format);
    QTextCharFormat link;
    link.setForeground(owner_->color_);
    link.setFontUnderline(true);
    for (const Link& one : links_in(text)) setFormat(one.start, one.length, link);
  }

 private:
  const MentionHighlighter* owner_;
};

MentionHighlighter::MentionHighlighter(QObject* parent) : QObject(parent) {}

void MentionHighlighter::set_document(QQuickTextDocument* document) {
  if (document == document_) return;
  document_ = document;
  painter_ = nullptr;
  if (document != nullptr) {
    QTextDocument* text = document->textDocument();
    painter_ = new Painter(text, *this);
    connect(text, &QTextDocument::contentsChanged, this, &MentionHighlighter::space_lines);
    space_lines();
  }
  emit changed();
}

void MentionHighlighter::set_color(const QColor& color) {
  if (color == color_) return;
  color_ = color;
  if (painter_ != nullptr) painter_->rehighlight();
  emit changed();
}

void MentionHighlighter::set_line_height(qreal factor) {
  if (qFuzzyCompare(factor, line_height_)) return;
  line_height_ = factor;
  space_lines();
  emit changed();
}

void MentionHighlighter::space_lines() {
  if (document_ == nullptr || spacing_) return;
  spacing_ = true;
  QTextBlockFormat format;
  format.setLineHeight(line_height_ * 100, QTextBlockFormat::ProportionalHeight);
  QTextCursor cursor(document_->textDocument());
  cursor.select(QTextCursor::Document);
  cursor.mergeBlockFormat(format);
  spacing_ = false;
}

}  // namespace starling_app
