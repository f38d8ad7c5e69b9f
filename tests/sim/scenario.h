// Readable scenarios: a text file that sets up a cluster, moves it by hand and says what must come
// of it. All invariants hold throughout. The language, one command a line, '#' begins a comment:
//
//   before all else   nodes 5 [spares 1] · seed 7 · option batch|window|cache|clients|floor N
//                     option healing SECONDS · option forwarding 1 (backups take writes on)
//                     must-fail TEXT            the run has to end with this violation
//   disks             log n1 1 1 4 4            terms of the entries from index 1 on (1: members)
//                     term n1 6                 the term that its disk knows
//   life              start [n1 …] · crash n1 … · powerloss n1 … · restart n1 … · pause n1 ·
//                     resume n1
//   time              advance 300ms · timers all|none|n1 … · clock n1 +365d · clocks -3600s
//                     elect n1                  only n1's timer runs until it leads; `timers all`
//                     ends that
//   network           partition n1 n2 | n3 n4 · cut n1->n3 · mend n1->n3 · heal · break n1 n2 ·
//                     repair n1 n2 · hold n1->n3 · release n1->n3 · drop n1->n3
//   disk              disk n1 hang|stall|ok|next|no-boot-record  (stall: written, never fsynced)
//   writes, reads     propose n1 x … · read n1 [MAX-AGE]
//   clients           clients · send 1 20 · client 1 crash|account|login|logout|delete (its outbox
//                     survives; of a second account) · copy 1 open|send n2  (a late copy of what
//                     was answered, at n2)
//   members           change n1 add|promote|remove n4 · join n4 · leave n3 · rejoin n3 TIMES ·
//                     remove n2 (a second operator) · transfer n1 [n2]
//                     wipe n3 (an empty disk, a new id) · install n3 n1 (n1's log on n3's disk) ·
//                     replace n3 (joins, and its former id leaves)
//   snapshots         compact n1 [KEEP]       a checkpoint, and of the log only KEEP entries stay
//   loops             repeat 60 … end
//   questions         expect CONDITION · within 5s CONDITION · remember term|commit ·
//                     rest (all healed, all agree) · examine (no power: what can come back?)
//   conditions        leader n1|any|none · role n1 follower · term n1 4 · term unchanged ·
//                     log n1 1 1 4 · committed x · uncommitted x · commit n1 3 · commit grew ·
//                     durable n1 3 · last n1 3 · behind n1 n2 · level n1 n2 · base n1 40 ·
//                     running n1 yes|no · time sane|current · voters 3 · member n4
//                     none|learner|voter · members settled · refusal none|notleader|busy|invalid ·
//                     read ok|failed|settled · acked N · clients ready|idle ·
//                     copy replayed|expired|refused|run · session 1 n3 known|gone (ended last) ·
//                     stale-login refused N
#pragma once

#include <string>

namespace starling::sim {

// The exit code: 0 when all came as the file says, 1 when not, 2 when it cannot be read.
int run_scenario(const std::string& path, bool trace);

}  // namespace starling::sim
