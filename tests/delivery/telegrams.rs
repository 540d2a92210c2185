//! Telegram: whether a number is there is known at once.

use crate::fake::{Report, Way};
use crate::harness::{Engine, both};
use crate::scene::{Scene, same};
use countersign::flows::deliver::feedback;

async fn open(engine: Engine) -> Scene {
    let connection = "[[connection]]\nname = \"phone\"\nkind = \"phone\"\ndefault_country = \"NG\"\nladder = [\"telegram\", \"sms\"]\n[[connection.rung]]\nchannel = \"telegram\"\nwait_seconds = 20\ncarriers = [\"telegram\"]\n";
    Scene::with(engine, connection, &["telegram", "twilio"], &[]).await
}

both!(who_is_not_there_gets_an_sms_at_once, async |engine| {
    let scene = open(engine).await;
    scene.fake.state().telegram.absent.insert("+2348031239001".into());
    let mut person = scene.asks("+2348031239001").await;
    scene.fake.messages(&person.number, 1).await;
    let taken = scene.only(&person, &["sms"]).await;
    assert_eq!(scene.fake.state().telegram.checked, ["+2348031239001"]);
    assert!(scene.fake.asked(&person.number).iter().all(|one| one.channel == "sms"), "nothing was sent to find out");
    scene.house.pass(100);
    scene.only(&person, &["sms"]).await;
    person.signs_in(&same(&taken)).await;
    scene.close().await;
});

both!(who_is_there_reads_it_and_telegram_hears_of_its_use, async |engine| {
    let scene = open(engine).await;
    let mut person = scene.asks("+2348031239001").await;
    let taken = scene.fake.messages(&person.number, 1).await.remove(0);
    scene.house.settle().await;
    assert_eq!((taken.channel, taken.digits.len()), ("telegram", 6));
    assert_eq!(scene.fake.report(&taken, Report::Read).await, 200);
    scene.stands(&person, &["telegram sent read -"]).await;
    scene.house.pass(60);
    scene.only(&person, &["telegram"]).await;
    person.signs_in(&taken.digits).await;
    for _ in 0..3 {
        feedback::give(&scene.house.app).await.expect("gives");
    }
    let told = scene.fake.state().telegram.feedback.clone();
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].0, taken.reference);
    scene.close().await;
});

both!(what_it_takes_back_unread_is_sent_by_sms, async |engine| {
    let scene = open(engine).await;
    let mut person = scene.asks("+2348031239001").await;
    let taken = scene.fake.messages(&person.number, 1).await.remove(0);
    scene.house.settle().await;
    let expired = scene.fake.receipt(&taken, Report::Undelivered(crate::fake::Why::Unreachable));
    assert_eq!(expired.clone().without("x-request-signature").post().await, 403);
    assert_eq!(expired.clone().spoiled("expired", "revoked").post().await, 403);
    for _ in 0..3 {
        assert_eq!(expired.post().await, 200);
    }
    let taken = scene.fake.messages(&person.number, 2).await;
    scene.only(&person, &["telegram", "sms"]).await;
    person.signs_in(&same(&taken)).await;
    // Old reports are not believed.
    scene.house.pass(301);
    assert_eq!(expired.post().await, 403);
    scene.close().await;
});

both!(without_telegram_there_is_sms, async |engine| {
    let scene = open(engine).await;
    scene.fake.set("telegram", Way::Busy(None));
    let mut person = scene.asks("+2348031239001").await;
    scene.fake.requests(&person.number, 1).await;
    scene.house.pass(10);
    let taken = scene.fake.messages(&person.number, 1).await;
    scene.only(&person, &["sms"]).await;
    person.signs_in(&same(&taken)).await;
    scene.close().await;
});

both!(those_without_a_name_hold_up_nobodys_feedback, async |engine| {
    let scene = open(engine).await;
    // More than are told of at once. The minute between them keeps the circuit closed.
    for place in 0..33 {
        scene.fake.set("telegram", Way::TakeAndDrop);
        let mut person = scene.asks(&format!("+2348031239{place:03}")).await;
        scene.stands(&person, &["telegram sent - -"]).await;
        let digits = same(&scene.fake.taken(&person.number));
        person.signs_in(&digits).await;
        if place % 3 == 2 {
            scene.fake.set("telegram", Way::Accept);
            let person = scene.asks(&format!("+2348031238{place:03}")).await;
            scene.fake.messages(&person.number, 1).await;
            scene.house.settle().await;
        }
        scene.house.pass(61);
    }
    scene.look().await;
    scene.fake.set("telegram", Way::Accept);
    let mut person = scene.asks("+2348031237001").await;
    let taken = scene.fake.messages(&person.number, 1).await.remove(0);
    scene.house.settle().await;
    person.signs_in(&taken.digits).await;
    for _ in 0..3 {
        feedback::give(&scene.house.app).await.expect("gives");
    }
    let told = scene.fake.state().telegram.feedback.clone();
    assert!(told.iter().any(|(request, _)| *request == taken.reference), "{told:?}");
    scene.close().await;
});
