//! What messages really cost, where the carrier tells it only when asked: a while after, then less and less often, by one node.

use crate::fake::{Message, Report, Why};
use crate::harness::{Engine, House, both};
use crate::scene::{Person, Scene};
use countersign::domain::identifier::Identifier;
use countersign::flows::deliver::bills;
use countersign::flows::timeline;
use countersign::store;
use futures_util::future::join_all;

const NUMBER: &str = "+2348031239003";
const DAY: u64 = 24 * 60 * 60;

const LADDER: &str = r#"
[[connection]]
name = "phone"
kind = "phone"
default_country = "NG"
ladder = ["sms", "voice"]

[[connection.rung]]
channel = "sms"
carriers = ["twilio"]

[[connection.rung]]
channel = "voice"
carriers = ["twilio"]
"#;

async fn open(engine: Engine) -> Scene {
    Scene::with(engine, LADDER, &["twilio"], &[]).await
}

/// Somebody is sent an SMS, which arrives.
async fn sent(scene: &Scene) -> (Person, Message) {
    let person = scene.asks(NUMBER).await;
    let taken = scene.fake.messages(NUMBER, 1).await.remove(0);
    scene.house.settle().await;
    assert_eq!(scene.fake.report(&taken, Report::Delivered).await, 200);
    (person, taken)
}

/// Which prices were asked for, once a while more has passed and what is due by then was looked for.
async fn asked_after(scene: &Scene, seconds: u64) -> Vec<String> {
    scene.house.pass(seconds);
    bills::ask(&scene.house.app).await.expect("asks");
    // The house looks for itself, too: what it took from us, it has asked for soon.
    settled(scene).await;
    scene.fake.state().prices.asked.clone()
}

/// Waits until nothing is due, and no answer still on its way.
async fn settled(scene: &Scene) {
    let mut before = usize::MAX;
    for _ in 0..500 {
        let now = scene.fake.state().prices.asked.len();
        let (app, due) = (&scene.house.app, scene.house.app.now());
        if before == now && store::outbox::list_unbilled(&app.db, due).await.expect("lists").is_empty() {
            return;
        }
        before = now;
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("prices stay due");
}

/// What each attempt cost, oldest first, as `0.0075 USD` or `-`.
async fn costs(scene: &Scene, person: &Person) -> Vec<String> {
    let attempts = scene.attempts(person).await;
    let shown = |cost: &countersign::domain::delivery::Cost| format!("{} {}", cost.amount, cost.currency);
    attempts.iter().map(|one| one.cost.as_ref().map_or("-".to_owned(), shown)).collect()
}

/// Waits until the attempts cost this.
async fn cost(scene: &Scene, person: &Person, wanted: &[&str]) {
    for _ in 0..500 {
        if costs(scene, person).await == wanted {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    panic!("{:?}, not {wanted:?}", costs(scene, person).await);
}

/// The costs that stand in the story an operator reads, in its order.
async fn told(scene: &Scene) -> Vec<(String, String)> {
    let number = Identifier::phone(NUMBER, None).expect("a number");
    let stories = timeline::of_identifier(&scene.house.app, &number).await.expect("tells");
    let lines = stories.into_iter().flat_map(|story| story.lines);
    let priced =
        lines.filter_map(|line| line.cost.map(|cost| (line.text, format!("{} {}", cost.amount, cost.currency))));
    priced.collect()
}

both!(a_price_unknown_at_first_is_told_later, async |engine| {
    let scene = open(engine).await;
    let (mut person, taken) = sent(&scene).await;
    let sms = taken.reference.clone();
    assert!(asked_after(&scene, 45).await.is_empty(), "too soon");
    assert_eq!(asked_after(&scene, 20).await, [sms.as_str()], "after a minute");
    assert_eq!(costs(&scene, &person).await, ["-"]);
    assert!(told(&scene).await.is_empty());
    // As long again as it has been, each time; that the passcode is used changes nothing.
    person.signs_in(&taken.digits).await;
    assert_eq!(asked_after(&scene, 45).await.len(), 1);
    assert_eq!(asked_after(&scene, 60).await.len(), 2);
    assert_eq!(costs(&scene, &person).await, ["-"]);
    scene.fake.state().prices.told.insert(sms.clone(), ("-0.00750", "USD"));
    assert_eq!(asked_after(&scene, 100).await.len(), 2);
    assert_eq!(asked_after(&scene, 120).await.len(), 3);
    cost(&scene, &person, &["0.0075 USD"]).await;
    assert_eq!(told(&scene).await, [(format!("taken by twilio for sms as {sms}"), "0.0075 USD".to_owned())]);
    // What is known is not asked for again.
    assert_eq!(asked_after(&scene, DAY).await.len(), 3);
    assert_eq!(costs(&scene, &person).await, ["0.0075 USD"]);
    scene.close().await;
});

both!(a_bill_for_a_message_and_for_the_call_after_it, async |engine| {
    let scene = open(engine).await;
    let person = scene.asks(NUMBER).await;
    let sms = scene.fake.messages(NUMBER, 1).await.remove(0);
    scene.house.settle().await;
    assert_eq!(scene.fake.report(&sms, Report::Undelivered(Why::Unreachable)).await, 200);
    let call = scene.fake.messages(NUMBER, 2).await.remove(1);
    scene.house.settle().await;
    assert_eq!((sms.channel, call.channel), ("sms", "voice"));
    let prices = [(sms.reference.clone(), ("-0.00750", "USD")), (call.reference.clone(), ("-0.0200", "EUR"))];
    scene.fake.state().prices.told.extend(prices);
    let mut asked = asked_after(&scene, 65).await;
    asked.sort();
    let mut both = [sms.reference, call.reference];
    both.sort();
    assert_eq!(asked, both);
    cost(&scene, &person, &["0.0075 USD", "0.02 EUR"]).await;
    let costs: Vec<String> = told(&scene).await.into_iter().map(|(_, cost)| cost).collect();
    assert_eq!(costs, ["0.0075 USD", "0.02 EUR"]);
    scene.close().await;
});

both!(a_bill_is_asked_for_by_one_node, async |engine| {
    let scene = open(engine).await;
    let second = House::on(Some(scene.house.database_url.clone()), "", &[]).await;
    let (person, taken) = sent(&scene).await;
    for times in 1..=4_u32 {
        scene.house.pass(60 * 2_u64.pow(times));
        second.pass(60 * 2_u64.pow(times));
        let nodes = [&scene.house.app, &second.app];
        for asked in join_all((0..16).map(|turn| bills::ask(nodes[turn % 2]))).await {
            asked.expect("asks");
        }
        settled(&scene).await;
        let asked = scene.fake.state().prices.asked.clone();
        assert_eq!(asked, vec![taken.reference.clone(); times as usize], "once for each time it is due");
    }
    scene.fake.state().prices.told.insert(taken.reference.clone(), ("-0.00750", "USD"));
    scene.house.pass(DAY);
    second.pass(DAY);
    let (one, other) = tokio::join!(bills::ask(&scene.house.app), bills::ask(&second.app));
    one.and(other).expect("asks");
    cost(&scene, &person, &["0.0075 USD"]).await;
    assert_eq!(scene.fake.state().prices.asked.len(), 5);
    second.close().await;
    scene.close().await;
});

both!(a_bill_of_a_carrier_that_is_down_for_a_while, async |engine| {
    let scene = open(engine).await;
    let (person, taken) = sent(&scene).await;
    scene.fake.state().prices.told.insert(taken.reference.clone(), ("-0.00750", "USD"));
    scene.fake.down();
    assert!(asked_after(&scene, 65).await.is_empty());
    scene.fake.up().await;
    assert_eq!(asked_after(&scene, 100).await, [taken.reference]);
    cost(&scene, &person, &["0.0075 USD"]).await;
    scene.close().await;
});

both!(a_bill_that_never_comes_is_given_up_after_a_day, async |engine| {
    let scene = open(engine).await;
    let (person, _) = sent(&scene).await;
    let (mut wait, mut passed, mut times) = (65, 0, 0);
    while passed < 3 * DAY {
        passed += wait;
        let asked = asked_after(&scene, wait).await.len();
        assert!(asked == times + 1 || passed > DAY, "{asked} times after {passed} seconds");
        (wait, times) = (passed + 60, asked);
    }
    assert_eq!(times, 11);
    assert_eq!(costs(&scene, &person).await, ["-"]);
    scene.close().await;
});
