"""Which faults a torture run makes, when and to whom: the same for the same seed. Knows no cluster."""

import random
from dataclasses import dataclass

# By kind: the group by which it can be left out, and for how many seconds it lasts.
KINDS = {
    "kill-primary": ("kill", 0.2, 2.0),
    "kill-backup": ("kill", 0.2, 3.0),
    "kill-two": ("kill", 0.2, 2.0),
    "kill-again-and-again": ("kill", 0.1, 0.5),
    "kill-all": ("quorum", 0.2, 1.0),
    "pause-primary": ("pause", 0.3, 3.0),
    "pause-backup": ("pause", 0.3, 4.0),
    "pause-two": ("pause", 0.5, 3.0),
    "pause-and-kill": ("pause", 0.5, 3.0),
    "no-quorum-by-kill": ("quorum", 2.0, 3.0),
    "no-quorum-by-pause": ("quorum", 2.0, 3.0),
    "transfer": ("transfer", 0.2, 0.5),
    "restart-all": ("restart", 0.0, 0.2),
    "leave-and-join": ("members", 0.2, 1.0),
    "primary-leaves": ("members", 0.2, 1.0),
    "join-killed": ("members", 0.0, 0.4),
    "disk-flip": ("disk", 0.2, 1.0),
    "disk-cut": ("disk", 0.2, 1.0),
    "disk-wiped": ("disk", 0.2, 1.0),
    "disk-full-backup": ("disk", 0.2, 1.0),
    "disk-full-primary": ("disk", 0.2, 1.0),
    "disk-error": ("power", 0.2, 1.0),
    "disk-slow": ("power", 1.0, 3.0),
    "isolate-primary": ("partition", 0.5, 3.0),
    "isolate-backup": ("partition", 0.5, 3.0),
    "partition": ("partition", 0.5, 3.0),
    "no-quorum-by-partition": ("partition", 3.0, 4.0),
    "flapping-link": ("partition", 0.2, 0.6),
    "slow-primary": ("slow", 1.0, 3.0),
    "slow-backup": ("slow", 1.0, 3.0),
    "client-killed": ("client", 0.1, 1.0),
}
GROUPS = tuple(dict.fromkeys(group for group, _, _ in KINDS.values()))
CALM_SECONDS = (0.2, 1.2)


@dataclass(frozen=True)
class Step:
    number: int
    kind: str
    hold_s: float  # How long it lasts.
    calm_s: float  # How long nothing happens afterwards.
    seed: int      # For the choice of victims.

    def says(self):
        return f"{self.number:3} {self.kind} for {self.hold_s:.1f} s"


def chosen(without=(), power_loss=False):
    """The kinds but those that are left out, by group or by kind. KeyError names a word that is neither."""
    if not power_loss:  # Those need the tests' own disks.
        without = {*without, "power"}
    for word in without:
        if word not in KINDS and word not in GROUPS:
            raise KeyError(word)
    return [kind for kind, (group, _, _) in KINDS.items() if kind not in without and group not in without]


def steps(seed, kinds):
    """Without end: each kind once in a drawn order, then each again, and so on."""
    draw = random.Random(seed)
    number = 0
    while True:
        order = sorted(kinds)
        draw.shuffle(order)
        for kind in order:
            number += 1
            _, shortest, longest = KINDS[kind]
            yield Step(number, kind, draw.uniform(shortest, longest), draw.uniform(*CALM_SECONDS),
                       draw.getrandbits(32))
