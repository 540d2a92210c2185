//! Events, and who is told of them: in order, by one at a time.

use crate::harness::both;
use crate::{Store, at};
use countersign::domain::event::{Delivery, Event, State};
use countersign::domain::ids::SubjectId;
use countersign::store::events::Filter;
use countersign::store::{event_deliveries, events};
use serde_json::json;

fn event(id: &str, about: &str, second: i64) -> Event {
    Event {
        id: id.into(),
        kind: if second == 2 { "subject.blocked" } else { "session.ended" }.into(),
        at: at(second),
        source: "user".into(),
        about: about.into(),
        place: 0,
        subject: about.starts_with("kp_").then(|| about.to_owned()),
        data: json!({ "second": second }),
    }
}

fn due(id: &str, of: &Event, endpoint: &str) -> Delivery {
    Delivery {
        id: id.into(),
        event: of.id.clone(),
        endpoint: endpoint.into(),
        about: of.about.clone(),
        place: of.place,
        state: State::Pending,
        tries: 0,
        run_at: of.at,
        status: None,
        detail: None,
        created_at: of.at,
        finished_at: None,
    }
}

/// Writes an event for the endpoint `app`.
async fn happened(store: &Store, id: &str, about: &str, second: i64) -> Event {
    let mut event = event(id, about, second);
    event.place = events::add(&store.db, &event, if about == "in_1" { "blurred" } else { "" }).await.expect("adds");
    let delivery = due(&format!("ed_{id}"), &event, "app");
    event_deliveries::add(&store.db, &delivery).await.expect("adds");
    event
}

fn ids(deliveries: &[Delivery]) -> Vec<&str> {
    let mut ids: Vec<&str> = deliveries.iter().map(|one| one.event.as_str()).collect();
    ids.sort_unstable();
    ids
}

both!(of_each_line_the_first_is_claimed_and_by_one, async |engine| {
    let store = Store::open(engine).await;
    let db = &store.db;
    for (id, about, second) in [("1", "kp_a", 1), ("2", "kp_a", 2), ("3", "kp_b", 3), ("4", "kp_a", 3)] {
        happened(&store, id, about, second).await;
    }
    let claim =
        async |now, until, most| event_deliveries::claim(db, "app", at(now), at(until), most).await.expect("claims");
    assert!(event_deliveries::claim(db, "other", at(9), at(20), 9).await.expect("claims").is_empty());
    assert_eq!(ids(&claim(9, 20, 1).await), ["1"], "as many as there is place for");
    let three = claim(9, 20, 9).await;
    assert_eq!(ids(&three), ["3"], "2 waits for 1");
    assert!(claim(19, 30, 9).await.is_empty());
    // Whoever held them went silent.
    let again = claim(20, 40, 9).await;
    assert_eq!((ids(&again), again[0].tries), (vec!["1", "3"], 2));
    let first = again.iter().find(|one| one.event == "1").expect("there");
    let late = Delivery { tries: 1, ..first.clone() };
    assert!(!event_deliveries::finish(db, &late, State::Delivered, Some(200), None, at(21)).await.expect("too late"));
    assert!(!event_deliveries::change_again(db, &late, at(50), None, "late").await.expect("too late"));
    assert!(event_deliveries::change_again(db, first, at(50), Some(500), "it answered 500").await.expect("again"));
    assert_eq!(event_deliveries::change_behind(db, first, at(50)).await.expect("those behind"), 2);
    assert!(claim(30, 90, 9).await.is_empty());
    let first = claim(50, 90, 9).await.into_iter().find(|one| one.event == "1").expect("due");
    assert_eq!((first.tries, first.status, first.detail.as_deref()), (3, Some(500), Some("it answered 500")));
    assert!(
        event_deliveries::finish(db, &first, State::Failed, Some(410), Some("gone".into()), at(51))
            .await
            .expect("ends")
    );
    assert_eq!(ids(&claim(51, 90, 9).await), ["2"]);
    let told = event_deliveries::list_event(db, "1").await.expect("lists");
    assert_eq!((told[0].state, told[0].finished_at), (State::Failed, Some(at(51))));
    assert_eq!(event_deliveries::count_pending(db).await.expect("counts"), 3);
    let filter = event_deliveries::Filter { endpoint: "app".into(), state: "pending".into() };
    let pending = event_deliveries::list(db, &filter, (at(99), ""), 2).await.expect("lists");
    assert_eq!(pending.iter().map(|one| one.event.as_str()).collect::<Vec<_>>(), ["4", "3"], "newest first");
    let before = (pending[1].created_at, pending[1].id.as_str());
    assert_eq!(ids(&event_deliveries::list(db, &filter, before, 2).await.expect("lists")), ["2"]);
    for (endpoint, state, ids_of) in [
        ("", "", vec!["1", "2", "3", "4"]),
        ("app", "", vec!["1", "2", "3", "4"]),
        ("other", "", vec![]),
        ("", "failed", vec!["1"]),
        ("other", "failed", vec![]),
    ] {
        let filter = event_deliveries::Filter { endpoint: endpoint.into(), state: state.into() };
        let found = event_deliveries::list(db, &filter, (at(99), ""), 9).await.expect("lists");
        assert_eq!(ids(&found), ids_of, "{endpoint} {state}");
    }
    assert_eq!(event_deliveries::finish_endpoint(db, "app").await.expect("ends"), 3);
    assert_eq!(event_deliveries::count_pending(db).await.expect("counts"), 0);
});

both!(nodes_that_claim_at_once_share, async |engine| {
    let store = Store::open(engine).await;
    for n in 0..40 {
        happened(&store, &format!("{n:02}"), &format!("kp_{n}"), 1).await;
    }
    let claim = || async { event_deliveries::claim(&store.db, "app", at(2), at(60), 30).await.expect("claims") };
    let (mut one, other, third) = tokio::join!(claim(), claim(), claim());
    one.extend(other);
    one.extend(third);
    let all = ids(&one);
    let mut once = all.clone();
    once.dedup();
    assert_eq!(once.len(), all.len(), "nobody is told by two");
});

both!(events_are_listed_and_forgotten, async |engine| {
    let store = Store::open(engine).await;
    let db = &store.db;
    let first = happened(&store, "1", "kp_a", 1).await;
    for (id, about, second) in [("2", "kp_a", 2), ("3", "in_1", 3), ("4", "client shop", 4)] {
        happened(&store, id, about, second).await;
    }
    assert_eq!(events::find(db, "1").await.expect("finds"), Some(first.clone()));
    assert_eq!(events::find(db, "none").await.expect("looks"), None);
    let list = async |filter: &Filter, before, most| -> Vec<String> {
        let found = events::list(db, filter, before, most).await.expect("lists");
        found.into_iter().map(|event| event.id).collect()
    };
    let all = Filter::default();
    assert_eq!(list(&all, (at(9), ""), 2).await, ["4", "3"]);
    assert_eq!(list(&all, (at(3), "3"), 9).await, ["2", "1"]);
    assert_eq!(list(&Filter { since: at(3), ..all.clone() }, (at(9), ""), 9).await, ["4", "3"]);
    assert_eq!(list(&Filter { kind: "subject.blocked".into(), ..all.clone() }, (at(9), ""), 9).await, ["2"]);
    let of_a = Filter { subject: "kp_a".into(), ..all.clone() };
    assert_eq!(list(&of_a, (at(9), ""), 9).await, ["2", "1"]);
    assert_eq!(list(&Filter { kind: "subject.blocked".into(), ..of_a }, (at(9), ""), 9).await, ["2"]);
    // What is still to be told stays, for a while.
    assert_eq!(events::forget(db, at(2), at(0)).await.expect("keeps"), 0);
    let claimed = event_deliveries::claim(db, "app", at(9), at(20), 9).await.expect("claims");
    let first = claimed.iter().find(|one| one.event == "1").expect("claimed");
    event_deliveries::finish(db, first, State::Delivered, Some(204), None, at(9)).await.expect("ends");
    assert_eq!(events::forget(db, at(2), at(0)).await.expect("forgets"), 1);
    assert!(event_deliveries::list_event(db, "1").await.expect("lists").is_empty());
    assert_eq!(events::forget_identifier(db, "").await.expect("nothing"), 0);
    assert_eq!(events::forget_identifier(db, "blurred").await.expect("forgets"), 1);
    assert_eq!(events::forget_subject(db, &SubjectId::new("kp_a")).await.expect("forgets"), 1);
    assert_eq!(events::forget(db, at(4), at(4)).await.expect("all"), 1);
    assert!(list(&all, (at(9), ""), 9).await.is_empty());
    assert_eq!(event_deliveries::count_pending(db).await.expect("counts"), 0);
});
