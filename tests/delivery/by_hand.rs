//! "Send it by SMS", "call me": the next way by hand, and no second climb beside it.

use crate::fake::{Fake, Report, Way, Why};
use crate::harness::{Engine, both};
use crate::scene::{LADDER, Scene, carrier, same};

/// The usual ladder, with a WhatsApp rung that waits longer than a person.
async fn patient(engine: Engine) -> Scene {
    let ladder = LADDER.replace("wait_seconds = 20", "wait_seconds = 100");
    let fake = Fake::start().await;
    let carriers: String =
        ["meta", "twilio"].into_iter().map(|name| carrier(&fake, name, "timeout_seconds = 60")).collect();
    Scene::on(engine, fake, &format!("{carriers}{ladder}"), &[("outbox.lease", "10m")]).await
}

both!(by_sms_instead_and_it_climbs_from_there, async |engine| {
    let scene = patient(engine).await;
    let mut person = scene.asks("+2348031230003").await;
    scene.stands(&person, &["whatsapp sent accepted -"]).await;
    assert_eq!(person.asks_for("sms").await.status, 429, "not at once");
    scene.house.pass(31);
    assert_eq!(person.asks_for("sms").await.status, 200);
    scene.fake.messages(&person.number, 2).await;
    scene.house.settle().await;
    // WhatsApp's wait would end at 100 seconds, the SMS's at 71.
    scene.house.pass(38);
    scene.only(&person, &["whatsapp", "sms"]).await;
    scene.house.pass(3);
    scene.fake.messages(&person.number, 3).await;
    scene.house.settle().await;
    scene.house.pass(60);
    let taken = scene.only(&person, &["whatsapp", "sms", "voice"]).await;
    person.signs_in(&same(&taken)).await;
    scene.close().await;
});

both!(a_call_instead_and_nothing_after_it, async |engine| {
    let scene = patient(engine).await;
    let mut person = scene.asks("+2348031230003").await;
    scene.stands(&person, &["whatsapp sent accepted -"]).await;
    scene.house.pass(31);
    assert_eq!(person.asks_for("voice").await.status, 200);
    let taken = scene.fake.messages(&person.number, 2).await;
    scene.house.settle().await;
    // The SMS that was stepped over is not sent when WhatsApp's wait ends, or its receipt comes.
    scene.house.pass(80);
    scene.only(&person, &["whatsapp", "voice"]).await;
    assert_eq!(scene.fake.report(&taken[0], Report::Undelivered(Why::Unreachable)).await, 200);
    scene.house.pass(80);
    let taken = scene.only(&person, &["whatsapp", "voice"]).await;
    person.signs_in(&same(&taken)).await;
    scene.close().await;
});

both!(undeliverable_after_the_choice_climbs_no_more, async |engine| {
    let scene = patient(engine).await;
    let mut person = scene.asks("+2348031230005").await;
    let first = scene.fake.messages(&person.number, 1).await.remove(0);
    scene.house.settle().await;
    scene.house.pass(31);
    assert_eq!(person.asks_for("sms").await.status, 200);
    let sms = scene.fake.messages(&person.number, 2).await.remove(1);
    scene.house.settle().await;
    assert_eq!(scene.fake.report(&first, Report::Undelivered(Why::Unreachable)).await, 200);
    assert_eq!(scene.fake.report(&sms, Report::Delivered).await, 200);
    scene.house.pass(150);
    let taken = scene.only(&person, &["whatsapp", "sms"]).await;
    person.signs_in(&same(&taken)).await;
    scene.close().await;
});

both!(chosen_while_the_first_still_hangs, async |engine| {
    for (number, ends) in [("+2348031239001", Way::Refuse(Why::Unreachable)), ("+2348031239002", Way::Accept)] {
        let scene = patient(engine).await;
        scene.fake.set("meta", Way::Hang);
        let mut person = scene.asks(number).await;
        scene.fake.requests(number, 1).await;
        scene.house.pass(31);
        assert_eq!(person.asks_for("sms").await.status, 200);
        let sms = scene.fake.messages(number, 1).await.remove(0);
        scene.fake.set("meta", ends);
        scene.house.settle().await;
        assert_eq!(scene.fake.report(&sms, Report::Delivered).await, 200);
        scene.house.pass(150);
        scene.look().await;
        let taken = scene.fake.channels(number);
        assert_eq!(taken.iter().filter(|channel| **channel == "sms").count(), 1, "{ends:?}: {taken:?}");
        assert!(!taken.contains(&"voice"), "{ends:?}: {taken:?}");
        person.signs_in(&sms.digits).await;
        scene.close().await;
    }
});
