//! What the page says while a passcode travels, read by plain reload.

use crate::fake::{Report, Way, Why};
use crate::harness::both;
use crate::scene::{Person, Scene};

async fn says(scene: &Scene, person: &mut Person, words: &str) {
    let mut text = String::new();
    for _ in 0..300 {
        let page = person.reloads().await;
        assert_eq!(page.status, 200);
        text = page.text();
        for message in scene.fake.asked(&person.number) {
            assert!(!text.contains(&message.digits), "the page gives the passcode away");
        }
        if text.contains(words) {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    panic!("does not say \"{words}\": {text}");
}

both!(each_turn_is_told, async |engine| {
    let scene = Scene::open(engine).await;
    let mut person = scene.asks("+2348031230005").await;
    says(&scene, &mut person, "Sent on WhatsApp.").await;
    scene.house.settle().await;
    let first = scene.fake.taken(&person.number).remove(0);
    scene.house.pass(21);
    says(&scene, &mut person, "WhatsApp hasn’t delivered it. The same code is on its way by text message.").await;
    scene.fake.messages(&person.number, 2).await;
    scene.house.settle().await;
    scene.house.pass(41);
    says(&scene, &mut person, "The text message hasn’t arrived. We’re calling you with the same code.").await;
    // However late.
    assert_eq!(scene.fake.report(&first, Report::Delivered).await, 200);
    says(&scene, &mut person, "Delivered on WhatsApp.").await;
    scene.close().await;
});

both!(each_end_is_told, async |engine| {
    let scene = Scene::open(engine).await;
    for (place, (way, words)) in [
        (Way::Then(Report::Delivered), "Delivered on WhatsApp."),
        (Way::Refuse(Why::Unreachable), "We couldn’t deliver it. Check the number, or choose another way."),
        (Way::Then(Report::Undelivered(Why::Unreachable)), "We couldn’t deliver it."),
        (Way::Refuse(Why::BadNumber), "That number doesn’t seem to exist."),
        (Way::Refuse(Why::Policy), "We can’t send codes to this number this way."),
        (Way::Refuse(Why::Misconfigured), "We couldn’t deliver it."),
    ]
    .into_iter()
    .enumerate()
    {
        for carrier in ["meta", "twilio"] {
            scene.fake.set(carrier, way);
        }
        let mut person = scene.asks(&format!("+2348031239{place:03}")).await;
        says(&scene, &mut person, words).await;
        scene.house.settle().await;
    }
    // Who told the SMS sender to stop, after WhatsApp did not reach them.
    scene.fake.set("meta", Way::Refuse(Why::Unreachable));
    scene.fake.set("twilio", Way::Refuse(Why::OptedOut));
    let mut person = scene.asks("+2348031239100").await;
    says(&scene, &mut person, "This number asked us to stop sending text messages.").await;
    scene.house.settle().await;
    scene.close().await;
});

both!(carriers_that_are_all_down_are_told_calmly, async |engine| {
    let scene = Scene::open(engine).await;
    scene.fake.down();
    let mut person = scene.asks("+2348031239001").await;
    scene.gives_up(&person, 3).await;
    says(&scene, &mut person, "We couldn’t deliver it.").await;
    let page = person.reloads().await;
    assert!(page.html.contains("id=\"resend\"") && page.asks_digits(), "{}", page.text());
    scene.close().await;
});
