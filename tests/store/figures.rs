//! Figures: buckets taken by one node, sums that only add, and the rows they are counted from.

use crate::harness::both;
use crate::proofs::{attempt, challenge};
use crate::{Store, at};
use countersign::domain::challenge::Challenge;
use countersign::domain::delivery::Micros;
use countersign::domain::figures::{Key, Size, Tally, What};
use countersign::domain::identifier::{Identifier, Kind};
use countersign::domain::ids::{InteractionId, SubjectId};
use countersign::domain::limit::Limit;
use countersign::domain::timeline::{Moment, What as Told};
use countersign::store::figures::Bucket;
use countersign::store::seed::{Person, SignIn};
use countersign::store::sign_ins::{Mark, Stretch};
use countersign::store::{challenges, counted, counters, figures, moments, outbox, seed, sign_ins, subjects};
use std::time::Duration;

both!(a_bucket_is_counted_by_one, async |engine| {
    let store = Store::open(engine).await;
    let db = &store.db;
    assert_eq!(figures::find_newest(db).await.expect("looks"), None);
    for start in [300, 600, 600] {
        figures::add_bucket(db, at(start), at(start)).await.expect("adds");
    }
    assert_eq!(figures::find_newest(db).await.expect("finds"), Some(at(600)));
    let due = figures::list_due(db, at(900)).await.expect("lists");
    assert_eq!(due.iter().map(|one| one.start).collect::<Vec<_>>(), [600_000, 300_000], "newest first, each once");
    assert_eq!(figures::list_due(db, at(599)).await.expect("lists").len(), 1);
    let one = &due[0];
    assert!(figures::claim(db, one, at(1500)).await.expect("claims"));
    assert!(!figures::claim(db, one, at(1501)).await.expect("is another's"));
    let finish = async |claimed, due_at| {
        let mut tx = db.begin().await.expect("begins");
        let finished = figures::finish(&mut tx, at(600), claimed, due_at, at(901)).await.expect("ends");
        tx.commit().await.expect("commits");
        finished
    };
    assert!(!finish(at(1499), None).await, "not as it was claimed");
    assert_eq!(figures::find_counted(db).await.expect("looks"), None);
    assert!(finish(at(1500), Some(at(2000))).await);
    assert_eq!(figures::find_counted(db).await.expect("finds"), Some(at(901)));
    figures::change_due(db, at(600), at(2500)).await.expect("stays");
    assert!(figures::list_due(db, at(1999)).await.expect("lists").iter().all(|one| one.start != 600_000));
    figures::change_due(db, at(600), at(1000)).await.expect("changes");
    let again = Bucket { start: 600_000, due_at: 1_000_000, counted_at: 901_000 };
    assert!(figures::claim(db, &again, at(3000)).await.expect("claims"));
    assert!(finish(at(3000), None).await);
    assert!(figures::list_due(db, at(9000)).await.expect("lists").iter().all(|one| one.start != 600_000));
    figures::change_due(db, at(600), at(9000)).await.expect("wakes it");
    assert_eq!(figures::list_due(db, at(9000)).await.expect("lists").len(), 2);
    assert_eq!(figures::forget_buckets(db, at(600)).await.expect("forgets"), 1);
});

both!(figures_add_up, async |engine| {
    let store = Store::open(engine).await;
    let db = &store.db;
    let key = Key { client: "shop".into(), ..Key::new(What::Asked) };
    let cost = Key { channel: "sms".into(), carrier: "t".into(), code: "EUR".into(), ..Key::new(What::Cost) };
    let mut tx = db.begin().await.expect("begins");
    for (start, count) in [(300, 2), (300, 3), (900, 4)] {
        figures::raise(&mut tx, &Size::ALL, at(start), [(&key, &Tally { count, sum: Micros(0) })])
            .await
            .expect("raises");
    }
    let by = Tally { count: 1, sum: Micros(7_500) };
    figures::raise(&mut tx, &[Size::Day], at(300), [(&cost, &by)]).await.expect("raises");
    tx.commit().await.expect("commits");
    let tally = |count| Tally { count, sum: Micros(0) };
    assert_eq!(figures::list(db, Size::FiveMinutes, at(300)).await.expect("lists"), [(key.clone(), tally(5))]);
    let sums = figures::list_sums(db, Size::FiveMinutes, at(0), at(900)).await.expect("adds up");
    assert_eq!(sums, [(key.clone(), tally(5))], "what begins at the end is not of it");
    let mut day = figures::list_sums(db, Size::Day, at(0), at(1)).await.expect("adds up");
    day.sort_by(|one, other| one.0.cmp(&other.0));
    assert_eq!(day, [(key, tally(9)), (cost, by)]);
    let steps = figures::list_steps(db, Size::FiveMinutes, at(0), at(9000)).await.expect("lists");
    assert_eq!(steps, [(at(300), What::Asked, 5), (at(900), What::Asked, 4)]);
    assert_eq!(figures::forget(db, Size::FiveMinutes, at(900)).await.expect("forgets"), 1);
    assert_eq!(figures::list_sums(db, Size::Hour, at(0), at(1)).await.expect("adds up").len(), 1);
});

both!(what_is_counted_is_read_by_stretches, async |engine| {
    let store = Store::open(engine).await;
    let db = &store.db;
    let mut interaction = crate::proofs::interaction("in_1");
    for id in ["in_1", "in_2", "in_3"] {
        interaction.id = InteractionId::new(id);
        countersign::store::interactions::add(db, &interaction).await.expect("adds");
    }
    assert_eq!(figures::find_next(db, "in_11").await.expect("finds").as_deref(), Some("in_2"));
    assert_eq!(figures::find_next(db, "in_4").await.expect("looks"), None);
    let ids: Vec<String> =
        counted::list_sign_ins(db, "in_1", "in_3").await.expect("lists").into_iter().map(|one| one.id).collect();
    assert_eq!(ids, ["in_1", "in_2"]);
    let number = Identifier::stored(Kind::Phone, "+2348031234567".into());
    challenges::add(db, &Challenge { identifier: number, ..challenge("ch_1", 1) }).await.expect("adds");
    outbox::add(db, &attempt(1), false).await.expect("adds");
    outbox::add(db, &attempt(2), true).await.expect("adds a mute one");
    let asked = counted::list_challenges(db, "in_1", "in_2").await.expect("lists");
    assert_eq!(asked.iter().map(|one| (one.id.as_str(), one.kind.as_str())).collect::<Vec<_>>(), [("ch_1", "phone")]);
    assert_eq!(asked[0].country, "NG", "written with it");
    assert_eq!(counted::list_messages(db, "in_1", "in_2").await.expect("lists").len(), 1);
    assert_eq!(counted::list_messages(db, "in_2", "in_3").await.expect("lists").len(), 0);
    for (id, what) in [("m1", Told::Refused), ("m2", Told::Mistyped), ("m3", Told::Opened)] {
        let moment = Moment::new(&InteractionId::new("in_1"), at(1), what);
        moments::add(db, id, &moment).await.expect("adds");
    }
    let faults = counted::list_faults(db, "in_1", "in_1").await.expect("lists");
    assert_eq!(faults.iter().map(|one| one.what.as_str()).collect::<Vec<_>>(), ["refused", "opened"]);
});

both!(the_highest_of_many_counters_is_found, async |engine| {
    let store = Store::open(engine).await;
    let db = &store.db;
    for (key, by) in [("spend:day:country:NG", 5), ("spend:day:country:BR", 9), ("spend:hour:country:NG", 99)] {
        let limit = Limit { key: key.into(), most: 0, window: Duration::from_secs(60) };
        counters::raise_by(db, &limit, by, at(0)).await.expect("raises");
    }
    let most = counters::find_most(db, "spend:day:country:", at(1)).await.expect("finds");
    assert_eq!(most, Some(("spend:day:country:BR".into(), 9)));
    assert_eq!(counters::find_most(db, "spend:day:country:", at(60)).await.expect("is over"), None);
    assert_eq!(counters::find_most(db, "spend:day:client:", at(1)).await.expect("is none"), None);
});

both!(sign_ins_are_listed_by_whatever_is_asked, async |engine| {
    let store = Store::open(engine).await;
    let db = &store.db;
    let mut interaction = crate::proofs::interaction("in_1");
    for id in ["in_1", "in_2", "in_3"] {
        interaction.id = InteractionId::new(id);
        countersign::store::interactions::add(db, &interaction).await.expect("adds");
    }
    let number = Identifier::stored(Kind::Phone, "+2348031234567".into());
    for (id, of, place) in [("ch_1", "in_1", 1), ("ch_2", "in_1", 2), ("ch_3", "in_3", 1)] {
        let (interaction, identifier) = (InteractionId::new(of), number.clone());
        let made = Challenge { interaction, identifier, ..challenge(id, place) };
        challenges::add(db, &made).await.expect("adds");
    }
    let subject = SubjectId::new("kp_1");
    subjects::add(db, &subject, at(1)).await.expect("adds");
    subjects::prove_identifier(db, &number, &subject, at(1)).await.expect("proves");
    let of = |below: &str, most| Stretch { least: "in_1".into(), below: below.into(), most };
    let ids = |rows: Vec<Mark>| {
        assert!(rows.iter().all(|row| row.meets));
        rows.into_iter().map(|row| row.id).collect::<Vec<_>>()
    };
    let list_of_client = async |below: &str, client: &str, connection: Option<&str>| {
        sign_ins::list_of_client(db, &of(below, 9), client, connection).await.expect("lists")
    };
    let list_of_country = async |client: Option<&str>, connection: Option<&str>| {
        sign_ins::list_of_country(db, &of("in_9", 9), "NG", client, connection).await.expect("lists")
    };
    assert_eq!(ids(sign_ins::list(db, &of("in_9", 2)).await.expect("lists")), ["in_3", "in_2"]);
    assert_eq!(ids(list_of_client("in_3", "shop", None).await), ["in_2", "in_1"]);
    assert_eq!(ids(list_of_client("in_9", "none", None).await), [""; 0]);
    let meet = |rows: Vec<Mark>| rows.into_iter().map(|row| (row.id, row.meets)).collect::<Vec<_>>();
    let marked =
        |marks: &[(&str, bool)]| marks.iter().map(|(id, meets)| ((*id).to_owned(), *meets)).collect::<Vec<_>>();
    let asked = marked(&[("in_3", true), ("in_2", false), ("in_1", true)]);
    assert_eq!(meet(list_of_client("in_9", "shop", Some("email")).await), asked);
    let both = ["in_3", "in_1"];
    assert_eq!(ids(list_of_country(None, None).await), both, "each once");
    assert_eq!(ids(list_of_country(Some("shop"), Some("email")).await), both);
    let none = marked(&[("in_3", false), ("in_1", false)]);
    for (client, connection) in [(Some("none"), None), (Some("shop"), Some("none")), (None, Some("none"))] {
        assert_eq!(meet(list_of_country(client, connection).await), none, "{client:?} {connection:?}");
    }
    assert_eq!(ids(sign_ins::list_of_connection(db, &of("in_9", 9), "email").await.expect("lists")), both);
    assert_eq!(ids(sign_ins::list_of_identifier(db, &of("in_9", 9), &number).await.expect("lists")), both);
    assert_eq!(ids(sign_ins::list_of_subject(db, &of("in_9", 9), "kp_1", None).await.expect("lists")), both);
    let other = Identifier::stored(Kind::Phone, "+1".into());
    for (asked, found) in [(&number, &both[..]), (&other, &[])] {
        assert_eq!(
            ids(sign_ins::list_of_subject(db, &of("in_9", 9), "kp_1", Some(asked)).await.expect("lists")),
            found
        );
    }
    assert_eq!(ids(sign_ins::list_of_subject(db, &of("in_3", 9), "kp_1", None).await.expect("lists")), ["in_1"]);
    // What is read of them: the newest passcode asked for, and nothing of one that was not asked for.
    let briefs = async |ids: &[&str], answered| {
        let rows = sign_ins::briefs(db, ids, answered).await.expect("reads");
        rows.into_iter().map(|row| (row.id, row.value)).collect::<Vec<_>>()
    };
    let value = Some(number.reveal().to_owned());
    let every = [("in_3".to_owned(), value.clone()), ("in_2".to_owned(), None), ("in_1".to_owned(), value)];
    assert_eq!(briefs(&["in_1", "in_3", "in_2", "in_7"], None).await, every);
    assert_eq!(briefs(&["in_1", "in_3", "in_2"], Some(false)).await, every);
    assert_eq!(briefs(&["in_1", "in_3", "in_2"], Some(true)).await, []);
    assert_eq!(briefs(&["in_3"], None).await, every[..1]);
    assert_eq!(briefs(&[], None).await, []);
    let tx = &mut db.begin().await.expect("begins");
    let in_3 = InteractionId::new("in_3");
    assert!(countersign::store::interactions::spend(&mut *tx, &in_3, at(2)).await.expect("spends"));
    let rows = sign_ins::briefs(&mut *tx, &["in_3", "in_2"], Some(true)).await.expect("reads");
    assert_eq!(rows.iter().map(|row| row.id.as_str()).collect::<Vec<_>>(), ["in_3"]);
});

both!(people_and_sign_ins_are_made_up_by_the_hundred, async |engine| {
    let store = Store::open(engine).await;
    let db = &store.db;
    let people: Vec<Person> = (0..150)
        .map(|n| Person {
            id: format!("kp_{n}"),
            since: at(n),
            blocked_at: None,
            profile: "{}".into(),
            words: vec!["ada".into()],
            identifiers: vec![Identifier::stored(Kind::Email, format!("p{}@b.example", n % 149))],
        })
        .collect();
    let mut tx = db.begin().await.expect("begins");
    assert_eq!(seed::add_people(&mut tx, &people).await.expect("adds"), 149, "an address is somebody's alone");
    let made: Vec<SignIn> = (0..150)
        .map(|n| SignIn {
            id: format!("in_{n:03}"),
            client: "shop".into(),
            request: "{}".into(),
            created_at: at(n),
            expires_at: at(n + 3600),
            finished_at: None,
            challenge: None,
        })
        .collect();
    seed::add_sign_ins(&mut tx, &made).await.expect("adds");
    tx.commit().await.expect("commits");
    assert_eq!(counted::list_sign_ins(db, "in_0", "in_9").await.expect("lists").len(), 150);
});
