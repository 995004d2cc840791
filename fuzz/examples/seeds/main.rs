//! Writes what each target begins with to `corpus/<target>/seed-*`.

mod local;

use std::fs;
use std::path::Path;

use streembit_delivery::transfer::{Ask, End, Hello, Offer, Outcome as Ended};
use streembit_fuzz::gate::{certificate, home, key, local, node, ticket};
use streembit_fuzz::identity::{NETWORK, account, node as my_node};
use streembit_fuzz::signed::NOW;
use streembit_gate::Bundle;
use streembit_gate::exchange::{Action, Exchange};
use streembit_identity::link::{
    ClaimLink, ContactInvite, Invited, JoinLink, Link, NetworkLink, SeedLink,
};
use streembit_identity::{
    AddressRecord, Certificate, Envelope, InviteKey, Kind, LinkSecret, Mailbox, MessageId,
    NetworkId, NodeRevocation, Passphrase, PeerKind, PeerRecord, PublicRecord, Purpose,
    RecoveryPhrase, Redemption, Timestamp, Tombstone, backup, seal,
};
use streembit_ratchet::{Device, Inside, Pair, Route};

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

fn main() -> Outcome<()> {
    let later = Timestamp(NOW.0 + 3_600_000);
    let mine = Certificate::issue(&account(), my_node().id(), Purpose::Full, NOW, later)?;
    for kind in [Kind::Text, Kind::Receipt, Kind::DeviceRequest] {
        let id = MessageId::new(NOW, [5; 10]);
        let envelope = Envelope::new(
            id,
            account().id(),
            account().id(),
            NOW,
            kind,
            b"hello".to_vec(),
        );
        write("envelope", &seal(&envelope, &NETWORK, &my_node())?)?;
        write("envelope", &minicbor::to_vec(&envelope)?)?;
    }

    transfer()?;

    let revocation = NodeRevocation {
        node: my_node().id(),
        revoked_at: NOW,
    };
    write("certificate", mine.bytes())?;
    write(
        "certificate",
        &seal(&revocation, &NetworkId::NONE, &account())?,
    )?;
    write("certificate", &minicbor::to_vec(&revocation)?)?;
    write("certificate", &minicbor::to_vec(&Tombstone { at: NOW })?)?;

    let peer = PeerRecord {
        account: account().id(),
        name: "Ada".parse()?,
        kind: PeerKind::Human,
        certificates: vec![mine.bytes().to_vec()],
        revoked: vec![seal(&revocation, &NetworkId::NONE, &account())?],
        sequence: 1,
        expires: later,
        mailboxes: Some(vec![mailbox()]),
        keys: None,
    };
    let address = AddressRecord {
        node: my_node().id(),
        addresses: vec!["/ip4/192.0.2.1/tcp/4001".into()],
        sequence: 1,
        expires: later,
        certificate: Some(mine.bytes().to_vec().into()),
    };
    let opened = PeerRecord::open(&seal(&peer, &NETWORK, &account())?, &NETWORK, NOW)?;
    write("record", &PublicRecord::Peer(opened).to_bytes())?;
    write("record", &minicbor::to_vec(&peer)?)?;
    let opened = AddressRecord::open(&seal(&address, &NETWORK, &my_node())?, &NETWORK, NOW)?;
    write("record", &PublicRecord::Address(opened).to_bytes())?;
    write("record", &minicbor::to_vec(&address)?)?;

    bodies()?;
    encrypted()?;
    links(&mine, later)?;
    texts()?;
    networks()?;
    things()?;
    local::write_all()
}

fn bodies() -> Outcome<()> {
    // A text, a receipt, and a contact request: maps of the fields that they need.
    let receipt = MessageId::new(NOW, [5; 10]);
    write("body", b"\xa1\x01\x65hello")?;
    write("body", &[&b"\xa1\x01\x50"[..], receipt.as_bytes()].concat())?;
    // A reaction and an edit: what they are about, what they say, and their count.
    let thumb = b"\x02\x64\xf0\x9f\x91\x8d\x03\x01";
    let better = b"\x02\x66better\x03\x02";
    for rest in [&thumb[..], better] {
        write(
            "body",
            &[&b"\xa3\x01\x50"[..], receipt.as_bytes(), rest].concat(),
        )?;
    }
    write("body", b"\xa2\x01\x63Ada\x02\x01")
}

fn encrypted() -> Outcome<()> {
    let device = Device::new(NOW);
    let keys = device.keys(my_node().id()).ok_or("there are keys")?;
    let mut pair = Pair::default();
    pair.begin(&device, &keys)?;
    let (account, node) = (account().id(), my_node().id());
    let inside = Inside {
        route: Route {
            network: NetworkId::PUBLIC,
            from: account,
            from_node: node,
            to: account,
            to_node: node,
        },
        id: MessageId::new(NOW, [5; 10]),
        kind: Kind::Text,
        body: b"\xa1\x01\x65hello".to_vec().into(),
    };
    let sealed = pair.seal(node, || vec![1], &inside.to_bytes())?;
    write("sealed", &minicbor::to_vec(&keys)?)?;
    write("sealed", &sealed.to_bytes())?;
    write("sealed", &inside.to_bytes())?;
    write("ratchet", &device.to_bytes())?;
    write("ratchet", &pair.to_bytes())
}

fn links(mine: &Certificate, later: Timestamp) -> Outcome<()> {
    let addresses = vec!["/ip4/192.0.2.1/tcp/4001".to_owned()];
    let invite = ContactInvite {
        account: account().id(),
        name: "Ada".parse()?,
        certificate: mine.bytes().to_vec(),
        addresses: addresses.clone(),
        seeds: vec![],
        secret: LinkSecret::from_bytes([6; 16]),
        expires: later,
    };
    write("link", &minicbor::to_vec(&invite)?)?;
    let network = NetworkLink {
        genesis: home().genesis().to_vec(),
        name: "Home".parse()?,
        addresses: addresses.clone(),
        issuer: account().id(),
    };
    let claim = ClaimLink {
        host: account().id(),
        node: my_node().id(),
        addresses: addresses.clone(),
        secret: LinkSecret::from_bytes([4; 16]),
        title: "Lamp".parse()?,
    };
    let seed = SeedLink {
        node: my_node().id(),
        addresses,
    };
    let join = JoinLink {
        genesis: home().genesis().to_vec(),
        name: "Home".parse()?,
        addresses: network.addresses.clone(),
        issuer: account().id(),
        issuer_name: "Ada".parse()?,
        node: my_node().id(),
        key: InviteKey::from_seed(&[6; 32].into()),
        expires: later,
        role: Invited::Device,
    };
    write("link", &minicbor::to_vec(&join)?)?;
    let redemption = Redemption {
        invite: join.key.id(),
        account: account().id(),
        node: my_node().id(),
        name: "Ada".parse()?,
    };
    write("link", &minicbor::to_vec(&redemption)?)?;
    let all = [
        Link::Join(Box::new(join)),
        invite.into_link(&account())?,
        Link::Network(network),
        Link::Claim(claim),
        Link::Seed(seed),
    ];
    for link in all {
        write("link", link.to_string().as_bytes())?;
    }
    Ok(())
}

fn texts() -> Outcome<()> {
    write("phrase", RecoveryPhrase::of(&account()).reveal().as_bytes())?;
    write("phrase", format!("{}art", "abandon ".repeat(23)).as_bytes())?;
    write("phrase", "abandon ".repeat(24).as_bytes())?;
    write("id", account().id().to_string().as_bytes())?;
    write("id", my_node().id().to_string().as_bytes())?;
    write("id", NETWORK.to_string().as_bytes())?;
    write("id", MessageId::new(NOW, [5; 10]).to_string().as_bytes())?;
    write("id", "Zoë 👩‍🚀".as_bytes())?;
    write(
        "url",
        format!("streembit://{}/lamp-1", account().id()).as_bytes(),
    )?;
    write("url", b"lamp")?;

    let sealed = backup::seal(&Passphrase::from("passphrase"), b"content")?;
    // One digit of work, so that an attempt costs nothing.
    let text = String::from_utf8_lossy(&sealed).into_owned();
    let cheap = text
        .lines()
        .take(4)
        .collect::<Vec<_>>()
        .join("\n")
        .replacen(" 17\n", " 1\n", 1);
    write("backup", cheap.as_bytes())?;
    write("backup", &[cheap.as_bytes(), b"\n", &[0x5a; 64]].concat())
}

fn networks() -> Outcome<()> {
    let mut ledger = home();
    let removal = ledger.author_remove(&key(1), key(2).id(), NOW)?;
    ledger.insert(&removal)?;
    let mut kept = Vec::new();
    for (_, operation) in ledger.operations() {
        write("operation", operation.bytes())?;
        write("operation", &minicbor::to_vec(&**operation)?)?;
        kept.extend(piece(&[&[0], operation.bytes()].concat())?);
        kept.extend(piece(
            &[&[0], &minicbor::to_vec(&**operation)?[..]].concat(),
        )?);
    }
    let seal = ledger.author_seal(&key(8), NOW)?;
    write("operation", &seal)?;
    let parsed = streembit_identity::Unverified::<streembit_gate::Operation>::parse(&seal)?;
    kept.extend(piece(
        &[&[3], &minicbor::to_vec(parsed.peek())?[..]].concat(),
    )?);
    let statement = ledger.author_statement(&key(1), NOW)?;
    write("statement", &statement)?;
    let parsed = streembit_identity::Unverified::<streembit_gate::Statement>::parse(&statement)?;
    write("statement", &minicbor::to_vec(parsed.peek())?)?;
    write("ledger", &kept)?;

    let member = local(node(2));
    let bundle = Bundle::of(&home(), &member.certificates, &member.freshness).to_bytes();
    write("bundle", &bundle)?;
    write("bundle", bundle.get(19..).unwrap_or_default())?;
    write(
        "list",
        streembit_gate::list::List::of(home().roster())
            .to_toml()
            .as_bytes(),
    )?;
    write(
        "list",
        b"[[member]]\nname = \"A\"\nkey = \"x\"\nrole = \"admin\"\n",
    )?;
    exchanges()
}

/// Records an exchange between the nodes of accounts 1 and 2, as each side would hear it.
fn exchanges() -> Outcome<()> {
    let theirs = streembit_gate::exchange::Local {
        certificate: certificate(2),
        ..local(node(1))
    };
    let mut sides = [Exchange::dialer(theirs), Exchange::listener(local(node(2)))];
    let mut heard = [vec![0b10], vec![0b00]];
    let [dialer, _] = &mut sides;
    let mut turn = (1, frames(dialer.start()));
    while !turn.1.is_empty() {
        let (to, sent) = turn;
        let mut answers = Vec::new();
        for frame in sent {
            let (Some(heard), Some(side)) = (heard.get_mut(to), sides.get_mut(to)) else {
                continue;
            };
            heard.extend(piece(&frame)?);
            answers.extend(frames(side.on_frame(&frame, NOW)));
        }
        turn = (1 - to, answers);
    }
    // A stranger with an invite, at the door of account 1, and what it hears there.
    let stranger = streembit_gate::exchange::Local {
        certificate: certificate(9),
        ..local(node(1))
    };
    let shown = frames(Exchange::redeemer(stranger, ticket(9)).start());
    let mut door = Exchange::listener(local(node(9)));
    let (mut shows, mut hears) = (vec![0b001], vec![0b110]);
    for frame in shown {
        shows.extend(piece(&frame)?);
        door.on_frame(&frame, NOW);
        for answer in frames(door.redeemed(Ok(()))) {
            hears.extend(piece(&answer)?);
        }
    }
    write("exchange", &shows)?;
    write("exchange", &hears)?;
    for script in heard {
        write("exchange", &script)?;
        let stranger: Vec<u8> = script
            .iter()
            .enumerate()
            .map(|(at, byte)| if at == 0 { byte | 1 } else { *byte })
            .collect();
        write("exchange", &stranger)?;
    }
    Ok(())
}

fn frames(actions: Vec<Action>) -> Vec<Vec<u8>> {
    let sent = |action| {
        if let Action::Send(frame) = action {
            Some(frame)
        } else {
            None
        }
    };
    actions.into_iter().filter_map(sent).collect()
}

fn things() -> Outcome<()> {
    write(
        "description",
        br#"{"@context":"https://www.w3.org/2022/wot/td/v1.1","title":"Lamp","securityDefinitions":{"n":{"scheme":"nosec"}},"security":"n","properties":{"on":{"type":"boolean","forms":[{"href":"/on"}]},"level":{"type":"integer","minimum":0,"maximum":100,"unit":"percent","forms":[{"href":"/level"}]}},"actions":{"fade":{"input":{"type":"object","properties":{"to":{"type":"number"}},"required":["to"]},"forms":[{"href":"/fade"}]}},"events":{"hot":{"data":{"type":"string","enum":["a","b"]},"forms":[{"href":"/hot"}]}}}"#,
    )?;
    write("message", br#"{"messageType":"request","thingID":"lamp","messageID":"1","operation":"readproperty","name":"on"}"#)?;
    write("message", br#"{"messageType":"response","thingID":"lamp","messageID":"2","correlationID":"1","operation":"readproperty","name":"on","value":true}"#)?;
    write("message", br#"[{"messageType":"notification","thingID":"lamp","messageID":"3","operation":"observeproperty","name":"on","value":true}]"#)?;
    write("message", br#"{"messageType":"response","correlationID":"1","operation":"writeproperty","error":{"type":"about:blank","title":"no","status":403,"detail":"x"}}"#)?;
    use streembit_things::claim::{Attempt, ClaimRequest, encode};
    let request = ClaimRequest {
        attempt: Attempt([1; 16].into()),
        proof: [2; 32].into(),
        name: "Ada".parse()?,
    };
    write("claim", &encode(&request))?;
    write(
        "value",
        b"{\"type\":\"object\",\"properties\":{\"to\":{\"type\":\"number\",\"minimum\":0,\"multipleOf\":0.5},\"as\":{\"type\":\"string\",\"pattern\":\"^a+$\",\"maxLength\":9}},\"required\":[\"to\"]}\n{\"to\":1.5,\"as\":\"aaa\"}",
    )?;
    write(
        "value",
        b"{\"oneOf\":[{\"type\":\"array\",\"items\":{\"enum\":[1,\"a\"]},\"maxItems\":2},{\"const\":null}]}\n[1,\"a\"]",
    )
}

fn piece(bytes: &[u8]) -> Outcome<Vec<u8>> {
    Ok([&u16::try_from(bytes.len())?.to_be_bytes(), bytes].concat())
}

/// Writes a seed under the hash of its content.
fn write(target: &str, seed: &[u8]) -> Outcome<()> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("corpus")
        .join(target);
    fs::create_dir_all(&folder)?;
    let name = streembit_identity::Digest::of(&[seed]).to_string();
    fs::write(
        folder.join(format!("seed-{}", name.get(..12).unwrap_or(&name))),
        seed,
    )?;
    Ok(())
}

fn mailbox() -> Mailbox {
    Mailbox {
        account: account().id(),
        node: my_node().id(),
    }
}

fn transfer() -> Outcome<()> {
    let id = MessageId::new(NOW, [5; 10]);
    let offer = Offer {
        name: "../holiday.jpg".to_owned(),
        size: 700_000,
        root: [1; 32].into(),
        key: [2; 32].into(),
        media: Some("image/jpeg".to_owned()),
        sequence: Some(2),
        previous: Some([3; 32].into()),
    };
    let end = End {
        target: id,
        outcome: Ended::Cancelled,
    };
    let hello = Hello {
        id,
        wants_leaves: true,
        has: 2,
    };
    let asks = [Ask { first: 0, count: 2 }, Ask { first: 3, count: 1 }];
    write("transfer", &offer.to_bytes())?;
    write("transfer", &end.to_bytes())?;
    write("transfer", &hello.to_bytes())?;
    write("transfer", asks.map(Ask::to_bytes).as_flattened())?;
    write("transfer", "con.\u{202e}gpj/..\\a:b. ".as_bytes())
}
