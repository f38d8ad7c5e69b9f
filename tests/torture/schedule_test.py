#!/usr/bin/env python3
"""The schedule of faults: the same for the same seed, with every kind in its turn, and each of them can be made."""

import itertools
import unittest

import faults
import schedule


def first(seed, count, without=()):
    return list(itertools.islice(schedule.steps(seed, schedule.chosen(without, True)), count))


class Schedule(unittest.TestCase):
    def test_the_seed_draws_it(self):
        self.assertEqual(first(7, 100), first(7, 100))
        self.assertNotEqual(first(7, 100), first(8, 100))

    def test_each_kind_once_then_again(self):
        count = len(schedule.KINDS)
        steps = first(3, 2 * count)
        for turn in (steps[:count], steps[count:]):
            self.assertEqual({step.kind for step in turn}, set(schedule.KINDS))

    def test_lengths(self):
        for step in first(5, 200):
            _, shortest, longest = schedule.KINDS[step.kind]
            self.assertTrue(shortest <= step.hold_s <= longest, step)

    def test_what_is_left_out(self):
        kinds = {step.kind for step in first(1, 60, ("kill", "slow-backup"))}
        self.assertFalse(kinds & {"kill-two", "kill-primary", "slow-backup"})
        self.assertIn("slow-primary", kinds)
        self.assertEqual(set(schedule.chosen(power_loss=True)) - set(schedule.chosen()), {"disk-error", "disk-slow"})
        with self.assertRaises(KeyError):
            schedule.chosen(("earthquake",))

    def test_every_kind_can_be_made(self):
        for kind in schedule.KINDS:
            self.assertTrue(callable(getattr(faults.Faults, kind.replace("-", "_"), None)), kind)


if __name__ == "__main__":
    unittest.main()
