//! Carriers that are busy, broken, silent or gone: at most one message on each rung, and people get their digits.

use crate::fake::{Fake, Message, Report, Way};
use crate::harness::both;
use crate::scene::{Scene, carrier, same};

/// SMS by two carriers, then calls.
const TWO: &str = r#"
[[connection]]
name = "phone"
kind = "phone"
default_country = "NG"
ladder = ["sms", "voice"]

[[connection.rung]]
channel = "sms"
wait_seconds = 40
carriers = ["twilio", "vonage"]

[[connection.rung]]
channel = "voice"
wait_seconds = 60
carriers = ["vonage"]
"#;

both!(too_busy_once_it_is_tried_again_and_sent_once, async |engine| {
    let scene = Scene::open(engine).await;
    let mut person = scene.asks("+2348031230004").await;
    scene.fake.requests(&person.number, 1).await;
    scene.house.pass(2);
    scene.fake.messages(&person.number, 1).await;
    scene.stands(&person, &["whatsapp sent delivered -"]).await;
    scene.house.pass(100);
    let taken = scene.only(&person, &["whatsapp"]).await;
    assert_eq!(scene.fake.asked(&person.number).len(), 2);
    person.signs_in(&same(&taken)).await;
    scene.close().await;
});

both!(too_busy_for_long_the_next_rung_is_climbed_at_once, async |engine| {
    let scene = Scene::open(engine).await;
    scene.fake.set("meta", Way::Busy(Some(60)));
    let mut person = scene.asks("+2348031239001").await;
    scene.fake.messages(&person.number, 1).await;
    let taken = scene.only(&person, &["sms"]).await;
    person.signs_in(&same(&taken)).await;
    scene.close().await;
});

both!(a_broken_carrier_is_replaced_within_its_rung, async |engine| {
    let scene = Scene::with(engine, TWO, &["twilio", "vonage"], &[]).await;
    scene.fake.set("twilio", Way::Broken);
    let mut person = scene.asks("+2348031239001").await;
    scene.fake.messages(&person.number, 1).await;
    let taken = scene.only(&person, &["sms"]).await;
    assert_eq!(taken[0].carrier, "vonage");
    let asked = scene.fake.asked(&person.number);
    assert_eq!(asked.iter().map(|one| one.carrier.as_str()).collect::<Vec<_>>(), ["twilio", "vonage"]);
    let attempts = scene.attempts(&person).await;
    assert_eq!((attempts.len(), attempts[0].carrier.as_deref()), (1, Some("vonage")));
    person.signs_in(&same(&taken)).await;
    scene.close().await;
});

both!(no_answer_in_time_is_not_sent_again, async |engine| {
    let scene = Scene::with(engine, TWO, &["twilio", "vonage"], &[]).await;
    scene.fake.set("twilio", Way::TakeAndHang);
    let mut person = scene.asks("+2348031239001").await;
    scene.stands(&person, &["sms sent - -"]).await;
    scene.house.pass(38);
    scene.only(&person, &["sms"]).await;
    scene.house.pass(3);
    scene.fake.messages(&person.number, 2).await;
    let taken = scene.only(&person, &["sms", "voice"]).await;
    assert_eq!(scene.fake.asked(&person.number).len(), 2, "nobody else was asked to send the SMS");
    // What comes late finds its message all the same.
    assert_eq!(scene.fake.report(&taken[0], Report::Delivered).await, 200);
    scene.stands(&person, &["sms sent delivered -", "voice sent accepted -"]).await;
    scene.house.pass(100);
    let taken = scene.only(&person, &["sms", "voice"]).await;
    person.signs_in(&same(&taken)).await;
    scene.close().await;
});

both!(no_answer_but_a_receipt_is_delivery, async |engine| {
    let scene = Scene::with(engine, TWO, &["twilio", "vonage"], &[]).await;
    scene.fake.set("twilio", Way::TakeAndHang);
    let mut person = scene.asks("+2348031239001").await;
    scene.stands(&person, &["sms sent - -"]).await;
    let taken = scene.fake.taken(&person.number);
    assert_eq!(scene.fake.report(&taken[0], Report::Delivered).await, 200);
    scene.stands(&person, &["sms sent delivered -"]).await;
    scene.house.pass(100);
    let taken = scene.only(&person, &["sms"]).await;
    person.signs_in(&same(&taken)).await;
    scene.close().await;
});

both!(an_answer_lost_on_its_way_is_one_message, async |engine| {
    let scene = Scene::with(engine, TWO, &["twilio", "vonage"], &[]).await;
    // A connection that worked before, and is used again.
    let first = scene.asks("+2348031230001").await;
    scene.stands(&first, &["sms sent delivered -"]).await;
    scene.fake.set("twilio", Way::TakeAndDrop);
    let mut person = scene.asks("+2348031239001").await;
    scene.stands(&person, &["sms sent - -"]).await;
    scene.house.pass(38);
    scene.only(&person, &["sms"]).await;
    scene.house.pass(3);
    scene.fake.messages(&person.number, 2).await;
    scene.house.pass(100);
    let taken = scene.only(&person, &["sms", "voice"]).await;
    assert_eq!(scene.fake.asked(&person.number).len(), 2);
    person.signs_in(&same(&taken)).await;
    scene.close().await;
});

both!(with_everything_down_nobody_is_stuck, async |engine| {
    let scene = Scene::open(engine).await;
    scene.fake.down();
    let mut person = scene.asks("+2348031230001").await;
    scene.gives_up(&person, 3).await;
    let page = person.reloads().await;
    assert!(page.status == 200 && page.asks_digits(), "{}", page.text());
    assert!(scene.fake.asked(&person.number).is_empty());
    scene.fake.up().await;
    scene.house.pass(31);
    let page = person.asks_for("").await;
    assert!(page.asks_digits() && page.status == 200, "{}", page.text());
    let taken = scene.fake.messages(&person.number, 1).await;
    scene.house.settle().await;
    person.signs_in(&same(&taken)).await;
    scene.close().await;
});

both!(a_circuit_opens_rests_and_closes_by_a_probe, async |engine| {
    let scene = Scene::with(engine, TWO, &["twilio", "vonage"], &[]).await;
    let by = async |number: u32| {
        let number = format!("+2348031239{number:03}");
        scene.asks(&number).await;
        let taken = scene.fake.messages(&number, 1).await.remove(0);
        scene.house.settle().await;
        let asked: Vec<String> = scene.fake.asked(&number).into_iter().map(|one| one.carrier).collect();
        (taken.carrier, asked.len())
    };
    scene.fake.set("twilio", Way::Broken);
    for number in 0..5 {
        assert_eq!(by(number).await, ("vonage".into(), 2), "{number}");
    }
    for number in 5..8 {
        assert_eq!(by(number).await, ("vonage".into(), 1), "open: not even asked");
    }
    // The probe fails: it rests twice as long.
    scene.house.pass(15);
    assert_eq!(by(8).await, ("vonage".into(), 2));
    scene.house.pass(16);
    assert_eq!(by(9).await, ("vonage".into(), 1));
    scene.fake.set("twilio", Way::Accept);
    scene.house.pass(15);
    for number in 10..14 {
        assert_eq!(by(number).await, ("twilio".into(), 1), "closed again");
    }
    scene.close().await;
});

both!(one_probe_at_a_time, async |engine| {
    let scene = Scene::with(engine, TWO, &["twilio", "vonage"], &[]).await;
    scene.fake.set("twilio", Way::Broken);
    for number in 0..5 {
        let number = format!("+2348031239{number:03}");
        scene.asks(&number).await;
        scene.fake.messages(&number, 1).await;
    }
    scene.house.settle().await;
    scene.house.pass(16);
    scene.fake.set("twilio", Way::Hang);
    let probing = scene.asks("+2348031239100").await;
    scene.fake.requests(&probing.number, 1).await;
    for number in 101..104 {
        let person = scene.asks(&format!("+2348031239{number}")).await;
        assert_eq!(scene.fake.messages(&person.number, 1).await[0].carrier, "vonage");
        assert_eq!(scene.fake.asked(&person.number).len(), 1);
    }
    scene.fake.set("twilio", Way::Accept);
    assert_eq!(scene.fake.messages(&probing.number, 1).await[0].carrier, "twilio");
    scene.close().await;
});

/// Nigeria by a carrier that hangs, Ghana by one that does not.
const APART: &str = r#"
[[connection]]
name = "phone"
kind = "phone"
default_country = "NG"
ladder = ["whatsapp"]

[[connection.rung]]
channel = "whatsapp"
carriers = ["meta"]

[[connection.rung]]
channel = "sms"
carriers = ["twilio"]

[[connection.override]]
countries = ["GH"]
ladder = ["sms"]
"#;

both!(a_dead_carrier_slows_nobody_else, async |engine| {
    let fake = Fake::start().await;
    let carriers: String =
        ["meta", "twilio"].into_iter().map(|name| carrier(&fake, name, "timeout_seconds = 60")).collect();
    let scene = Scene::on(engine, fake, &format!("{carriers}{APART}"), &[("outbox.lease", "10m")]).await;
    scene.fake.set("meta", Way::Hang);
    for number in 0..80 {
        scene.asks(&format!("+2348031239{number:03}")).await;
    }
    // Those after the 64th may be passed over instead, where asking took so long that it is known to hang.
    scene.fake.until("many hang", || scene.fake.state().asked.len() >= 64).await;
    for number in 0..10 {
        let mut person = scene.asks(&format!("+23324123{number:04}")).await;
        if ![2, 4, 6, 7].contains(&number) {
            let digits = same(&scene.fake.messages(&person.number, 1).await);
            person.signs_in(&digits).await;
        }
    }
    assert!(scene.fake.state().taken.iter().all(|one| one.carrier == "twilio"));
    scene.fake.set("meta", Way::Accept);
    let by_meta = |all: &[Message]| all.iter().filter(|one| one.carrier == "meta").count();
    let all_sent = || {
        let state = scene.fake.state();
        by_meta(&state.taken) == by_meta(&state.asked)
    };
    scene.fake.until("all that hung are sent", all_sent).await;
    scene.house.pass(10);
    scene.close().await;
});
