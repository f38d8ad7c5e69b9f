#!/usr/bin/env python3
"""Prints the thread sanitizer's reports in which code of ours is the first frame that is not the
standard library's, in either stack. Exits with 1 if there is one. CONTRIBUTING.md says how to use it.

usage: tsan_reports.py LOG...
"""

import pathlib
import re
import sys

ROOT = str(pathlib.Path(__file__).resolve().parents[2]) + "/"
SKIPPED = ("/include/c++/", "libsanitizer")
GENERATED = (".pb.h:", ".pb.cc:")
ACCESS = re.compile(r"  (Atomic |Previous |Read |Write |As if )")


def stacks(report):
    """The stacks of the two accesses, each a list of frames."""
    found, frames = [], None
    for line in report.splitlines():
        if ACCESS.match(line):
            frames = []
            found.append(frames)
        elif not line.strip():
            frames = None
        elif frames is not None:
            frames.append(line)
    return found


def is_ours(report):
    for frames in stacks(report):
        top = next((f for f in frames if not any(mark in f for mark in SKIPPED)), "")
        if ROOT in top and not any(mark in top for mark in GENERATED):
            return True
    return False


def main(paths):
    if not paths:
        sys.exit(__doc__)
    reports = []
    for path in paths:
        text = pathlib.Path(path).read_text(errors="replace")
        reports += [r for r in text.split("=" * 18) if "WARNING: ThreadSanitizer" in r]
    ours = [report for report in reports if is_ours(report)]
    for report in ours:
        print(report)
    print(f"{len(reports)} reports, {len(ours)} with our code on top")
    sys.exit(1 if ours else 0)


if __name__ == "__main__":
    main(sys.argv[1:])
