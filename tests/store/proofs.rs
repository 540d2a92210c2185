//! Interactions, challenges, messages.

use crate::harness::both;
use crate::{Store, at, claim};
use countersign::domain::callback::Callback;
use countersign::domain::challenge::{Challenge, Purpose};
use countersign::domain::client::{Client, ClientKind};
use countersign::domain::delivery::{Attempt, Channel, Class, Failed, Job};
use countersign::domain::identifier::{Identifier, Kind};
use countersign::domain::ids::{self, AttemptId, ChallengeId, ClientId, InteractionId};
use countersign::domain::interaction::Interaction;
use countersign::domain::params::Params;
use countersign::domain::request::AuthRequest;
use countersign::store::outbox::Sent;
use countersign::store::{challenges, interactions, outbox};

pub fn interaction(id: &str) -> Interaction {
    let mut client = Client::new(ClientId::new("shop"), "Shop", ClientKind::Web);
    client.redirect_uris = vec!["https://a.example/cb".into()];
    let query = "client_id=shop&response_type=code&scope=openid&redirect_uri=https://a.example/cb&state=%F0%9F%A6%80&nonce=n&login_hint=a@b.example&max_age=5";
    let params = Params::parse(query.as_bytes());
    let callback = Callback::prove(&client, &params, "https://i.example").expect("registered");
    let request =
        AuthRequest { query: query.into(), ..AuthRequest::read(&params, &client, &callback).expect("a good request") };
    Interaction {
        id: InteractionId::new(id),
        client_id: client.id,
        request,
        browser: "b".into(),
        created_at: at(1),
        expires_at: at(100),
        finished_at: None,
        proven: None,
    }
}

pub fn challenge(id: &str, place: i64) -> Challenge {
    Challenge {
        id: ChallengeId::new(id),
        interaction: InteractionId::new("in_1"),
        place,
        purpose: Purpose::SignIn,
        identifier: Identifier::stored(Kind::Email, "a@b.example".into()),
        connection: "email".into(),
        browser: "b".into(),
        mute: place == 2,
        issued_at: at(1),
        expires_at: at(50),
        sends: 1,
        last_sent_at: at(1),
        rung: 0,
        spent_at: None,
        cancelled_at: None,
        verified_by: None,
    }
}

both!(an_interaction_is_read_with_its_newest_challenge, async |engine| {
    let store = Store::open(engine).await;
    let db = &store.db;
    let written = interaction("in_1");
    interactions::add(db, &written).await.expect("adds");
    let read = interactions::find(db, "in_1").await.expect("finds").expect("there");
    assert!(read.challenge.is_none() && read.attempts.is_empty());
    let read = read.interaction;
    assert_eq!(format!("{read:?}"), format!("{written:?}"));
    assert_eq!(read.request.state.as_deref(), Some("🦀"));
    assert!(interactions::find(db, "in_2").await.expect("finds").is_none());
    assert!(challenges::add(db, &challenge("ch_1", 1)).await.expect("adds"));
    assert!(!challenges::add(db, &challenge("ch_0", 1)).await.expect("is told the place is taken"));
    assert!(challenges::add(db, &challenge("ch_2", 2)).await.expect("adds"));
    let newest = interactions::find(db, "in_1").await.expect("finds").expect("there").challenge;
    assert_eq!(format!("{:?}", newest.expect("there")), format!("{:?}", challenge("ch_2", 2)));
    // Ended once, and not after its time.
    assert!(!interactions::spend(db, &written.id, at(100)).await.expect("spends"));
    assert!(interactions::spend(db, &written.id, at(2)).await.expect("spends"));
    assert!(!interactions::spend(db, &written.id, at(2)).await.expect("spends"));
    assert_eq!(
        interactions::find(db, "in_1").await.expect("finds").expect("there").interaction.finished_at,
        Some(at(2))
    );
    // What is over is found by its id, which begins with when it was made.
    interactions::add(db, &interaction(&ids::first("in", at(1)))).await.expect("adds");
    assert_eq!(interactions::forget_expired(db, at(99)).await.expect("forgets"), 0);
    assert_eq!(interactions::forget_expired(db, at(100)).await.expect("forgets"), 1);
});

both!(a_challenge_ends_once, async |engine| {
    let store = Store::open(engine).await;
    let db = &store.db;
    for place in 1..=4 {
        assert!(challenges::add(db, &challenge(&format!("ch_{place}"), place)).await.expect("adds"));
    }
    let id = |n: i64| ChallengeId::new(format!("ch_{n}"));
    // Spent: once, in time.
    assert!(!challenges::spend(db, &id(1), at(50)).await.expect("spends"));
    assert!(challenges::spend(db, &id(1), at(10)).await.expect("spends"));
    assert!(!challenges::spend(db, &id(1), at(10)).await.expect("spends"));
    // Cancelled: final, and what is spent stays spent.
    challenges::cancel(db, &id(2), at(10)).await.expect("cancels");
    assert!(!challenges::spend(db, &id(2), at(11)).await.expect("spends"));
    challenges::cancel(db, &id(1), at(11)).await.expect("cancels nothing");
    // Sent again: only by whoever saw how often it was sent.
    let third = challenge("ch_3", 3);
    assert!(challenges::change_sent(db, &third, 1, at(80), at(20)).await.expect("changes"));
    assert!(!challenges::change_sent(db, &third, 1, at(80), at(20)).await.expect("changes"));
    for over in [1, 2] {
        assert!(
            !challenges::change_sent(db, &challenge(&format!("ch_{over}"), over), 1, at(80), at(20))
                .await
                .expect("changes")
        );
    }
    assert!(challenges::spend(db, &id(3), at(79)).await.expect("lives longer now"));
    let of = Identifier::stored(Kind::Email, "a@b.example".into());
    assert_eq!(challenges::count_spent(db, &of, at(10)).await.expect("counts"), 2);
    assert_eq!(challenges::count_spent(db, &of, at(11)).await.expect("counts"), 1);
    let other = Identifier::stored(Kind::Phone, "a@b.example".into());
    assert_eq!(challenges::count_spent(db, &other, at(0)).await.expect("counts"), 0);
    for place in 5..=7 {
        assert!(challenges::add(db, &challenge(&ids::first("ch", at(place)), place)).await.expect("adds"));
    }
    let last = challenge(&ids::first("ch", at(7)), 7);
    assert!(challenges::change_sent(db, &last, 1, at(80), at(20)).await.expect("lives longer"));
    assert_eq!(challenges::forget_expired(db, at(49)).await.expect("forgets"), 0);
    assert_eq!(challenges::forget_expired(db, at(50)).await.expect("forgets"), 2);
    assert_eq!(challenges::forget_expired(db, at(80)).await.expect("forgets"), 1);
});

both!(a_thousand_spend_one_challenge_once, async |engine| {
    let store = Store::open(engine).await;
    challenges::add(&store.db, &challenge("ch_1", 1)).await.expect("adds");
    let tasks: Vec<_> = (0..1_000)
        .map(|_| {
            let db = store.db.clone();
            tokio::spawn(
                async move { challenges::spend(&db, &ChallengeId::new("ch_1"), at(10)).await.expect("spends") },
            )
        })
        .collect();
    let mut won = 0;
    for task in tasks {
        won += usize::from(task.await.expect("no panic"));
    }
    assert_eq!(won, 1);
});

pub fn attempt(n: i64) -> Attempt {
    let job = Job {
        purpose: "sign_in".into(),
        kind: "phone".into(),
        to: "+2348031234567".into(),
        browser: "b".into(),
        client: "shop".into(),
        connection: "phone".into(),
        fell: false,
        ladder: vec![Channel::Whatsapp, Channel::Sms],
        rung: 1,
        language: "sw".into(),
        app: "Shop \"Ü\"".into(),
        color: None,
    };
    Attempt {
        id: AttemptId::new(ids::first("at", at(n))),
        challenge: ChallengeId::new("ch_1"),
        interaction: InteractionId::new("in_1"),
        job,
        created_at: at(n),
        expires_at: at(500),
        tries: 0,
        lease_until: at(0),
    }
}

both!(a_message_is_claimed_by_one_and_ends_once, async |engine| {
    let store = Store::open(engine).await;
    let db = &store.db;
    outbox::add(db, &attempt(1), false).await.expect("adds");
    outbox::add(db, &attempt(2), false).await.expect("adds");
    outbox::add(db, &attempt(3), true).await.expect("adds one that is not to be sent");
    assert_eq!(outbox::count_open(db).await.expect("counts"), 2);
    assert_eq!(claim(db, at(0), at(9)).await.len(), 0, "not due yet");
    let mut claimed = claim(db, at(5), at(30)).await;
    claimed.sort_by(|a, b| a.id.cmp(&b.id));
    assert_eq!(claimed.len(), 2);
    assert_eq!(format!("{:?}", claimed[0]), format!("{:?}", Attempt { tries: 1, lease_until: at(30), ..attempt(1) }));
    assert_eq!(claim(db, at(5), at(30)).await.len(), 0);
    let no = Failed::new(Class::Busy, "503", "no");
    // A slow carrier: the lease is lengthened by whoever holds it.
    assert!(outbox::change_lease(db, &claimed[1], at(30)).await.expect("changes"));
    assert!(!outbox::change_lease(db, &Attempt { tries: 2, ..attempt(2) }, at(99)).await.expect("changes"));
    // One is sent; nobody ends it again.
    assert!(outbox::finish_sent(db, &claimed[0], &Sent::default(), at(6)).await.expect("ends"));
    assert!(!outbox::finish(db, &claimed[0], "failed", None, Some(&no), at(6)).await.expect("ends"));
    // The other's sender goes silent; who comes back late changes nothing any more.
    assert_eq!(outbox::list_lapsed(db, at(29)).await.expect("lists").len(), 0);
    let lapsed = outbox::list_lapsed(db, at(30)).await.expect("lists");
    assert_eq!(lapsed.len(), 1);
    assert!(outbox::change_queued(db, &lapsed[0], at(40), "silent").await.expect("queues"));
    assert!(!outbox::change_queued(db, &lapsed[0], at(40), "silent").await.expect("queues"));
    assert_eq!(claim(db, at(39), at(60)).await.len(), 0);
    let again = claim(db, at(40), at(60)).await;
    assert_eq!(again[0].tries, 2);
    assert!(!outbox::finish_sent(db, &claimed[1], &Sent::default(), at(41)).await.expect("an older try ends nothing"));
    assert!(outbox::finish(db, &again[0], "failed", None, Some(&no), at(41)).await.expect("ends"));
    assert_eq!(outbox::count_open(db).await.expect("counts"), 0);
    assert_eq!(outbox::forget_expired(db, at(500)).await.expect("forgets"), 3);
});

both!(messages_are_claimed_in_batches_by_one_each, async |engine| {
    let store = Store::open(engine).await;
    for n in 0..200 {
        outbox::add(&store.db, &attempt(n), false).await.expect("adds");
    }
    let tasks: Vec<_> = (0..16)
        .map(|_| {
            let db = store.db.clone();
            tokio::spawn(async move {
                let mut mine = Vec::new();
                loop {
                    let claimed = claim(&db, at(300), at(400)).await;
                    if claimed.is_empty() {
                        return mine;
                    }
                    assert!(claimed.len() <= outbox::BATCH);
                    mine.extend(claimed.into_iter().map(|attempt| attempt.id));
                }
            })
        })
        .collect();
    let mut all = Vec::new();
    for task in tasks {
        all.extend(task.await.expect("no panic"));
    }
    // Those that raced may have come away with nothing; whoever looks next takes what is left.
    loop {
        let rest = claim(&store.db, at(300), at(400)).await;
        if rest.is_empty() {
            break;
        }
        all.extend(rest.into_iter().map(|attempt| attempt.id));
    }
    let count = all.len();
    all.sort();
    all.dedup();
    assert_eq!((count, all.len()), (200, 200), "each once");
});

both!(a_proof_stays_with_its_interaction_while_it_is_open, async |engine| {
    let store = Store::open(engine).await;
    let db = &store.db;
    interactions::add(db, &interaction("in_1")).await.expect("adds");
    let session = countersign::domain::ids::SessionId::new("sid_1");
    assert!(!interactions::change_session(db, &InteractionId::new("in_1"), &session, at(100)).await.expect("changes"));
    assert!(interactions::change_session(db, &InteractionId::new("in_1"), &session, at(2)).await.expect("changes"));
    let found = interactions::find(db, "in_1").await.expect("finds").expect("there");
    assert_eq!(found.interaction.proven, Some(session.clone()));
    assert!(interactions::spend(db, &InteractionId::new("in_1"), at(3)).await.expect("spends"));
    assert!(!interactions::change_session(db, &InteractionId::new("in_1"), &session, at(4)).await.expect("changes"));
});
