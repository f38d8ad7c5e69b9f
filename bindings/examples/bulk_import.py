#!/usr/bin/env python3
"""Sends each line of a file as a message, in order, many at once, with a progress bar. Run again
after an interruption it sends what is missing, and nothing twice.

    bulk_import.py 127.0.0.1:5101 ada "correct horse" bob lines.txt
"""

import asyncio
import hashlib
import os
import shutil
import sys
import time

import starling
from starling import aio

IN_FLIGHT = 512


def columns() -> int:
    try:
        return os.get_terminal_size(sys.stderr.fileno()).columns
    except OSError:
        return shutil.get_terminal_size().columns


class Bar:
    """Progress on stderr, drawn ten times a second at most."""

    def __init__(self, total: int) -> None:
        self.total, self.done, self.drawn, self.begun = total, 0, 0.0, time.monotonic()

    def step(self) -> None:
        self.done += 1
        now = time.monotonic()
        if self.done < self.total and now - self.drawn < 0.1:
            return
        self.drawn = now
        rate = self.done / max(now - self.begun, 1e-9)
        text = f" {self.done}/{self.total} {rate:,.0f}/s"
        width = min(40, columns() - len(text) - 4)
        full = max(width, 0) * self.done // self.total
        bar = f"[{'#' * full}{'.' * (width - full)}]" if width > 4 else ""
        sys.stderr.write(f"\r{bar}{text} ")
        if self.done == self.total:
            sys.stderr.write("\n")
        sys.stderr.flush()


async def main(address: str, name: str, password: str, peer: str, path: str) -> None:
    with open(path, encoding="utf-8") as file:
        lines = [line.rstrip("\n") for line in file if line.strip()]
    origin = hashlib.sha256("\n".join(lines).encode()).digest()[:12]
    async with aio.Client([address]) as client:
        me = await client.login(name, password)
        chat = await me.open_direct(peer)
        room = asyncio.Semaphore(IN_FLIGHT)
        bar = Bar(len(lines))

        async def send(number: int, line: str) -> None:
            try:
                # Named after the file and the line, so that a second run finds it sent.
                await me.send(chat.id, line, request_id=origin + number.to_bytes(4, "big"),
                              timeout=30.0)
                bar.step()
            finally:
                room.release()

        sends = []
        try:
            for number, line in enumerate(lines):
                await room.acquire()
                sends.append(asyncio.create_task(send(number, line)))
            await asyncio.gather(*sends)
        finally:
            for one in sends:
                one.cancel()
            await asyncio.gather(*sends, return_exceptions=True)
    print(f"{len(lines)} messages are stored")


if __name__ == "__main__":
    if len(sys.argv) != 6:
        wanted = sys.argv[1:] in (["--help"], ["-h"])
        print(__doc__.strip(), file=sys.stdout if wanted else sys.stderr)
        sys.exit(0 if wanted else 2)
    try:
        asyncio.run(main(*sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit("\nbulk_import: interrupted; run it again to send the rest")
    except (starling.Error, OSError, UnicodeDecodeError) as error:
        sys.exit(f"bulk_import: {error}")
