mod order;
mod seals;
mod several_admins;

use super::*;
use crate::fixture::{NOW, account, add, key, name, network, node, remove};
use crate::{Binding, Policy, Role};

fn reload(ledger: &Ledger) -> Ledger {
    Ledger::load(ledger.operations().map(|(_, operation)| operation.bytes())).unwrap()
}

/// An operation as anybody could sign it, whatever a node of ours would refuse to sign.
fn signed(ledger: &Ledger, by: u64, action: Action) -> Vec<u8> {
    let operation = Operation {
        heads: ledger.heads(),
        at: NOW,
        action,
        seal: None,
    };
    seal(&operation, &ledger.network(), &key(by)).unwrap()
}

fn refusal(ledger: &Ledger, by: u64, action: Action) -> InsertError {
    let bytes = signed(ledger, by, action);
    ledger.clone().insert(&bytes).unwrap_err()
}

fn listed(number: u64, role: Role) -> Binding {
    Binding {
        account: account(number),
        name: name(number),
        role,
    }
}

#[test]
fn begins_with_its_creator_as_the_only_admin() {
    let ledger = network();

    let roster = ledger.roster();

    assert_eq!(roster.admins().collect::<Vec<_>>(), [account(1)]);
    assert_eq!(roster.members.len(), 1);
    assert_eq!(
        NetworkId::from_bytes(*ledger.heads()[0].as_bytes()),
        ledger.network()
    );
}

#[test]
fn a_network_never_begins_with_its_own_recovery_key() {
    let same = Ledger::create(name(1), name(1), &key(1), account(1), [0; 16], NOW);

    assert!(matches!(same, Err(AuthorError::Genesis)));
}

#[test]
fn adds_changes_and_removes_members() {
    let mut ledger = network();
    add(&mut ledger, 1, 2, Role::Member);
    add(&mut ledger, 1, 3, Role::Device);

    let bytes = ledger
        .author_set_role(&key(1), account(3), Role::Hub, NOW)
        .unwrap();
    ledger.insert(&bytes).unwrap();
    remove(&mut ledger, 1, 2);

    let roster = ledger.roster();
    assert_eq!(roster.member(account(3)).unwrap().role, Role::Hub);
    assert!(roster.member(account(2)).is_none() && roster.removed.contains_key(&account(2)));
    assert_eq!(reload(&ledger).roster(), roster);
}

#[test]
fn adding_back_must_follow_the_removal() {
    let mut ledger = network();
    add(&mut ledger, 1, 2, Role::Member);
    let before_removal = ledger.clone();
    remove(&mut ledger, 1, 2);
    let removed = ledger.clone();

    // The same admin, whose other node has not heard of the removal.
    let rename = before_removal
        .author_set_role(&key(1), account(2), Role::Device, NOW)
        .unwrap();
    ledger.insert(&rename).unwrap();

    assert!(
        ledger.roster().member(account(2)).is_none(),
        "remove wins over what is concurrent"
    );

    let mut back = removed;
    add(&mut back, 1, 2, Role::Member);
    assert!(back.roster().member(account(2)).is_some());
    assert!(!back.roster().removed.contains_key(&account(2)));
}

fn assert_refused(cases: impl IntoIterator<Item = (u64, Action, InsertError)>) {
    let mut ledger = network();
    add(&mut ledger, 1, 2, Role::Member);
    for (by, action, expected) in cases {
        let found = refusal(&ledger, by, action.clone());
        assert_eq!(found.to_string(), expected.to_string(), "{by} {action:?}");
    }
}

#[test]
fn only_admins_change_anything_and_only_the_recovery_key_appoints() {
    let addition = Action::Add(listed(3, Role::Member));
    let removal = Action::Remove {
        account: account(2),
    };
    let appointment = Action::Appoint {
        account: account(3),
        name: name(3),
    };

    assert_refused([
        (2, addition.clone(), InsertError::NotAdmin),
        (0, addition, InsertError::NotAdmin),
        (9, removal, InsertError::NotAdmin),
        (1, appointment, InsertError::NotAdmin),
    ]);
}

#[test]
fn one_name_belongs_to_one_account() {
    let shouted = Binding {
        name: "PERSON 2".parse().unwrap(),
        ..listed(3, Role::Member)
    };
    let taken = Binding {
        name: name(1),
        ..listed(2, Role::Member)
    };
    let renamed = Binding {
        name: name(9),
        ..listed(2, Role::Member)
    };

    assert_refused([
        (1, Action::Add(shouted), InsertError::NameTaken),
        (1, Action::Change(taken), InsertError::NameTaken),
        (1, Action::Add(renamed), InsertError::AlreadyMember),
    ]);
}

#[test]
fn refuses_what_its_state_does_not_allow() {
    let remove = |number| Action::Remove {
        account: account(number),
    };
    let wrong = Action::Checkpoint(crate::Snapshot::default());

    assert_refused([
        (
            1,
            Action::Add(listed(2, Role::Member)),
            InsertError::AlreadyMember,
        ),
        (
            1,
            Action::Add(listed(0, Role::Member)),
            InsertError::RecoveryKey,
        ),
        (
            1,
            Action::Change(listed(2, Role::Member)),
            InsertError::Unchanged,
        ),
        (
            1,
            Action::Change(listed(3, Role::Member)),
            InsertError::NotMember,
        ),
        (1, remove(3), InsertError::NotMember),
        (1, remove(1), InsertError::LastAdmin),
        (
            1,
            Action::Change(listed(1, Role::Member)),
            InsertError::LastAdmin,
        ),
        (
            1,
            Action::SetPolicy(Policy::default()),
            InsertError::Unchanged,
        ),
        (1, wrong, InsertError::WrongCheckpoint),
    ]);
}

#[test]
fn refuses_operations_out_of_place() {
    let mut ledger = network();
    let genesis = ledger.heads();
    add(&mut ledger, 1, 2, Role::Member);
    let insert = |heads: Vec<OperationId>, at: Timestamp, network: NetworkId| {
        let operation = Operation {
            heads,
            at,
            action: Action::Add(listed(3, Role::Member)),
            seal: None,
        };
        ledger
            .clone()
            .insert(&seal(&operation, &network, &key(1)).unwrap())
    };
    let mut both = [genesis.clone(), ledger.heads()].concat();
    both.sort_unstable();

    let id = ledger.network();
    assert!(matches!(insert(ledger.heads(), NOW, id), Ok(Inserted::New)));
    assert!(matches!(
        insert(both, NOW, id),
        Err(InsertError::RedundantHeads)
    ));
    assert!(matches!(
        insert(vec![OperationId::from_bytes([9; 32])], NOW, id),
        Err(InsertError::UnknownHeads)
    ));
    assert!(matches!(
        insert(ledger.heads(), Timestamp(1), id),
        Err(InsertError::Backdated)
    ));
    assert!(matches!(
        insert(ledger.heads(), NOW, NetworkId::PUBLIC),
        Err(InsertError::Signature(_))
    ));
}

#[test]
fn operations_of_another_network_mean_nothing() {
    let mut home = network();
    let mut office = Ledger::create(name(1), name(1), &key(1), account(0), [8; 16], NOW).unwrap();
    let bytes = add(&mut home, 1, 2, Role::Member);

    assert!(office.insert(&bytes).is_err());
    assert!(office.insert(home.genesis()).is_err());
    assert!(matches!(
        home.clone().insert(home.genesis()),
        Ok(Inserted::Known)
    ));
    assert_eq!(office.roster().members.len(), 1);
}

#[test]
fn what_is_known_changes_nothing() {
    let mut ledger = network();
    let bytes = add(&mut ledger, 1, 2, Role::Member);

    assert!(matches!(ledger.insert(&bytes), Ok(Inserted::Known)));
    assert_eq!(ledger.operations().len(), 2);
}

#[test]
fn a_damaged_set_is_no_network() {
    let mut ledger = network();
    add(&mut ledger, 1, 2, Role::Member);
    add(&mut ledger, 1, 3, Role::Member);
    let mut stored: Vec<Vec<u8>> = ledger
        .operations()
        .map(|(_, operation)| operation.bytes().to_vec())
        .collect();

    assert!(matches!(
        Ledger::load(Vec::<Vec<u8>>::new()),
        Err(LoadError::Empty)
    ));
    assert!(matches!(
        Ledger::load(&stored[1..]),
        Err(LoadError::Signature(_) | LoadError::Genesis)
    ));
    stored.remove(1);
    assert!(matches!(
        Ledger::load(&stored),
        Err(LoadError::Operation { position: 1, .. })
    ));
}

#[test]
fn older_heads_cannot_undo_a_removal() {
    let mut ledger = network();
    add(&mut ledger, 1, 2, Role::Member);
    let backup: Vec<Vec<u8>> = ledger
        .operations()
        .map(|(_, operation)| operation.bytes().to_vec())
        .collect();
    remove(&mut ledger, 1, 2);
    let persisted = ledger.heads();

    let restored = Ledger::load(&backup).unwrap();
    assert!(
        !restored.covers(&persisted),
        "the node sees that its backup is older than what it knew"
    );

    for bytes in &backup[1..] {
        assert!(matches!(ledger.insert(bytes), Ok(Inserted::Known)));
    }
    assert!(ledger.roster().member(account(2)).is_none());
}

#[test]
fn tells_what_somebody_else_lacks() {
    let mut ledger = network();
    let start = ledger.clone();
    let second = add(&mut ledger, 1, 2, Role::Member);
    let third = add(&mut ledger, 1, 3, Role::Member);

    assert_eq!(ledger.missing_for(&start.heads()), [second, third]);
    assert!(ledger.missing_for(&ledger.heads()).is_empty());
    assert_eq!(
        ledger.missing_for(&[]).len(),
        2,
        "the genesis everybody has"
    );
    let unknown = OperationId::from_bytes([1; 32]);
    assert_eq!(ledger.missing_for(&[unknown]).len(), 2);
}

#[test]
fn landmarks_show_where_two_sets_part() {
    let mut behind = network();
    for number in 2..40 {
        add(&mut behind, 1, number, Role::Member);
    }
    let mut ahead = behind.clone();
    for number in 40..43 {
        add(&mut ahead, 1, number, Role::Member);
    }

    let landmarks = ahead.landmarks();

    assert!(landmarks.len() <= 6);
    let sent = behind.missing_for(&[ahead.heads(), landmarks].concat());
    assert!(sent.len() <= 3, "{} operations sent in vain", sent.len());
}

#[test]
fn a_checkpoint_states_what_everybody_can_compute() {
    let mut ledger = network();
    add(&mut ledger, 1, 2, Role::Member);
    remove(&mut ledger, 1, 2);
    let before = Arc::clone(ledger.roster());

    let bytes = ledger.author_checkpoint(&key(1), NOW).unwrap();
    ledger.insert(&bytes).unwrap();

    assert_eq!(ledger.roster(), &before);
    assert_eq!(reload(&ledger).roster().snapshot().removed, [account(2)]);
}

#[test]
fn a_list_is_followed_as_a_whole() {
    let mut ledger = network();
    add(&mut ledger, 1, 2, Role::Member);
    add(&mut ledger, 1, 3, Role::Member);
    // Person 3 takes the name of person 2, who becomes an admin under another one.
    let text = [
        (1, "Person 1", "admin"),
        (3, "Person 2", "member"),
        (2, "Second", "admin"),
        (4, "Person 3", "hub"),
    ];
    let entry = |(number, name, role): (u64, &str, &str)| {
        format!(
            "[[member]]\nname = \"{name}\"\nkey = \"{}\"\nrole = \"{role}\"\n",
            account(number)
        )
    };
    let list = crate::list::List::parse(&text.map(entry).concat()).unwrap();

    let plan = list.plan(ledger.roster(), account(1));
    let operations = ledger.author_plan(&key(1), &plan, NOW).unwrap();
    for bytes in &operations {
        ledger.insert(bytes).unwrap();
    }

    assert_eq!(operations.len(), 3);
    assert!(list.plan(ledger.roster(), account(1)).is_empty());
}

#[test]
fn keeps_room_for_cutting_off_and_recovery_when_it_is_nearly_full() {
    let mut ledger = network();
    add(&mut ledger, 1, 2, Role::Member);
    // An admin whose own software keeps no room free.
    let (mut device, mut last) = (false, None);
    for _ in 0..MAX_OPERATIONS {
        device = !device;
        let role = if device { Role::Device } else { Role::Member };
        let bytes = signed(&ledger, 1, Action::Change(listed(2, role)));
        if let Err(error) = ledger.insert(&bytes) {
            last = Some(error);
            break;
        }
    }

    assert!(matches!(last, Some(InsertError::Full)), "{last:?}");
    assert!(
        ledger
            .author_add(&key(1), account(3), name(3), Role::Member, NOW)
            .is_err()
    );
    let revoked = signed(&ledger, 1, Action::RevokeNode { node: node(2) });
    ledger.insert(&revoked).unwrap();
    let appointed = ledger
        .author_appoint(&key(0), account(4), name(4), NOW)
        .unwrap();
    ledger.insert(&appointed).unwrap();
    remove(&mut ledger, 1, 2);
    assert!(ledger.roster().member(account(2)).is_none());
    assert_eq!(reload(&ledger).roster(), ledger.roster());
}

#[test]
fn anybody_may_leave_but_the_only_admin() {
    let mut ledger = network();
    add(&mut ledger, 1, 2, Role::Member);

    let left = ledger.author_leave(&key(2), NOW).unwrap();
    ledger.insert(&left).unwrap();

    assert!(ledger.roster().member(account(2)).is_none());
    assert!(ledger.roster().removed.contains_key(&account(2)));
    assert!(ledger.author_leave(&key(2), NOW).is_err(), "it is gone");
    assert!(
        ledger.author_leave(&key(1), NOW).is_err(),
        "never a network without an admin"
    );
    assert_eq!(reload(&ledger).roster(), ledger.roster());
}

#[test]
fn nobody_leaves_for_somebody_else() {
    let mut ledger = network();
    add(&mut ledger, 1, 2, Role::Member);
    add(&mut ledger, 1, 3, Role::Member);

    let forged = signed(
        &ledger,
        2,
        Action::Remove {
            account: account(3),
        },
    );

    assert!(matches!(ledger.insert(&forged), Err(InsertError::NotAdmin)));
}

#[test]
fn who_leaves_meanwhile_is_gone_whatever_the_admins_do() {
    let mut ledger = network();
    add(&mut ledger, 1, 2, Role::Member);
    let mut elsewhere = ledger.clone();
    let left = elsewhere.author_leave(&key(2), NOW).unwrap();
    let promoted = ledger
        .author_set_role(&key(1), account(2), Role::Admin, NOW)
        .unwrap();
    ledger.insert(&promoted).unwrap();

    ledger.insert(&left).unwrap();
    elsewhere.insert(&left).unwrap();
    elsewhere.insert(&promoted).unwrap();

    assert!(ledger.roster().member(account(2)).is_none());
    assert_eq!(ledger.roster(), elsewhere.roster());
}

#[test]
fn an_admin_who_was_removed_undoes_nothing_by_having_left_long_ago() {
    let mut ledger = network();
    add(&mut ledger, 1, 2, Role::Admin);
    add(&mut ledger, 1, 3, Role::Member);
    let before = ledger.clone();
    remove(&mut ledger, 2, 3);
    remove(&mut ledger, 1, 2);

    let backdated = before.author_leave(&key(2), NOW).unwrap();
    ledger.insert(&backdated).unwrap();

    assert!(
        ledger.roster().member(account(3)).is_none(),
        "still removed"
    );
    assert!(ledger.roster().member(account(2)).is_none());
    assert_eq!(reload(&ledger).roster(), ledger.roster());
}

#[test]
fn a_former_admin_may_leave() {
    let mut ledger = network();
    add(&mut ledger, 1, 2, Role::Admin);
    add(&mut ledger, 2, 3, Role::Member);
    let demoted = ledger
        .author_set_role(&key(1), account(2), Role::Member, NOW)
        .unwrap();
    ledger.insert(&demoted).unwrap();

    let left = ledger.author_leave(&key(2), NOW).unwrap();
    ledger.insert(&left).unwrap();

    assert!(ledger.roster().member(account(2)).is_none());
    assert!(
        ledger.roster().member(account(3)).is_some(),
        "whom it had added"
    );
    assert_eq!(reload(&ledger).roster(), ledger.roster());
}
