//! What somebody without a right can learn, and what it can leave behind.

use super::*;

/// What the audit says of `peer`, newest first.
async fn rows(scene: &Scene, peer: AccountId) -> Vec<Value> {
    let mut request = Request::new("m", None, Operation::ReadAudit);
    request.value = Some(json!({"limit": 200}));
    let page = scene.by(&scene.alice, &request).await.unwrap();
    let Some(Value::Array(mut rows)) = page.output else {
        return Vec::new();
    };
    rows.retain(|row| row["peer"] == peer.to_string());
    rows
}

fn grant_on(thing: &str, peer: AccountId) -> Request {
    let mut request = Request::new("m", None, Operation::Grant);
    let peer = peer.to_string();
    request.value = Some(json!({"peer": peer, "level": "view", "thing": thing}));
    request
}

fn revoke(peer: AccountId) -> Request {
    let mut request = Request::new("m", None, Operation::Revoke);
    request.value = Some(json!({"peer": peer.to_string()}));
    request
}

#[tokio::test]
async fn asking_for_rights_tells_nothing() {
    let scene = Scene::set().await;
    let (carol, nobody) = (Person::new(4).id(), Person::new(5).id());
    let to_carol = json!({"peer": carol.to_string(), "level": "view"});
    scene.grant(&scene.alice, to_carol).await.unwrap();
    let mut senseless = Request::new("m", None, Operation::Grant);
    senseless.value = Some(json!({"peer": 7}));

    let mut told = Vec::new();
    for request in [
        grant_on("lamp", nobody),
        grant_on("nothing", nobody),
        senseless,
        Request::new("m", None, Operation::Revoke),
        revoke(scene.alice.id()),
        revoke(carol),
        revoke(nobody),
        revoke(scene.bob.id()),
        Request::new("m", None, Operation::Release),
        scene.asks(Operation::ReadProperty),
    ] {
        told.push(scene.by(&scene.bob, &request).await.unwrap_err());
    }

    assert!(told.iter().all(|one| *one == told[0]), "{told:#?}");
    assert_eq!(told[0].kind, ProblemKind::Forbidden);
    scene.node.stop().await;
}

#[tokio::test]
async fn failed_attempts_do_not_fill_the_audit() {
    let scene = Scene::set().await;
    let carol = Person::new(4);
    let operates = json!({"peer": carol.id().to_string(), "level": "operate"});
    scene.grant(&scene.alice, operates).await.unwrap();

    for _ in 0..20 {
        for request in [
            grant_on("nothing", carol.id()),
            revoke(Person::new(5).id()),
            revoke(scene.bob.id()),
        ] {
            scene.by(&scene.bob, &request).await.unwrap_err();
        }
        let senseless = scene.writes("level", json!("high"));
        scene.by(&carol, &senseless).await.unwrap_err();
    }

    let (of_bob, of_carol) = (
        rows(&scene, scene.bob.id()).await,
        rows(&scene, carol.id()).await,
    );
    assert_eq!((of_bob.len(), of_carol.len()), (10, 10));
    scene.node.stop().await;
}

#[tokio::test]
async fn names_that_do_not_exist_are_not_written_down() {
    let scene = Scene::set().await;
    let mut of_nothing = scene.asks(Operation::ReadProperty);
    of_nothing.thing = Some(ThingUrl {
        name: "buy-cheap-pills".parse().unwrap(),
        ..scene.lamp()
    });
    scene.by(&scene.bob, &of_nothing).await.unwrap_err();
    let senseless = scene.writes("look at me", json!(1));
    scene.by(&scene.bob, &senseless).await.unwrap_err();

    let rows = rows(&scene, scene.bob.id()).await;

    let written: Vec<_> = rows
        .iter()
        .map(|row| (row["thing"].clone(), row["affordance"].clone()))
        .collect();
    let expected = [(json!("lamp"), Value::Null), (json!(""), Value::Null)];
    assert_eq!(written, expected);
    scene.node.stop().await;
}
