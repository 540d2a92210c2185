//! What became of messages: receipts that only rise, falls taken once, feedback, costs, moments, who opted out.

use crate::harness::both;
use crate::proofs::{attempt, challenge};
use crate::{Store, at, claim};
use countersign::domain::delivery::{Attempt, Channel, Class, Cost, Failed, Micros, Status, Stood};
use countersign::domain::identifier::{Identifier, Kind};
use countersign::domain::ids::{self, AttemptId, ChallengeId, InteractionId};
use countersign::domain::limit::Limit;
use countersign::domain::time::Time;
use countersign::domain::timeline::{Moment, What};
use countersign::store::outbox::Sent;
use countersign::store::{Db, attempts, challenges, counters, moments, opt_outs, outbox};
use std::time::Duration;

fn sent(fall_at: Option<Time>) -> Sent {
    Sent {
        carrier: "twilio".into(),
        reference: Some("SM1".into()),
        status: 1,
        estimate: 7_900,
        fall_at,
        wants_feedback: true,
        bill_at: None,
    }
}

/// One message, claimed.
async fn claimed(db: &Db, n: i64) -> Attempt {
    outbox::add(db, &attempt(n), false).await.expect("adds");
    claim(db, at(5), at(30)).await.remove(0)
}

async fn stood(db: &Db) -> Stood {
    attempts::list(db, &ChallengeId::new("ch_1")).await.expect("lists").remove(0)
}

async fn raise(db: &Db, attempt: &Attempt, carrier: &str, status: Status) -> bool {
    let failed = (status == Status::Undelivered).then(|| Failed::new(Class::Unreachable, 63024, "no such account"));
    outbox::change_status(db, &attempt.id, carrier, status.rank(), failed.as_ref(), at(9)).await.expect("changes")
}

both!(a_status_only_rises, async |engine| {
    let store = Store::open(engine).await;
    let db = &store.db;
    let attempt = claimed(db, 1).await;
    assert!(outbox::finish_sent(db, &attempt, &sent(Some(at(40))), at(6)).await.expect("ends"));
    assert!(!raise(db, &attempt, "another", Status::Delivered).await, "another carrier's word counts nothing");
    assert!(raise(db, &attempt, "twilio", Status::Sent).await);
    assert!(!raise(db, &attempt, "twilio", Status::Sent).await, "twice is once");
    assert!(raise(db, &attempt, "twilio", Status::Undelivered).await);
    let failed = stood(db).await;
    assert_eq!(
        (failed.status, failed.class, failed.code.as_deref()),
        (Some(Status::Undelivered), Some(Class::Unreachable), Some("63024"))
    );
    assert!(raise(db, &attempt, "twilio", Status::Delivered).await, "delivered after all");
    assert!(!raise(db, &attempt, "twilio", Status::Undelivered).await);
    let delivered = stood(db).await;
    assert_eq!(
        (delivered.status, delivered.class, delivered.reported_at),
        (Some(Status::Delivered), None, Some(at(9)))
    );
    assert_eq!(outbox::list_unheard(db, at(999)).await.expect("lists").len(), 0, "what arrived does not fall");
    assert_eq!((delivered.carrier.as_deref(), delivered.estimate), (Some("twilio"), Some(Micros(7_900))));
    outbox::change_cost(db, &attempt.id, 7_500, "USD").await.expect("changes");
    assert_eq!(stood(db).await.cost, Some(Cost { amount: Micros(7_500), currency: "USD".into() }));
    challenges::add(db, &challenge("ch_1", 1)).await.expect("adds");
    let of = attempts::list_of_interaction(db, &InteractionId::new("in_1")).await.expect("lists");
    assert_eq!(of, [stood(db).await]);
});

both!(a_receipt_may_be_quicker_than_the_carriers_answer, async |engine| {
    let store = Store::open(engine).await;
    let db = &store.db;
    let attempt = claimed(db, 1).await;
    assert!(raise(db, &attempt, "twilio", Status::Undelivered).await, "while it is being sent");
    assert!(outbox::finish_sent(db, &attempt, &sent(Some(at(40))), at(6)).await.expect("ends"));
    assert_eq!(stood(db).await.status, Some(Status::Undelivered));
    assert_eq!(outbox::list_unheard(db, at(6)).await.expect("lists").len(), 1, "acted on at once");
    let last = claimed(db, 2).await;
    assert!(raise(db, &last, "twilio", Status::Delivered).await);
    assert!(outbox::finish_sent(db, &last, &sent(Some(at(40))), at(6)).await.expect("ends"));
    assert_eq!(outbox::list_unheard(db, at(999)).await.expect("lists").len(), 1, "only the first");
});

both!(a_fall_is_taken_once, async |engine| {
    let store = Store::open(engine).await;
    let db = &store.db;
    let attempt = claimed(db, 1).await;
    outbox::finish_sent(db, &attempt, &sent(Some(at(40))), at(6)).await.expect("ends");
    assert_eq!(outbox::list_unheard(db, at(39)).await.expect("lists").len(), 0);
    let unheard = outbox::list_unheard(db, at(40)).await.expect("lists");
    assert_eq!(unheard.iter().map(|one| one.id.as_str()).collect::<Vec<_>>(), [attempt.id.as_str()]);
    let takers: Vec<_> = (0..50)
        .map(|_| {
            let (db, id) = (db.clone(), attempt.id.clone());
            tokio::spawn(async move { outbox::spend_fall(&db, &id).await.expect("spends") })
        })
        .collect();
    let mut won = 0;
    for taker in takers {
        won += usize::from(taker.await.expect("no panic"));
    }
    assert_eq!(won, 1);
    let next = claimed(db, 2).await;
    outbox::finish_sent(db, &next, &sent(Some(at(40))), at(6)).await.expect("ends");
    outbox::forget_falls(db, &ChallengeId::new("ch_1")).await.expect("forgets");
    assert!(!outbox::spend_fall(db, &next.id).await.expect("spends"));
});

both!(an_attempt_is_found_by_either_name, async |engine| {
    let store = Store::open(engine).await;
    let db = &store.db;
    let attempt = claimed(db, 1).await;
    outbox::finish_sent(db, &attempt, &sent(None), at(6)).await.expect("ends");
    let found = outbox::find(db, "twilio", attempt.id.as_str()).await.expect("finds").expect("there");
    assert_eq!(format!("{found:?}"), format!("{attempt:?}"));
    assert!(outbox::find_by_reference(db, "twilio", "SM1").await.expect("finds").is_some());
    assert!(outbox::find(db, "another", attempt.id.as_str()).await.expect("finds").is_none());
    assert!(outbox::find_by_reference(db, "another", "SM1").await.expect("finds").is_none());
    assert!(outbox::find(db, "twilio", "at_nobody").await.expect("finds").is_none());
});

both!(feedback_is_owed_once_the_passcode_was_used, async |engine| {
    let store = Store::open(engine).await;
    let db = &store.db;
    challenges::add(db, &challenge("ch_1", 1)).await.expect("adds");
    let attempt = claimed(db, 1).await;
    outbox::finish_sent(db, &attempt, &sent(None), at(6)).await.expect("ends");
    assert!(outbox::list_owed_feedback(db).await.expect("lists").is_empty());
    assert!(challenges::spend(db, &ChallengeId::new("ch_1"), at(10)).await.expect("spends"));
    let owed = outbox::list_owed_feedback(db).await.expect("lists");
    assert_eq!(owed, [(attempt.id.clone(), "twilio".to_owned(), "SM1".to_owned())]);
    assert!(outbox::spend_feedback(db, &attempt.id).await.expect("spends"));
    assert!(!outbox::spend_feedback(db, &attempt.id).await.expect("spends"));
    assert!(outbox::list_owed_feedback(db).await.expect("lists").is_empty());
});

both!(a_challenge_knows_who_checks_it_and_whether_it_lives, async |engine| {
    let store = Store::open(engine).await;
    let db = &store.db;
    challenges::add(db, &challenge("ch_1", 1)).await.expect("adds");
    challenges::add(db, &challenge("ch_2", 2)).await.expect("adds");
    let id = ChallengeId::new("ch_1");
    challenges::change_verifier(db, &id, "verify", "VE1").await.expect("changes");
    assert!(challenges::is_live(db, &id, at(49)).await.expect("asks"));
    assert!(!challenges::is_live(db, &id, at(50)).await.expect("asks"));
    challenges::cancel(db, &ChallengeId::new("ch_2"), at(3)).await.expect("cancels");
    assert!(!challenges::is_live(db, &ChallengeId::new("ch_2"), at(4)).await.expect("asks"));
    let all = challenges::list(db, &InteractionId::new("in_1")).await.expect("lists");
    assert_eq!(all.iter().map(|one| one.id.as_str()).collect::<Vec<_>>(), ["ch_1", "ch_2"]);
    assert_eq!(all[0].verified_by, Some(("verify".into(), "VE1".into())));
    let of = Identifier::stored(Kind::Email, "a@b.example".into());
    assert_eq!(challenges::list_interactions(db, &of).await.expect("lists"), [InteractionId::new("in_1")]);
    let nobody = Identifier::stored(Kind::Email, "b@b.example".into());
    assert!(challenges::list_interactions(db, &nobody).await.expect("lists").is_empty());
});

both!(moments_are_kept_in_order_and_forgotten, async |engine| {
    let store = Store::open(engine).await;
    let db = &store.db;
    let moment = |second: i64, what: What| Moment {
        interaction: InteractionId::new("in_1"),
        attempt: Some(AttemptId::new("at_1")),
        at: at(second),
        what,
        carrier: Some("twilio".into()),
        channel: Some(Channel::Whatsapp),
        code: Some("63024".into()),
        detail: Some("Ü".into()),
    };
    let bare =
        Moment { attempt: None, carrier: None, channel: None, code: None, detail: None, ..moment(1, What::Mistyped) };
    moments::add(db, "m2", &moment(2, What::Fell)).await.expect("adds");
    moments::add(db, "m1", &bare).await.expect("adds");
    let all = moments::list(db, &InteractionId::new("in_1")).await.expect("lists");
    assert_eq!(all, [bare, moment(2, What::Fell)]);
    assert!(moments::list(db, &InteractionId::new("in_2")).await.expect("lists").is_empty());
    let dated = Moment { interaction: InteractionId::new(ids::first("in", at(1))), ..moment(2, What::Fell) };
    moments::add(db, "m3", &dated).await.expect("adds");
    assert_eq!(moments::forget(db, at(1)).await.expect("forgets"), 0);
    assert_eq!(moments::forget(db, at(2)).await.expect("forgets"), 1);
});

both!(who_opted_out_is_known_by_channel, async |engine| {
    let store = Store::open(engine).await;
    let db = &store.db;
    let phone = Identifier::stored(Kind::Phone, "+2348031234567".into());
    for _ in 0..2 {
        opt_outs::add(db, &phone, Channel::Sms, "twilio", at(1)).await.expect("adds");
    }
    assert!(opt_outs::exists(db, &phone, Channel::Sms).await.expect("asks"));
    assert!(!opt_outs::exists(db, &phone, Channel::Whatsapp).await.expect("asks"));
    outbox::add(db, &attempt(1), false).await.expect("adds");
    assert!(outbox::claim(db, at(5), at(30)).await.expect("claims")[0].opt_outs, "somebody said stop");
    assert_eq!(opt_outs::forget(db, &phone).await.expect("forgets"), 1);
    outbox::add(db, &attempt(2), false).await.expect("adds");
    assert!(!outbox::claim(db, at(5), at(30)).await.expect("claims")[0].opt_outs, "nobody does any more");
    assert!(!opt_outs::exists(db, &phone, Channel::Sms).await.expect("asks"));
});

both!(money_is_counted_by_its_amount, async |engine| {
    let store = Store::open(engine).await;
    let db = &store.db;
    let limit = Limit { key: "spend:hour:installation".into(), most: 0, window: Duration::from_secs(60) };
    let spend = async |amount, second| counters::raise_by(db, &limit, amount, at(second)).await.expect("raises").count;
    assert_eq!((spend(7_900, 0).await, spend(100, 59).await), (7_900, 8_000));
    counters::lower_by(db, &limit.key, 500).await.expect("lowers");
    assert_eq!(counters::find(db, &limit.key, at(59)).await.expect("finds"), 7_500);
    assert_eq!(counters::find(db, &limit.key, at(60)).await.expect("finds"), 0, "its window is over");
    assert_eq!(spend(5, 60).await, 5);
    counters::lower_by(db, &limit.key, 500).await.expect("lowers");
    assert_eq!(counters::find(db, &limit.key, at(61)).await.expect("finds"), 0, "never below nothing");
});

both!(a_price_is_asked_for_by_one_until_it_is_told, async |engine| {
    let store = Store::open(engine).await;
    let db = &store.db;
    let attempt = claimed(db, 1).await;
    let sent = Sent { bill_at: Some(at(70)), ..sent(None) };
    outbox::finish_sent(db, &attempt, &sent, at(6)).await.expect("ends");
    assert!(outbox::list_unbilled(db, at(69)).await.expect("lists").is_empty());
    let due = outbox::list_unbilled(db, at(70)).await.expect("lists");
    assert_eq!(due, [(attempt.id.clone(), "twilio".to_owned(), "SM1".to_owned(), at(6))]);
    assert!(outbox::change_bill(db, &attempt.id, at(70), Some(at(140))).await.expect("changes"));
    assert!(!outbox::change_bill(db, &attempt.id, at(70), Some(at(140))).await.expect("another node was first"));
    outbox::change_cost(db, &attempt.id, 7_500, "USD").await.expect("changes");
    assert!(outbox::list_unbilled(db, at(999)).await.expect("lists").is_empty());
});

both!(one_that_is_held_is_nobody_elses, async |engine| {
    let store = Store::open(engine).await;
    let db = &store.db;
    let held = Attempt { tries: 1, lease_until: at(30), ..attempt(1) };
    outbox::add_held(db, &held).await.expect("adds");
    assert!(outbox::claim(db, at(5), at(30)).await.expect("claims").is_empty());
    assert!(outbox::finish_sent(db, &held, &sent(None), at(6)).await.expect("finishes"));
    assert_eq!(stood(db).await.carrier.as_deref(), Some("twilio"));
    assert!(raise(db, &held, "twilio", Status::Delivered).await, "receipts find it");
});
