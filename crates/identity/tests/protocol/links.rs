//! Links say what they are, or why they are not.

use proptest::prelude::*;
use streembit_identity::link::{
    ClaimLink, ContactInvite, Invited, JoinLink, Link, LinkError, MAX_LINK_LEN, NetworkLink,
    SeedLink,
};
use streembit_identity::{Certificate, InviteKey, LinkSecret, NetworkId, Purpose, seal};

use crate::fixtures::*;

#[test]
fn every_link_is_read_as_written() {
    for link in links() {
        let text = link.to_string();
        assert!(text.len() <= MAX_LINK_LEN);
        assert_eq!(Link::parse(&text).unwrap().to_string(), text);
        assert_eq!(
            Link::parse(&format!("  {text}\n")).unwrap().to_string(),
            text,
            "pasted loosely"
        );
    }
}

#[test]
fn refuses_an_invite_with_any_character_changed() {
    let text = invite().into_link(&alice()).unwrap().to_string();
    let code = text.find('/').unwrap() + 1;
    for position in code..text.len() {
        let mut changed = text.clone().into_bytes();
        changed[position] = if changed[position] == b'A' {
            b'B'
        } else {
            b'A'
        };
        let changed = String::from_utf8(changed).unwrap();
        assert!(Link::parse(&changed).is_err(), "character {position}");
    }
}

#[test]
fn refuses_invites_that_others_signed() {
    assert!(matches!(
        invite().into_link(&bob()),
        Err(LinkError::Signature(_))
    ));
}

#[test]
fn refuses_invites_with_a_node_of_another_account() {
    let stolen = Certificate::issue(&bob(), node(7).id(), Purpose::Full, NOW, later(1)).unwrap();
    let invite = ContactInvite {
        certificate: stolen.bytes().to_vec(),
        ..invite()
    };

    assert!(matches!(
        invite.into_link(&alice()),
        Err(LinkError::Invalid(_))
    ));
}

#[test]
fn explains_what_is_wrong() {
    let good = links()[0].to_string();
    let long = format!("streembit:seed/{}", "A".repeat(MAX_LINK_LEN));
    let table = [
        ("", "a link begins with \"streembit:\""),
        ("https://example.org", "a link begins with \"streembit:\""),
        ("streembit:", "this version knows no such link"),
        ("streembit:party/AAAA", "this version knows no such link"),
        (&long, "the text is too long for a link"),
        (
            &good[..good.len() - 3],
            "the link is damaged: copy it again, from beginning to end",
        ),
        (
            "streembit:seed/!",
            "the link is damaged: copy it again, from beginning to end",
        ),
        (
            "streembit:seed/",
            "the link is damaged: copy it again, from beginning to end",
        ),
    ];
    for (text, message) in table {
        assert_eq!(
            Link::parse(text).unwrap_err().to_string(),
            message,
            "{text}"
        );
    }
}

#[test]
fn refuses_padding_and_other_alphabets() {
    let text = links()[0].to_string();
    for tail in ["=", "==", "+", "/", " x"] {
        assert!(Link::parse(&format!("{text}{tail}")).is_err(), "{tail}");
    }
}

#[test]
fn refuses_oversized_parts() {
    let link = NetworkLink {
        genesis: vec![1; 1_025],
        name: "Home".parse().unwrap(),
        addresses: vec![],
        issuer: alice().id(),
    };
    assert!(matches!(
        Link::parse(&Link::Network(link).to_string()),
        Err(LinkError::Invalid(_))
    ));

    let link = SeedLink {
        node: node(8).id(),
        addresses: vec!["/a".into(); 17],
    };
    assert!(matches!(
        Link::parse(&Link::Seed(link).to_string()),
        Err(LinkError::Invalid(_))
    ));
}

#[test]
fn a_way_into_a_network_carries_a_secret_that_nothing_prints() {
    let link = join();
    let shown = format!("{link:?}");
    let secret = link.key.seed();

    assert!(!shown.contains(&format!("{:?}", secret.as_slice())));
    assert!(!shown.contains(&data_encoding::BASE64URL_NOPAD.encode(secret.as_slice())));
    let Link::Join(read) = Link::parse(&Link::Join(Box::new(link)).to_string()).unwrap() else {
        panic!("another kind of link");
    };
    assert_eq!(read.key.seed(), secret);
}

#[test]
fn an_invite_never_serves_as_anything_else() {
    let sealed = seal(&invite(), &NetworkId::NONE, &alice()).unwrap();
    let text = format!(
        "streembit:invite/{}",
        data_encoding::BASE64URL_NOPAD.encode(&sealed)
    );

    assert!(
        matches!(Link::parse(&text), Err(LinkError::Signature(_))),
        "signed for no network"
    );
}

proptest! {
    #[test]
    fn any_text_is_a_link_or_an_error(kind in "(invite|join|network|claim|seed)", code in "[A-Za-z0-9_-]{0,120}") {
        let text = format!("streembit:{kind}/{code}");
        if let Ok(link) = Link::parse(&text) {
            prop_assert_eq!(link.to_string(), text);
        }
    }
}

pub(crate) fn join() -> JoinLink {
    JoinLink {
        genesis: vec![1; 200],
        name: "Home".parse().unwrap(),
        addresses: vec!["/ip4/192.0.2.7/udp/4001/quic-v1".to_owned()],
        issuer: alice().id(),
        issuer_name: "Alice".parse().unwrap(),
        node: node(8).id(),
        key: InviteKey::from_seed(&[6; 32].into()),
        expires: later(1),
        role: Invited::Member,
    }
}

pub(crate) fn links() -> Vec<Link> {
    let addresses = vec!["/ip4/192.0.2.7/udp/4001/quic-v1".to_owned()];
    vec![
        Link::Seed(SeedLink {
            node: node(8).id(),
            addresses: addresses.clone(),
        }),
        invite().into_link(&alice()).unwrap(),
        Link::Network(NetworkLink {
            genesis: vec![1; 200],
            name: "Home".parse().unwrap(),
            addresses: addresses.clone(),
            issuer: alice().id(),
        }),
        Link::Join(Box::new(join())),
        Link::Claim(ClaimLink {
            host: account(20).id(),
            node: node(21).id(),
            addresses,
            secret: LinkSecret::from_bytes([4; 16]),
            title: "Lamp".parse().unwrap(),
        }),
    ]
}
