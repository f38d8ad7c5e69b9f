#!/usr/bin/env python3
"""The servers, what happens to them, and the traffic of one account, every second.

    dashboard.py 127.0.0.1:5101 ada "correct horse" [SECONDS]
"""

import asyncio
import collections
import sys

import starling
from starling import aio


class Dashboard:
    def __init__(self) -> None:
        self.news: collections.deque[str] = collections.deque(maxlen=5)
        self.counts: collections.Counter[str] = collections.Counter()

    def tell(self, event: starling.ClusterEvent) -> None:
        what = event.kind.value.replace("_", " ")
        where = " -> ".join(one for one in (event.source, event.target) if one)
        self.news.append(f"{what} {where}" + (f" in {event.ms} ms" if event.ms else ""))

    async def count(self, session: aio.Session) -> None:
        async for event in session.events():
            self.counts[event.kind.value] += 1

    async def draw(self, client: aio.Client, seconds: float) -> None:
        clear = "\033[H\033[2J" if sys.stdout.isatty() else ""
        loop = asyncio.get_running_loop()
        end = loop.time() + seconds
        while loop.time() < end:
            lines = [f"{server.address:24}{server.role.value:10}{server.state.value}"
                     for server in await client.servers()]
            lines.append("events: " + (", ".join(f"{count} {kind}" for kind, count
                                                 in sorted(self.counts.items())) or "none yet"))
            print(clear + "\n".join([*lines, *self.news, ""]), flush=True)
            await asyncio.sleep(min(1.0, max(0.0, end - loop.time())))


async def main(address: str, name: str, password: str, seconds: str = "1e9") -> None:
    board = Dashboard()
    async with aio.Client([address], on_cluster_event=board.tell) as client:
        me = await client.login(name, password)
        counting = asyncio.create_task(board.count(me))
        await board.draw(client, float(seconds))
        counting.cancel()


if __name__ == "__main__":
    if not 4 <= len(sys.argv) <= 5 or (len(sys.argv) == 5 and not sys.argv[4].isdecimal()):
        wanted = sys.argv[1:] in (["--help"], ["-h"])
        print(__doc__.strip(), file=sys.stdout if wanted else sys.stderr)
        sys.exit(0 if wanted else 2)
    try:
        asyncio.run(main(*sys.argv[1:]))
    except KeyboardInterrupt:
        pass
    except starling.Error as error:
        sys.exit(f"dashboard: {error}")
