//! The harness itself: deadlines end, and a missing program is named.

use std::time::Duration;

use streembit_tests::{Place, eventually, program, within};

#[tokio::test(start_paused = true)]
async fn waiting_ends_at_the_deadline_and_says_for_what() {
    let never = std::future::pending::<()>();

    let error = within(Duration::from_secs(3), "a sign", never)
        .await
        .unwrap_err();

    assert!(error.to_string().contains("a sign"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn a_condition_that_never_holds_is_given_up() {
    let looked = eventually(Duration::from_secs(3), "rain", || async { Ok(None::<()>) }).await;

    assert!(looked.unwrap_err().to_string().contains("rain"));
}

#[test]
fn a_program_that_was_not_built_is_named_with_the_line_that_builds_it() {
    let error = program::built("streembit-nothing").unwrap_err().to_string();

    assert!(
        error.contains("streembit-nothing") && error.contains("cargo build"),
        "{error}"
    );
}

#[test]
fn a_place_is_gone_when_it_is_dropped() {
    let place = Place::new().unwrap();
    let path = place.path().to_path_buf();
    assert!(path.is_dir());

    drop(place);

    assert!(!path.exists());
}
