use std::time::Duration;

use streembit_identity::{Purpose, seal};

use super::*;
use crate::Role;
use crate::fixture::{NOW, account, add, certificate, certificate_for, key, network, node, remove};

fn revocation(person: u64, of: u64) -> Vec<u8> {
    revocation_at(NOW, person, of)
}

fn revocation_at(revoked_at: Timestamp, person: u64, of: u64) -> Vec<u8> {
    let revocation = NodeRevocation {
        node: node(of),
        revoked_at,
    };
    seal(&revocation, &NetworkId::NONE, &key(person)).unwrap()
}

/// A certificate of the node of person 1.
fn issued(since: Timestamp, lifetime: Duration) -> Certificate {
    let until = since.plus(lifetime);
    Certificate::issue(&key(1), node(1), Purpose::Full, since, until).unwrap()
}

fn insert(
    certificates: &mut Certificates,
    roster: &Roster,
    certificate: &Certificate,
) -> Result<Inserted, String> {
    certificates
        .insert(certificate.bytes(), roster, NOW)
        .map_err(|error| error.to_string())
}

#[test]
fn takes_the_nodes_of_members_only() {
    let mut ledger = network();
    add(&mut ledger, 1, 2, Role::Member);
    let mut certificates = Certificates::default();

    assert_eq!(
        insert(&mut certificates, ledger.roster(), &certificate(2)),
        Ok(Inserted::New)
    );
    assert_eq!(
        insert(&mut certificates, ledger.roster(), &certificate(2)),
        Ok(Inserted::Known)
    );
    assert!(insert(&mut certificates, ledger.roster(), &certificate(3)).is_err());
    assert_eq!(
        certificates.nodes_of(account(2)).collect::<Vec<_>>(),
        [node(2)]
    );
    assert_eq!(
        certificates.accounts_of(node(2)).collect::<Vec<_>>(),
        [account(2)]
    );

    remove(&mut ledger, 1, 2);
    certificates.retain(ledger.roster(), NOW);
    assert!(certificates.iter().next().is_none());
}

#[test]
fn refuses_what_is_over_or_forged() {
    let ledger = network();
    let mut certificates = Certificates::default();
    let short = Certificate::issue(
        &key(1),
        node(1),
        Purpose::Full,
        NOW,
        NOW.plus(Duration::from_secs(1)),
    )
    .unwrap();
    let later = NOW.plus(Duration::from_secs(1));
    let mut forged = certificate(1).bytes().to_vec();
    *forged.last_mut().unwrap() ^= 1;

    assert!(matches!(
        certificates.insert(short.bytes(), ledger.roster(), later),
        Err(CertificateRefusal::Expired)
    ));
    assert!(matches!(
        certificates.insert(&forged, ledger.roster(), NOW),
        Err(CertificateRefusal::Certificate(_))
    ));
}

#[test]
fn the_newer_certificate_of_a_node_counts() {
    let ledger = network();
    let mut certificates = Certificates::default();
    let soon = NOW.plus(Duration::from_mins(59));
    let later = NOW.plus(Duration::from_hours(1));
    let [early, newer] = [soon, later].map(|since| issued(since, Duration::from_hours(24)));
    let mut insert = |certificate: &Certificate| {
        certificates
            .insert(certificate.bytes(), ledger.roster(), later)
            .unwrap()
    };

    assert_eq!(insert(&certificate(1)), Inserted::New);
    assert_eq!(insert(&early), Inserted::Known, "too soon after the other");
    assert_eq!(insert(&newer), Inserted::New);
    assert_eq!(insert(&certificate(1)), Inserted::Known);
    assert_eq!(certificates.bytes().collect::<Vec<_>>(), [newer.bytes()]);
}

#[test]
fn what_is_over_is_replaced_however_soon() {
    let ledger = network();
    let mut certificates = Certificates::default();
    let over = NOW.plus(Duration::from_mins(1));
    let short = issued(NOW, Duration::from_mins(1));
    let next = issued(over, Duration::from_hours(24));

    insert(&mut certificates, ledger.roster(), &short).unwrap();
    let replaced = certificates.insert(next.bytes(), ledger.roster(), over);

    assert_eq!(replaced.ok(), Some(Inserted::New));
}

#[test]
fn a_revoked_node_never_comes_back() {
    let ledger = network();
    let mut certificates = Certificates::default();
    insert(&mut certificates, ledger.roster(), &certificate(1)).unwrap();
    let before = certificates.digest();

    assert_eq!(
        certificates.revoke(&revocation(1, 1), ledger.roster()).ok(),
        Some(Inserted::New)
    );

    assert!(certificates.iter().next().is_none() && certificates.is_revoked(account(1), node(1)));
    assert_ne!(certificates.digest(), before);
    assert!(insert(&mut certificates, ledger.roster(), &certificate(1)).is_err());
}

#[test]
fn a_revocation_outlives_the_removal_of_its_account() {
    let mut ledger = network();
    add(&mut ledger, 1, 2, Role::Member);
    let mut certificates = Certificates::default();
    certificates
        .revoke(&revocation(2, 2), ledger.roster())
        .unwrap();

    remove(&mut ledger, 1, 2);
    certificates.retain(ledger.roster(), NOW);
    add(&mut ledger, 1, 2, Role::Member);

    assert!(insert(&mut certificates, ledger.roster(), &certificate(2)).is_err());
}

#[test]
fn nobody_revokes_a_node_of_somebody_else() {
    let mut ledger = network();
    add(&mut ledger, 1, 2, Role::Member);
    let mut certificates = Certificates::default();
    insert(&mut certificates, ledger.roster(), &certificate(1)).unwrap();

    certificates
        .revoke(&revocation(2, 1), ledger.roster())
        .unwrap();

    assert_eq!(
        certificates.nodes_of(account(1)).collect::<Vec<_>>(),
        [node(1)]
    );
    assert!(
        certificates
            .revoke(&revocation(3, 1), ledger.roster())
            .is_err(),
        "no member"
    );
}

#[test]
fn an_account_has_only_so_many_nodes() {
    let ledger = network();
    let mut certificates = Certificates::default();
    for number in 0..MAX_NODES as u64 {
        insert(
            &mut certificates,
            ledger.roster(),
            &certificate_for(1, 100 + number),
        )
        .unwrap();
    }

    assert!(insert(&mut certificates, ledger.roster(), &certificate_for(1, 99)).is_err());
}

#[test]
fn equal_sets_have_equal_digests() {
    let mut ledger = network();
    add(&mut ledger, 1, 2, Role::Member);
    let (mut one, mut other) = (Certificates::default(), Certificates::default());
    for (first, second) in [(1, 2), (2, 1)] {
        insert(&mut one, ledger.roster(), &certificate(first)).unwrap();
        insert(&mut other, ledger.roster(), &certificate(second)).unwrap();
    }

    assert_eq!(one.digest(), other.digest());
}

#[test]
fn the_newest_revocations_count_in_every_order() {
    let ledger = network();
    let revocations: Vec<Vec<u8>> = (0..MAX_NODES as u64 + 5)
        .map(|number| revocation_at(NOW.plus(Duration::from_secs(number)), 1, 100 + number))
        .collect();
    let (mut one, mut other) = (Certificates::default(), Certificates::default());
    let latest = certificate_for(1, 100 + MAX_NODES as u64 + 4);
    insert(&mut one, ledger.roster(), &latest).unwrap();

    let taken = revocations
        .iter()
        .map(|one_of| one.revoke(one_of, ledger.roster()));
    assert!(
        taken.into_iter().all(|taken| taken.is_ok()),
        "the newest always"
    );
    let backwards = revocations.iter().rev();
    let taken = backwards.map(|one_of| other.revoke(one_of, ledger.roster()));
    let refused = taken.filter(|taken| matches!(taken, Err(CertificateRefusal::Full)));

    assert_eq!(refused.count(), 5, "older than all that are kept");
    assert_eq!(one.digest(), other.digest());
    assert_eq!(
        one.nodes_of(account(1)).count(),
        0,
        "the latest took effect"
    );
    assert!(insert(&mut one, ledger.roster(), &latest).is_err());
}
