#!/usr/bin/env python3
"""Builds the fuzz targets with libFuzzer, ASan and UBSan, and runs each for some seconds.

Prints for each target how many inputs were run, how fast, and how many edges of the code they reached. Exits with 1
when an input was found on which something does not hold; it is kept, and how to run it again is said. Standard
library only.
"""

import argparse
import concurrent.futures
import os
import re
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
CORPUS = os.path.join(HERE, "corpus")
COMPILER = "clang++-14"
LONGEST_INPUT_BYTES = 4096
MEMORY_MIB = 2048
ENVIRONMENT = {"ASAN_OPTIONS": "quarantine_size_mb=16", "UBSAN_OPTIONS": "print_stacktrace=1"}


def targets():
    """As tests/fuzz/CMakeLists.txt has them."""
    with open(os.path.join(HERE, "CMakeLists.txt"), encoding="utf-8") as file:
        return re.search(r"^set\(targets ([^)]*)\)", file.read(), re.MULTILINE).group(1).split()


def fail(sentence):
    print(f"fuzz: {sentence}", file=sys.stderr)
    sys.exit(1)


def quietly(command, what):
    run = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if run.returncode != 0:
        print(run.stdout[-8000:], file=sys.stderr)
        fail(f"{what} failed: {' '.join(command)}")


def need_compiler():
    program = shutil.which(COMPILER)
    if program is None:
        fail(f"{COMPILER} is not installed, and libFuzzer is part of it; ./run fuzz brings it, and so does "
             "apt-get install clang-14 libclang-rt-14-dev")
    runtime = subprocess.run([program, "-print-file-name=libclang_rt.fuzzer-x86_64.a"], capture_output=True, text=True,
                             check=False).stdout.strip()
    if os.uname().machine == "x86_64" and not os.path.exists(runtime):
        fail("libFuzzer is not installed; ./run fuzz brings it, and so does apt-get install libclang-rt-14-dev")


def build(folder, names):
    need_compiler()
    quietly(["cmake", "-S", ROOT, "-B", folder, "-G", "Ninja", "-DSTARLING_FUZZ=ON", "-DCMAKE_BUILD_TYPE=Fuzz",
             f"-DCMAKE_CXX_COMPILER={COMPILER}"], "configuring the fuzz targets")
    quietly(["cmake", "--build", folder, "--target"] + [f"fuzz_{name}" for name in names], "building the fuzz targets")


class Outcome:
    """What one run of a target says."""

    def __init__(self, name, code, output, findings):
        self.name = name
        self.output = output
        self.findings = findings
        self.ok = code == 0 and not findings
        self.executions = self.number(r"stat::number_of_executed_units:\s+(\d+)")
        self.rate = self.number(r"stat::average_exec_per_sec:\s+(\d+)")
        covered = re.findall(r"\bcov: (\d+)", output)
        self.edges = int(covered[-1]) if covered else 0

    def number(self, pattern):
        found = re.search(pattern, self.output)
        return int(found.group(1)) if found else 0


def run_target(folder, name, seconds, findings_folder, seed, runs):
    """Runs a target on its corpus; what it finds new goes to a folder that is thrown away."""
    with tempfile.TemporaryDirectory(prefix="starling-fuzz-", dir=memory_folder()) as scratch:
        new = os.path.join(scratch, "new")
        os.mkdir(new)
        before = set(os.listdir(findings_folder))
        environment = dict(os.environ, TMPDIR=scratch, **ENVIRONMENT)
        run = subprocess.run(
            [os.path.join(folder, "bin", f"fuzz_{name}"), f"-max_total_time={seconds}", "-print_final_stats=1",
             f"-max_len={LONGEST_INPUT_BYTES}", f"-rss_limit_mb={MEMORY_MIB}", "-timeout=25", f"-seed={seed}",
             f"-runs={runs}",
             f"-artifact_prefix={findings_folder}/{name}-", new, os.path.join(CORPUS, name)],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=environment, check=False)
        findings = sorted(set(os.listdir(findings_folder)) - before)
        findings = [os.path.join(findings_folder, one) for one in findings if one.startswith(f"{name}-")]
        return Outcome(name, run.returncode, run.stdout.decode(errors="replace"), findings)


def memory_folder():
    """The stores of the targets fsync; in memory that costs nothing."""
    return "/dev/shm" if os.access("/dev/shm", os.W_OK) else None


def report(outcome, folder):
    print(f"{outcome.name:18} {outcome.executions:>10} {outcome.rate:>8}/s {outcome.edges:>7}  "
          f"{'holds' if outcome.ok else 'FAILS'}", flush=True)
    if outcome.ok:
        return
    print(outcome.output[-6000:])
    print(f"fuzz: {outcome.name} found something that does not hold")
    for finding in outcome.findings:
        print(f"fuzz: again: {os.path.join(folder, 'bin', 'fuzz_' + outcome.name)} {finding}")
        print(f"fuzz: or, without clang: build/bin/fuzz_replay_{outcome.name} {finding}")


def merge(folder, name, sources):
    """Adds to the corpus what reaches code that it does not reach yet."""
    with tempfile.TemporaryDirectory(prefix="starling-fuzz-", dir=memory_folder()) as scratch:
        environment = dict(os.environ, TMPDIR=scratch, **ENVIRONMENT)
        run = subprocess.run(
            [os.path.join(folder, "bin", f"fuzz_{name}"), "-set_cover_merge=1", "-use_counters=0",
             f"-max_len={LONGEST_INPUT_BYTES}", os.path.join(CORPUS, name)] + sources,
            env=environment, capture_output=True, check=False)
        return run.returncode == 0


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=int, default=60, help="for each target (default 60)")
    parser.add_argument("--runs", type=int, default=-1,
                        help="inputs for each target at most: with the same seed and program they are the same ones")
    parser.add_argument("--target", action="append", choices=targets(), help="only this one; may be repeated")
    parser.add_argument("--jobs", type=int, default=1, help="targets at a time (default 1)")
    parser.add_argument("--seed", type=int, default=1, help="of the mutations; 0: another one each time")
    parser.add_argument("--build", default=os.path.join(ROOT, "build", "fuzz"), help="the build folder")
    parser.add_argument("--merge", metavar="FOLDER", action="append",
                        help="instead: add to the corpus of --target what FOLDER reaches beyond it")
    arguments = parser.parse_args()
    names = arguments.target or targets()
    build(arguments.build, names)
    if arguments.merge:
        if len(names) != 1:
            fail("--merge needs one --target")
        sys.exit(0 if merge(arguments.build, names[0], arguments.merge) else 1)
    findings_folder = os.path.join(arguments.build, "findings")
    os.makedirs(findings_folder, exist_ok=True)
    print(f"{'target':18} {'inputs':>10} {'rate':>10} {'edges':>7}")
    with concurrent.futures.ThreadPoolExecutor(arguments.jobs) as pool:
        runs = [pool.submit(run_target, arguments.build, name, arguments.seconds, findings_folder, arguments.seed,
                            arguments.runs)
                for name in names]
        outcomes = []
        for run in runs:
            outcomes.append(run.result())
            report(outcomes[-1], arguments.build)
    sys.exit(0 if all(outcome.ok for outcome in outcomes) else 1)


if __name__ == "__main__":
    main()
