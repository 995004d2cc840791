//! Decoders of `streembit-gate`. Each takes any bytes, and panics only if a promise is broken.

use std::sync::{Arc, LazyLock};

use streembit_gate::exchange::{Action, Exchange, Local, Session, Ticket};
use streembit_gate::list::List;
use streembit_gate::{
    Bundle, Certificates, Freshness, Ledger, Operation, RefusalReason, Role, Rules, Statement,
};
use streembit_identity::{
    AccountKey, Certificate, InviteKey, NetworkId, NodeKey, Purpose, Redemption, Timestamp,
};
use zeroize::Zeroizing;

use super::signed::{NOW, signed};

/// Most pieces that one input is cut into.
const MAX_PIECES: usize = 16;

/// What does not change is made once: it costs more than what is tried.
static HOME: LazyLock<Ledger> = LazyLock::new(make_home);
static WITH_MEMBER: LazyLock<Local> = LazyLock::new(|| local(node(2)));
static WITH_STRANGER: LazyLock<Local> = LazyLock::new(|| local(node(9)));

/// Membership operations: whole ones, and any payload under a good signature.
pub fn operation(data: &[u8]) {
    signed::<Operation>(data, &home().network(), &key(1));
    signed::<Operation>(data, &NetworkId::NONE, &key(1));
    let _ = Ledger::from_genesis(data);
}

/// Statements: whole ones, and any payload under an admin's signature.
pub fn statement(data: &[u8]) {
    let home = home();
    let signed = signed::<Statement>(data, &home.network(), &key(1));
    let bytes = signed.as_ref().map_or(data, |statement| statement.bytes());
    let mut freshness = Freshness::default();
    if freshness.confirm(bytes, &home, NOW).is_ok() {
        assert!(
            freshness.at().is_some_and(|at| at <= NOW),
            "none from the future"
        );
        assert!(freshness.statement() == Some(bytes));
    } else {
        assert!(freshness.at().is_none(), "refused means unchanged");
    }
}

/// A ledger that takes whatever comes, each piece signed by one of three accounts or the
/// recovery key.
pub fn ledger(data: &[u8]) {
    let mut ledger = home();
    let first = ledger.network();
    for piece in pieces(data) {
        let Some((who, payload)) = piece.split_first() else {
            continue;
        };
        // The last of them is the recovery key.
        let author = key(match who % 4 {
            3 => 8,
            number => 1 + number,
        });
        let bytes = match signed::<Operation>(payload, &first, &author) {
            Some(operation) => operation.bytes().to_vec(),
            None => payload.to_vec(),
        };
        let before = ledger.operations().len();
        let inserted = ledger.insert(&bytes);
        assert!(
            inserted.is_ok() || ledger.operations().len() == before,
            "refused means unchanged"
        );
    }
    assert_eq!(ledger.network(), first);
    let stored: Vec<_> = ledger
        .operations()
        .map(|(_, operation)| operation.bytes().to_vec())
        .collect();
    let again = Ledger::load(&stored);
    assert!(
        again.is_ok_and(|again| again.roster() == ledger.roster()),
        "what was kept loads again"
    );
}

/// The plain list.
pub fn list(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    if let Ok(list) = List::parse(text) {
        let again = List::parse(&list.to_toml());
        assert!(
            again.is_ok_and(|again| again.members() == list.members()),
            "written lists are read"
        );
        let _ = list.plan(home().roster(), key(1).id());
    }
}

/// Networks in files: whole ones, and any content behind the right beginning.
pub fn bundle(data: &[u8]) {
    let content = [b"streembit bundle 1\n", data].concat();
    for bytes in [data, &content] {
        let Ok(bundle) = Bundle::parse(bytes) else {
            continue;
        };
        assert_eq!(bundle.to_bytes(), bytes, "one network, one encoding");
        let Ok(read) = bundle.open(NOW) else { continue };
        let mut members = read.certificates.iter();
        assert!(members.all(|(account, _)| read.ledger.roster().member(account).is_some()));
        let again = Bundle::of(&read.ledger, &read.certificates, &read.freshness);
        let again = Bundle::parse(&again.to_bytes()).and_then(|again| again.open(NOW));
        assert!(
            again.is_ok_and(|again| again.ledger.roster() == read.ledger.roster()),
            "what was taken is written and read again"
        );
    }
}

/// Frames of the gate exchange, to either side, by a member's node and by a stranger's, with and
/// without an invite.
pub fn exchange(data: &[u8]) {
    let Some((how, data)) = data.split_first() else {
        return;
    };
    let is_member = how & 1 == 0;
    let local = if is_member {
        WITH_MEMBER.clone()
    } else {
        WITH_STRANGER.clone()
    };
    let mut exchange = match (how & 2 == 0, how & 4 == 0) {
        (true, _) => Exchange::listener(local),
        (false, true) => Exchange::dialer(local),
        (false, false) => Exchange::redeemer(local, ticket(1)),
    };
    let mut actions = exchange.start();
    for piece in pieces(data) {
        actions.extend(exchange.on_frame(piece, NOW));
        if matches!(actions.last(), Some(Action::Redeem(_))) {
            let is_honoured = how & 4 == 0;
            let decision = is_honoured.then_some(());
            actions.extend(exchange.redeemed(decision.ok_or(RefusalReason::InviteUsed)));
        }
    }
    actions.extend(exchange.expire());
    for action in actions {
        match action {
            Action::Admit(admission) => {
                assert!(is_member, "a stranger is never admitted");
                assert_eq!(admission.node, node(2).id());
            }
            Action::Redeem(asked) => {
                assert!(!is_member, "a member uses nothing up");
                assert_eq!(asked.node, node(9).id());
            }
            Action::Learn { .. } => assert!(is_member, "nothing is learned from a stranger"),
            Action::Send(_) | Action::Refuse(_) | Action::Refused(_) | Action::Redeemed => {}
        }
    }
}

/// A network of account 1 with account 2 as a member.
pub fn home() -> Ledger {
    HOME.clone()
}

fn make_home() -> Ledger {
    let ledger = parse("Home").zip(parse("Ada")).and_then(|(name, admin)| {
        Ledger::create(name, admin, &key(1), key(8).id(), [7; 16], NOW).ok()
    });
    let Some(mut ledger) = ledger else {
        panic!("the network can be made")
    };
    let added = parse("Bob").and_then(|name| {
        ledger
            .author_add(&key(1), key(2).id(), name, Role::Member, NOW)
            .ok()
    });
    assert!(added.is_some_and(|added| ledger.insert(&added).is_ok()));
    ledger
}

/// What the node of account 1 brings to an exchange with `remote`.
pub fn local(remote: NodeKey) -> Local {
    let ledger = home();
    let mut certificates = Certificates::default();
    for number in [1, 2] {
        let _ = certificates.insert(&certificate(number), ledger.roster(), NOW);
    }
    let mut freshness = Freshness::default();
    if let Ok(bytes) = ledger.author_statement(&key(1), NOW) {
        let _ = freshness.confirm(&bytes, &ledger, NOW);
    }
    let rules = Rules::private(&ledger, &certificates, &freshness).expecting([remote.id()]);
    Local {
        network: ledger.network(),
        certificate: certificate(1),
        rules: Arc::new(rules),
        ledger: Some(Arc::new(ledger)),
        certificates: Arc::new(certificates),
        freshness: Arc::new(freshness),
        latest: NOW,
        session: Session(1),
        remote: remote.id(),
    }
}

/// What account `number` shows at a door to use an invite.
pub fn ticket(number: u8) -> Ticket {
    let invite = InviteKey::from_seed(&Zeroizing::new([6; 32]));
    let Some(name) = parse("Guest") else {
        panic!("this is a name")
    };
    let redemption = Redemption {
        invite: invite.id(),
        account: key(number).id(),
        node: node(number).id(),
        name,
    };
    let signed = Ticket::sign(&redemption, &home().network(), &invite, &key(number));
    let Ok(ticket) = signed else {
        panic!("a redemption can be signed")
    };
    ticket
}

/// The certificate of an account's node.
pub fn certificate(number: u8) -> Vec<u8> {
    let (node, end) = (node(number).id(), Timestamp(NOW.0 + 86_400_000));
    Certificate::issue(&key(number), node, Purpose::Full, NOW, end)
        .map(|certificate| certificate.bytes().to_vec())
        .unwrap_or_default()
}

/// The key of an account.
pub fn key(number: u8) -> AccountKey {
    AccountKey::from_seed(&Zeroizing::new([number; 32]))
}

/// The key of its node.
pub fn node(number: u8) -> NodeKey {
    NodeKey::from_seed(&Zeroizing::new([100 + number; 32]))
}

/// Cuts an input into pieces, each behind its length in two bytes.
pub fn pieces(mut data: &[u8]) -> Vec<&[u8]> {
    let mut pieces = Vec::new();
    while let (Some((len, rest)), true) = (data.split_first_chunk::<2>(), pieces.len() < MAX_PIECES)
    {
        let (piece, rest) = rest.split_at(usize::from(u16::from_be_bytes(*len)).min(rest.len()));
        pieces.push(piece);
        data = rest;
    }
    pieces
}

fn parse<T: std::str::FromStr>(text: &str) -> Option<T> {
    text.parse().ok()
}
