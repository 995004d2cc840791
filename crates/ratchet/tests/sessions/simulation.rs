//! Two nodes under faults: loss, copies, disorder, crashes at every write, lost and old states.
//!
//! `RATCHET_SEEDS` sets how many runs; a failure names its seed.

use std::collections::{BTreeMap, BTreeSet};

use streembit_ratchet::{Device, OpenError, Pair, Sealed};

use crate::support::*;

const SEEDS: u64 = 40;
const STEPS: usize = 120;

/// What one node has on disk.
struct Disk {
    end: End,
    device: Vec<u8>,
    pair: Vec<u8>,
    /// A state from before, as a copy of the disk would bring it back.
    old: Vec<u8>,
    outbox: BTreeMap<u32, Option<Sealed>>,
    taken: BTreeSet<u32>,
    acknowledged: BTreeSet<u32>,
}

impl Disk {
    fn new(number: u8) -> Self {
        let end = End::new(number);
        Self {
            device: end.device.to_bytes().to_vec(),
            pair: end.pair.to_bytes().to_vec(),
            old: end.pair.to_bytes().to_vec(),
            end,
            outbox: BTreeMap::new(),
            taken: BTreeSet::new(),
            acknowledged: BTreeSet::new(),
        }
    }

    /// What a crash leaves: what is on disk.
    fn load(&mut self) {
        self.end.device = Device::from_bytes(&self.device).unwrap();
        self.end.pair = Pair::from_bytes(&self.pair).unwrap();
    }

    fn store(&mut self) {
        self.pair = self.end.pair.to_bytes().to_vec();
    }
}

/// A message under way, and who sent it.
type Flight = (usize, u32, Sealed);

struct World {
    dice: Dice,
    ends: [Disk; 2],
    bag: Vec<Flight>,
    is_calm: bool,
    next: u32,
}

impl World {
    fn new(seed: u64) -> Self {
        Self {
            dice: Dice::new(seed),
            ends: [Disk::new(1), Disk::new(2)],
            bag: Vec::new(),
            is_calm: false,
            next: 0,
        }
    }

    fn strikes(&mut self, one_in: usize) -> bool {
        !self.is_calm && self.dice.one_in(one_in)
    }

    fn write(&mut self) {
        let from = self.dice.below(2);
        self.next += 1;
        self.ends[from].outbox.insert(self.next, None);
    }

    /// Sends something that waits: encrypted and stored first, the same bytes each time.
    fn send(&mut self, from: usize) {
        let waiting: Vec<u32> = self.ends[from].outbox.keys().take(16).copied().collect();
        if waiting.is_empty() {
            return;
        }
        let number = waiting[self.dice.below(waiting.len())];
        let (to_keys, way) = {
            let (sender, receiver) = (&self.ends[from].end, &self.ends[1 - from].end);
            (receiver.keys(), route(sender, receiver))
        };
        if self.ends[from].outbox[&number].is_none() {
            let crashes = self.strikes(15);
            let disk = &mut self.ends[from];
            disk.load();
            let sealed = disk.end.seals(&to_keys, &inside(way, number).to_bytes());
            if crashes {
                return disk.load();
            }
            disk.store();
            disk.outbox.insert(number, Some(sealed));
        }
        let sealed = self.ends[from].outbox[&number]
            .clone()
            .expect("it was sealed");
        for _ in 0..=usize::from(self.strikes(8)) {
            if !self.strikes(4) {
                self.bag.push((from, number, sealed.clone()));
            }
        }
    }

    /// Something arrives, in any order.
    fn arrive(&mut self) {
        if self.bag.is_empty() {
            return;
        }
        let (from, number, sealed) = self.bag.swap_remove(self.dice.below(self.bag.len()));
        let way = route(&self.ends[from].end, &self.ends[1 - from].end);
        let from_keys = self.ends[from].end.keys();
        let crashes = self.strikes(15);
        let is_answer_lost = self.strikes(5);
        let disk = &mut self.ends[1 - from];
        if !disk.taken.contains(&number) {
            disk.load();
            match disk.end.opens(&from_keys, &sealed) {
                Ok(plain) => {
                    read(&plain, &way, number).expect("it is for this place");
                    if crashes {
                        return disk.load();
                    }
                    disk.store();
                    assert!(disk.taken.insert(number), "once");
                }
                // Its keys were replaced since; in the bag is a message from before.
                Err(OpenError::Forged) => return,
                Err(OpenError::Lost) if is_answer_lost => return,
                Err(OpenError::Lost) => return self.reset(from, &sealed),
                Err(error @ OpenError::Malformed) => panic!("{error}"),
            }
        }
        if !is_answer_lost {
            let sender = &mut self.ends[from];
            sender.outbox.remove(&number);
            sender.acknowledged.insert(number);
        }
    }

    /// The sender gives the session up and encrypts what waits anew.
    fn reset(&mut self, from: usize, lost: &Sealed) {
        let crashes = self.strikes(10);
        let disk = &mut self.ends[from];
        disk.load();
        disk.end.pair.retire(lost.session);
        if crashes {
            return disk.load();
        }
        disk.store();
        for sealed in disk.outbox.values_mut() {
            if sealed
                .as_ref()
                .is_some_and(|own| own.session == lost.session)
            {
                *sealed = None;
            }
        }
    }

    /// A node loses its sessions and keys, as after a restored backup, or gets old ones back.
    fn lose(&mut self) {
        let whose = self.dice.below(2);
        let is_old_copy = self.dice.one_in(2);
        let disk = &mut self.ends[whose];
        if is_old_copy {
            disk.pair = disk.old.clone();
        } else {
            disk.device = Device::new(NOW).to_bytes().to_vec();
            disk.pair = Pair::default().to_bytes().to_vec();
            disk.old = disk.pair.clone();
            disk.outbox.values_mut().for_each(|sealed| *sealed = None);
        }
        disk.load();
    }

    fn step(&mut self) {
        match self.dice.below(20) {
            0..=3 => self.write(),
            4..=10 => {
                let from = self.dice.below(2);
                self.send(from);
            }
            11..=17 => self.arrive(),
            18 => {
                let whose = self.dice.below(2);
                self.ends[whose].old = self.ends[whose].pair.clone();
            }
            _ => {
                if self.dice.one_in(3) {
                    self.lose();
                }
            }
        }
    }

    /// From here on everything works; what waits has to get through.
    fn calm_down(&mut self) {
        self.is_calm = true;
        for _ in 0..4_000 {
            if self.ends.iter().all(|disk| disk.outbox.is_empty()) {
                return;
            }
            self.send(0);
            self.send(1);
            while !self.bag.is_empty() {
                self.arrive();
            }
        }
    }
}

#[test]
fn everything_arrives_once_whatever_happens() {
    let seeds = std::env::var("RATCHET_SEEDS").ok();
    let seeds = seeds.and_then(|text| text.parse().ok()).unwrap_or(SEEDS);
    for seed in 0..seeds {
        let mut world = World::new(seed);
        for _ in 0..STEPS {
            world.step();
        }
        world.calm_down();

        let arrived: usize = world.ends.iter().map(|disk| disk.taken.len()).sum();
        assert_eq!(arrived, world.next as usize, "all of them, seed {seed}");
        for disk in &world.ends {
            assert!(
                disk.outbox.is_empty(),
                "and they are signed for, seed {seed}"
            );
        }
    }
}
