//! Any number of cuts, restarts, lies and full disks: the file is equal, or refused.

use proptest::prelude::*;
use streembit_identity::Timestamp;

use super::{Action, Event, Failure, Fetch, Have, Layout, Leaves, Serve, Stop, leaf};

/// What happens next, beside what goes well.
#[derive(Clone, Copy, Debug)]
enum Trouble {
    /// The stream is cut with everything in it.
    Cut,
    /// A byte of what comes next is another.
    Lie,
    /// The disk takes nothing.
    NoRoom,
    /// What was noted as there did not reach the disk before the power went.
    PowerCut,
    /// The recipient is killed; the bitmap is as old as its last checkpoint.
    Restart,
    /// What comes next never does.
    Silence,
    /// The sender is busy.
    Busy,
}

fn troubles() -> impl Strategy<Value = Vec<(u8, Trouble)>> {
    let kind = prop_oneof![
        Just(Trouble::Cut),
        Just(Trouble::Lie),
        Just(Trouble::NoRoom),
        Just(Trouble::PowerCut),
        Just(Trouble::Restart),
        Just(Trouble::Silence),
        Just(Trouble::Busy),
    ];
    prop::collection::vec((0..12_u8, kind), 0..8)
}

/// A recipient, its disk, and the stream that it has open.
struct World {
    checkpoint: Vec<u8>,
    disk: Vec<u8>,
    fetch: Fetch,
    file: Vec<u8>,
    layout: Layout,
    leaves: Leaves,
    now: Timestamp,
    outcome: Option<Result<(), Failure>>,
    sent: u32,
    stream: Option<Serve>,
    wake_at: Option<Timestamp>,
}

impl World {
    fn new(size: usize) -> Self {
        let mut file = vec![0; size];
        blake3::Hasher::new().finalize_xof().fill(&mut file);
        let layout = Layout::new(size as u64).unwrap();
        let part = |index| bytes_of(&layout, &file, index).to_vec();
        let leaves = (0..layout.count()).map(|index| leaf(&layout, index, &part(index)).unwrap());
        let leaves = Leaves::of(layout, leaves.collect()).unwrap();
        let now = Timestamp(1_000_000);
        let none = Have::none(layout.count());
        Self {
            checkpoint: none.as_bytes().to_vec(),
            disk: vec![0; size],
            fetch: Fetch::new(layout, none, now),
            file,
            layout,
            leaves,
            now,
            outcome: None,
            sent: 0,
            stream: None,
            wake_at: Some(now),
        }
    }

    fn tell(&mut self, event: Event) {
        let mut opens = false;
        for action in self.fetch.handle(event, self.now, 7) {
            match action {
                Action::Open => {
                    self.stream = Some(Serve::new(self.layout));
                    opens = true;
                }
                Action::Ask(ask) => self.stream.as_mut().unwrap().ask(ask).unwrap(),
                Action::Close => self.stream = None,
                Action::Finish => self.outcome = Some(Ok(())),
                Action::Fail(failure) => self.outcome = Some(Err(failure)),
                Action::WakeAt(at) => self.wake_at = Some(at),
            }
        }
        if opens {
            self.opened();
        }
    }

    fn opened(&mut self) {
        for action in self.fetch.handle(Event::Opened, self.now, 7) {
            match action {
                Action::Ask(ask) => self.stream.as_mut().unwrap().ask(ask).unwrap(),
                Action::WakeAt(at) => self.wake_at = Some(at),
                Action::Open | Action::Close | Action::Finish | Action::Fail(_) => {
                    panic!("{action:?} after a stream was opened")
                }
            }
        }
    }

    /// One group comes, is checked, and is written; `lie` changes it on the way.
    fn group(&mut self, lie: bool) {
        let Some(index) = self.stream.as_mut().and_then(Serve::next_group) else {
            return self.sleep();
        };
        self.sent += 1;
        self.now = Timestamp(self.now.0 + 10);
        assert_eq!(self.fetch.expected(), Some(index), "groups come in order");
        let mut bytes = bytes_of(&self.layout, &self.file, index).to_vec();
        if lie && let Some(byte) = bytes.first_mut() {
            *byte ^= 1;
        }
        self.tell(Event::Arrived);
        if !self.leaves.is_group(index, &bytes) {
            return self.tell(Event::Wrong);
        }
        let start = usize::try_from(self.layout.offset(index)).unwrap();
        self.disk[start..start + bytes.len()].copy_from_slice(&bytes);
        self.tell(Event::Stored { index });
    }

    fn sleep(&mut self) {
        self.now = self.wake_at.unwrap().max(Timestamp(self.now.0 + 1));
        self.tell(Event::Tick);
    }

    /// Starts again from what was kept: what the bitmap names is checked first.
    fn restart(&mut self) {
        let mut have = Have::from_bytes(&self.checkpoint, self.layout.count()).unwrap();
        let noted: Vec<u32> = have.iter().collect();
        for index in noted {
            if !self
                .leaves
                .is_group(index, bytes_of(&self.layout, &self.disk, index))
            {
                have.remove(index);
            }
        }
        self.stream = None;
        self.fetch = Fetch::new(self.layout, have, self.now);
        self.tell(Event::Reachable);
    }

    fn suffer(&mut self, trouble: Trouble) {
        match trouble {
            Trouble::Cut => {
                self.stream = None;
                self.tell(Event::Closed);
            }
            Trouble::Lie => self.group(true),
            Trouble::NoRoom => self.tell(Event::Held),
            Trouble::PowerCut => {
                self.checkpoint = self.fetch.have().as_bytes().to_vec();
                self.disk.fill(0);
                self.restart();
            }
            Trouble::Restart => self.restart(),
            Trouble::Silence => self.sleep(),
            Trouble::Busy => self.tell(Event::Stopped(Stop::Busy)),
        }
    }
}

fn bytes_of<'a>(layout: &Layout, file: &'a [u8], index: u32) -> &'a [u8] {
    let start = usize::try_from(layout.offset(index)).unwrap();
    &file[start..start + layout.length(index)]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn the_file_is_equal_or_refused(
        size in prop_oneof![Just(0_usize), 1..100_usize, 700_000..4_000_000_usize],
        troubles in troubles(),
    ) {
        let mut world = World::new(size);
        world.tell(Event::Reachable);
        let mut steps = 0;
        let mut lied = false;
        let mut coming = troubles.into_iter().peekable();
        while world.outcome.is_none() {
            steps += 1;
            prop_assert!(steps < 2_000, "it comes to an end");
            match coming.peek().copied() {
                Some((0, trouble)) => {
                    coming.next();
                    lied |= matches!(trouble, Trouble::Lie);
                    world.suffer(trouble);
                }
                Some((wait, trouble)) => {
                    coming.next();
                    for _ in 0..wait.min(3) {
                        if world.outcome.is_none() {
                            world.group(false);
                        }
                    }
                    if world.outcome.is_none() {
                        lied |= matches!(trouble, Trouble::Lie);
                        world.suffer(trouble);
                    }
                }
                None => world.group(false),
            }
            if steps % 2 == 0 {
                world.checkpoint = world.fetch.have().as_bytes().to_vec();
            }
        }
        match world.outcome {
            Some(Ok(())) => prop_assert_eq!(world.disk, world.file),
            Some(Err(failure)) => {
                prop_assert_eq!(failure, Failure::Wrong);
                prop_assert!(lied, "nothing else is a reason to give up");
            }
            None => prop_assert!(false),
        }
    }

    #[test]
    fn what_was_verified_is_not_sent_again(cuts in prop::collection::vec(1..6_u32, 0..6)) {
        let mut world = World::new(12 << 18);
        world.tell(Event::Reachable);
        for groups in cuts {
            for _ in 0..groups {
                if world.outcome.is_none() {
                    world.group(false);
                }
            }
            world.checkpoint = world.fetch.have().as_bytes().to_vec();
            if world.outcome.is_none() {
                world.restart();
            }
        }
        while world.outcome.is_none() {
            world.group(false);
        }
        prop_assert_eq!(world.outcome, Some(Ok(())));
        prop_assert_eq!(world.sent, 12);
    }
}
