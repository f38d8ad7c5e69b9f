// Looks at what a window shows, as its picture was taken, for what a person would complain of. Each
// finding is a line; none means that all is well. On the GUI thread.
#pragma once

#include <QImage>
#include <QQuickWindow>
#include <string>
#include <vector>

namespace starling_app {

using Findings = std::vector<std::string>;

// Texts that are cut off, smaller than 11 pixels, of less contrast than WCAG AA asks for (4.5:1,
// 3:1 when large) with the colour that the picture has behind them, or with signs that no font has.
Findings audit_texts(QQuickWindow& window, const QImage& picture);

// What can be clicked lies on something else that can; what can be clicked or focused has no
// name or no role for a screen reader.
Findings audit_controls(QQuickWindow& window);

// A text or an icon lies on another one, or is covered by something opaque; one, or a control, is
// cut off at an edge, or sticks out of the row of a list or of the surface that it stands on.
Findings audit_overlaps(QQuickWindow& window);

// Tab goes to every control in sight once, in the order in which one reads, and comes back; where
// it goes scrolls into sight. A field may complete by it what is written there, once. Leaves the
// focus and the texts as they were.
Findings audit_tab_order(QQuickWindow& window);

}  // namespace starling_app
