"""Every server loses its power at the same instant, under load, again and again: what was acknowledged is
there afterwards, once. STARLING_POWER_LOSSES says how often (3), STARLING_SEED repeats the waits of a run."""

import os
import random
import time

from faulty import FaultyDisks
from harness import main


class PowerLoss(FaultyDisks):
    def test_every_acknowledged_message_is_there(self):
        rounds = int(os.environ.get("STARLING_POWER_LOSSES", "3"))
        seed = int(os.environ.get("STARLING_SEED", str(random.randrange(1 << 30))))
        chance = random.Random(seed)
        print(f"SEED={seed}, {rounds} power losses")
        self.up(3)
        probe, chat = self.chatting()
        probe.must("load_start", session="ada", conversation=chat, window=64)
        names = sorted(self.servers())
        for number in range(1, rounds + 1):
            before = self.wait_acked(probe, chance.randrange(100, 400))["acked"]
            time.sleep(chance.uniform(0, 0.3))  # So that it is not always the same moment.
            self.lose_power(*names)
            self.must("up", "-o", "json")
            self.wait_primary("30s")
            after = self.wait_acked(probe, 50)["acked"]
            print(f"power loss {number}: {before} acknowledged before, {after} a little later")
        state = self.stop_load(probe)
        self.wait_converged()
        self.assertEqual(len(self.running()), len(names))
        self.check_replicas(probe, chat)
        print(f"SEED={seed}: {rounds} power losses of {len(names)} servers at once, "
              f"{state['acked']} acknowledged, all there")


if __name__ == "__main__":
    main()
