use proptest::prelude::*;

use super::*;
use crate::fixture::{account, add, name, network};

fn entry(number: u64, extra: &str) -> String {
    format!(
        "[[member]]\nname = \"{}\"\nkey = \"{}\"\n{extra}\n",
        name(number),
        account(number)
    )
}

fn issues(text: &str) -> Vec<String> {
    List::parse(text)
        .unwrap_err()
        .issues
        .iter()
        .map(ToString::to_string)
        .collect()
}

#[test]
fn reads_names_keys_and_roles() {
    let text = format!(
        "# our home\n{}{}",
        entry(1, "role = \"admin\""),
        entry(2, "")
    );

    let list = List::parse(&text).unwrap();

    let expected = [(1, Role::Admin), (2, Role::Member)];
    let expected = expected.map(|(number, role)| Binding {
        account: account(number),
        name: name(number),
        role,
    });
    assert_eq!(list.members(), expected);
}

#[test]
fn an_empty_list_has_no_members() {
    assert_eq!(List::parse("").unwrap(), List::default());
}

#[test]
fn every_mistake_is_told_with_its_line() {
    let bad_key = entry(3, "").replace(&account(3).to_string(), "abc");
    let text = [
        entry(1, ""),
        entry(1, ""),
        bad_key,
        entry(4, "role = \"king\""),
        entry(5, "").replace("Person 5", ""),
    ];

    let found = issues(&text.concat());

    let lines: Vec<_> = found
        .iter()
        .map(|issue| issue.split(':').next().unwrap())
        .collect();
    assert_eq!(
        lines,
        ["line 6", "line 7", "line 11", "line 16", "line 18"],
        "{found:#?}"
    );
    assert!(found[0].contains("listed on line 2"), "{}", found[0]);
    assert!(
        found[3].contains("member, hub, device or admin"),
        "{}",
        found[3]
    );
}

#[test]
fn one_name_for_two_keys_is_refused_whatever_its_case() {
    let text = format!(
        "{}{}",
        entry(1, ""),
        entry(2, "").replace("Person 2", "PERSON 1")
    );

    assert_eq!(
        issues(&text),
        ["line 6: the name is listed on line 2 already"]
    );
}

#[test]
fn entries_on_one_line_are_compared_too() {
    let one = format!("{{ name = \"A\", key = \"{}\" }}", account(1));
    let text = format!("member = [{one}, {one}]");

    assert_eq!(issues(&text).len(), 2);
}

#[test]
fn misspelt_and_missing_fields_are_refused() {
    assert!(issues(&entry(1, "rool = \"admin\""))[0].starts_with("line 4"));
    assert!(issues(&format!("{}[[membr]]\n", entry(1, "")))[0].starts_with("line 5"));
    assert!(issues("[[member]]\nname = \"Ada\"\n")[0].starts_with("line 1"));
    assert!(issues("\n\n[[member\n")[0].starts_with("line 3"));
}

#[test]
fn weak_keys_are_refused() {
    let weak = entry(1, "").replace(&account(1).to_string(), &"a".repeat(52));

    assert!(issues(&weak)[0].starts_with("line 3"));
}

#[test]
fn too_long_a_list_is_refused() {
    assert_eq!(issues(&"#".repeat(MAX_BYTES + 1)).len(), 1);
    let many = "[[member]]\nname=\"a\"\nkey=\"b\"\n".repeat(2_049);
    assert!(issues(&many)[0].contains("at most"));
    assert!(
        List::parse(&format!("a = {}", "[".repeat(10_000))).is_err(),
        "depth"
    );
}

#[test]
fn a_list_of_a_network_is_read_as_it_was_written() {
    let mut ledger = network();
    add(&mut ledger, 1, 2, Role::Device);
    let list = List::of(ledger.roster());

    assert_eq!(List::parse(&list.to_toml()).unwrap(), list);
    assert!(list.plan(ledger.roster(), account(1)).is_empty());
}

#[test]
fn a_plan_says_what_would_change() {
    let mut ledger = network();
    add(&mut ledger, 1, 2, Role::Member);
    add(&mut ledger, 1, 3, Role::Member);
    let text = [
        entry(1, "role = \"admin\""),
        entry(3, "role = \"hub\""),
        entry(4, ""),
    ]
    .concat();

    let plan = List::parse(&text)
        .unwrap()
        .plan(ledger.roster(), account(1));

    let accounts = |bindings: &[Binding]| {
        bindings
            .iter()
            .map(|binding| binding.account)
            .collect::<Vec<_>>()
    };
    assert_eq!(
        (accounts(&plan.add), accounts(&plan.remove)),
        (vec![account(4)], vec![account(2)])
    );
    assert_eq!(plan.change.len(), 1);
    assert_eq!(
        (plan.change[0].0.role, plan.change[0].1.role),
        (Role::Member, Role::Hub)
    );
}

#[test]
fn nobody_locks_themselves_out_with_a_list() {
    let mut ledger = network();
    add(&mut ledger, 1, 2, Role::Member);

    let without = List::parse(&entry(2, ""))
        .unwrap()
        .plan(ledger.roster(), account(1));
    let demoted = List::parse(&[entry(1, ""), entry(2, "")].concat())
        .unwrap()
        .plan(ledger.roster(), account(1));

    assert!(without.is_empty() && demoted.is_empty());
}

proptest! {
    #[test]
    fn names_survive_being_written(text in "\\PC{1,64}") {
        if let Ok(name) = text.parse::<Name>() {
            let list = List { members: vec![Binding { account: account(1), name, role: Role::Hub }] };
            prop_assert_eq!(List::parse(&list.to_toml()).unwrap(), list);
        }
    }

    #[test]
    fn no_text_makes_it_panic(text in "(\\[\\[member\\]\\]|name|key|=|\"|\n|[a-z]|\\PC){0,40}") {
        let _ = List::parse(&text);
    }
}
