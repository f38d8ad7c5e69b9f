#!/usr/bin/env python3
"""Sends a message every few milliseconds and shows how long a failover holds them up.

    failover_probe.py 127.0.0.1:5101 ada "correct horse" bob 30      # seconds
"""

import sys
import time

import starling


def tell(event: starling.ClusterEvent) -> None:
    if event.kind is starling.ClusterEventKind.FAILOVER_STARTED:
        print(f"lost the primary {event.source}", flush=True)
    elif event.kind is starling.ClusterEventKind.FAILED_OVER:
        print(f"{event.target} is primary after {event.ms} ms", flush=True)


def main(address: str, name: str, password: str, peer: str, seconds: str) -> None:
    with starling.Client([address], on_cluster_event=tell) as client:
        me = client.login(name, password)
        chat = me.open_direct(peer)
        times = []
        end = time.monotonic() + float(seconds)
        print("probing", flush=True)
        try:
            while time.monotonic() < end:
                begun = time.monotonic()
                me.send(chat.id, "probe")
                times.append((time.monotonic() - begun) * 1000.0)
                time.sleep(0.005)
        except KeyboardInterrupt:
            print()
        if not times:
            print("no send was answered")
            return
        times.sort()
        print(f"{len(times)} sends, none failed; median {times[len(times) // 2]:.1f} ms, "
              f"slowest {times[-1]:.1f} ms")


if __name__ == "__main__":
    if len(sys.argv) != 6 or not sys.argv[5].isdecimal() or int(sys.argv[5]) == 0:
        wanted = sys.argv[1:] in (["--help"], ["-h"])
        print(__doc__.strip(), file=sys.stdout if wanted else sys.stderr)
        sys.exit(0 if wanted else 2)
    try:
        main(*sys.argv[1:])
    except KeyboardInterrupt:
        pass
    except starling.Error as error:
        sys.exit(f"failover_probe: {error}")
