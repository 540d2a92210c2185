//! Twilio Verify: its digits and its word on them, or ours and word back to it.

use crate::fake::{Fake, Way, Why};
use crate::harness::{Engine, both};
use crate::rows::Rows;
use crate::scene::{Person, Scene, carrier, same, wrong};
use countersign::crypto::secret::Bound;
use countersign::domain::delivery::Job;
use countersign::flows::deliver::feedback;

const LADDER: &str = r#"
[[connection]]
name = "phone"
kind = "phone"
default_country = "NG"
ladder = ["sms", "voice"]

[[connection.rung]]
channel = "sms"
wait_seconds = 20
carriers = ["verify", "twilio"]

[[connection.rung]]
channel = "voice"
wait_seconds = 20
carriers = ["verify"]
"#;

async fn theirs(engine: Engine) -> Scene {
    Scene::with(engine, LADDER, &["verify", "twilio"], &[]).await
}

async fn ours(engine: Engine) -> Scene {
    let fake = Fake::start().await;
    fake.state().verify.custom_codes = true;
    let verify = carrier(&fake, "verify", "custom_codes = true");
    let twilio = carrier(&fake, "twilio", "");
    Scene::on(engine, fake, &format!("{verify}{twilio}{LADDER}"), &[]).await
}

/// The digits this house would have made.
async fn derived(scene: &Scene, person: &Person) -> String {
    let app = &scene.house.app;
    let attempt = scene.attempts(person).await.remove(0);
    let rows = Rows::of(&scene.house).await;
    let job = rows.texts(&format!("SELECT job FROM outbox WHERE id = '{}'", attempt.id)).await.remove(0);
    let job: Job = serde_json::from_str(&job).expect("a job");
    let to = job.identifier().expect("a number");
    let (challenge, purpose) = (attempt.challenge.as_str(), job.purpose.as_str());
    let bound = Bound { challenge, purpose, identifier: &to, browser: &job.browser };
    app.secret.passcode(bound, 6).reveal().to_owned()
}

async fn waits_for(scene: &Scene, number: &str) -> (Person, String) {
    let person = scene.asks(number).await;
    let taken = scene.fake.messages(number, 1).await;
    scene.house.settle().await;
    (person, same(&taken))
}

both!(twilios_digits_sign_in_and_ours_do_not, async |engine| {
    let scene = theirs(engine).await;
    let (mut person, digits) = waits_for(&scene, "+2348031239001").await;
    let own = derived(&scene, &person).await;
    assert_ne!(own, digits);
    let page = person.types(&own).await;
    assert!(page.status == 422 && page.text().contains("isn’t right"), "{}", page.text());
    assert_eq!(person.types("12").await.status, 422);
    assert_eq!(scene.fake.state().verify.checks.len(), 1, "what is no passcode is not asked about");
    person.signs_in(&digits).await;
    // Used is used, whatever Twilio would say.
    assert!(!person.types(&digits).await.url.contains("code=ac_"));
    assert!(scene.fake.state().verify.feedback.is_empty(), "it knows its own");
    scene.close().await;
});

both!(five_wrong_ones_and_twilio_is_not_asked_again, async |engine| {
    let scene = theirs(engine).await;
    let (mut person, digits) = waits_for(&scene, "+2348031239001").await;
    for _ in 0..4 {
        assert_eq!(person.types(&wrong(&digits)).await.status, 422);
    }
    assert_eq!(person.types(&wrong(&digits)).await.status, 429);
    for _ in 0..3 {
        let page = person.types(&digits).await;
        assert!(page.status == 429 || page.status == 422, "{}", page.text());
        assert!(!page.url.contains("code=ac_"));
    }
    assert_eq!(scene.fake.state().verify.checks.len(), 5);
    scene.close().await;
});

both!(many_clicks_are_one_sign_in, async |engine| {
    let scene = theirs(engine).await;
    let (person, digits) = waits_for(&scene, "+2348031239001").await;
    let typing = (0..10).map(|_| {
        let (mut visitor, page, digits) = (person.visitor.clone(), person.page.clone(), digits.clone());
        tokio::spawn(async move { visitor.submit(&page, &[("p_confirmation_code", &digits)]).await })
    });
    let mut into = 0;
    for typed in typing.collect::<Vec<_>>() {
        into += usize::from(typed.await.expect("types").url.contains("code=ac_"));
    }
    assert!(into <= 1, "{into}");
    scene.close().await;
});

both!(another_rung_carries_twilios_digits_too, async |engine| {
    let scene = theirs(engine).await;
    scene.fake.set_on("verify", "sms", Way::Refuse(Why::Unreachable));
    let (mut person, digits) = waits_for(&scene, "+2348031239001").await;
    scene.only(&person, &["voice"]).await;
    person.signs_in(&digits).await;
    scene.close().await;
});

both!(by_hand_another_channel_carries_the_same, async |engine| {
    let scene = theirs(engine).await;
    let (mut person, digits) = waits_for(&scene, "+2348031239001").await;
    scene.house.pass(31);
    assert_eq!(person.asks_for("voice").await.status, 200);
    let taken = scene.fake.messages(&person.number, 2).await;
    scene.house.settle().await;
    assert_eq!((taken[1].channel, same(&taken)), ("voice", digits.clone()));
    person.signs_in(&digits).await;
    scene.close().await;
});

both!(where_it_is_broken_another_carrier_takes_ours, async |engine| {
    let scene = theirs(engine).await;
    scene.fake.set("verify", Way::Broken);
    let (mut person, digits) = waits_for(&scene, "+2348031239001").await;
    assert_eq!(scene.fake.taken(&person.number)[0].carrier, "twilio");
    assert_eq!(digits, derived(&scene, &person).await);
    person.signs_in(&digits).await;
    scene.close().await;
});

both!(either_works_where_both_were_sent, async |engine| {
    for theirs_typed in [true, false] {
        let scene = theirs(engine).await;
        let (mut person, digits) = waits_for(&scene, "+2348031239001").await;
        scene.fake.set("verify", Way::Broken);
        scene.house.pass(31);
        assert_eq!(person.asks_for("sms").await.status, 200);
        let again = scene.fake.messages(&person.number, 2).await.remove(1);
        scene.house.settle().await;
        assert_eq!(again.carrier, "twilio");
        person.signs_in(if theirs_typed { &digits } else { &again.digits }).await;
        scene.close().await;
    }
});

both!(where_it_cannot_be_asked_the_person_may_try_again, async |engine| {
    let scene = theirs(engine).await;
    let (mut person, digits) = waits_for(&scene, "+2348031239001").await;
    scene.fake.down();
    let page = person.types(&digits).await;
    assert!(page.status == 503 && page.asks_digits(), "{}: {}", page.status, page.text());
    scene.fake.up().await;
    person.signs_in(&digits).await;
    scene.close().await;
});

both!(tries_it_could_not_judge_cost_nothing, async |engine| {
    let scene = theirs(engine).await;
    let (mut person, digits) = waits_for(&scene, "+2348031239001").await;
    scene.fake.down();
    for _ in 0..5 {
        assert_eq!(person.types(&digits).await.status, 503);
    }
    scene.fake.up().await;
    person.signs_in(&digits).await;
    scene.close().await;
});

both!(its_answer_lost_its_digits_still_sign_in, async |engine| {
    let scene = theirs(engine).await;
    scene.fake.set("verify", Way::TakeAndDrop);
    let mut person = scene.asks("+2348031239001").await;
    scene.stands(&person, &["sms sent - -"]).await;
    let digits = same(&scene.fake.taken(&person.number));
    person.signs_in(&digits).await;
    scene.close().await;
});

both!(ours_travel_and_their_use_is_told_once, async |engine| {
    let scene = ours(engine).await;
    let (mut person, digits) = waits_for(&scene, "+2348031239001").await;
    assert_eq!(digits, derived(&scene, &person).await);
    let sid = scene.fake.taken(&person.number)[0].reference.clone();
    for _ in 0..2 {
        feedback::give(&scene.house.app).await.expect("gives");
    }
    assert!(scene.fake.state().verify.feedback.is_empty(), "not used yet");
    assert_eq!(person.types(&wrong(&digits)).await.status, 422);
    person.signs_in(&digits).await;
    assert!(scene.fake.state().verify.checks.is_empty(), "nobody needs to ask Twilio");
    let app = &scene.house.app;
    let (a, b, c) = tokio::join!(feedback::give(app), feedback::give(app), feedback::give(app));
    assert!(a.is_ok() && b.is_ok() && c.is_ok());
    assert_eq!(scene.fake.state().verify.feedback, [(sid, "approved".to_owned())]);
    // Somebody who never typed theirs.
    waits_for(&scene, "+2348031239002").await;
    feedback::give(app).await.expect("gives");
    assert_eq!(scene.fake.state().verify.feedback.len(), 1);
    scene.close().await;
});

both!(ours_where_the_service_does_not_take_them_is_a_broken_set_up, async |engine| {
    let scene = ours(engine).await;
    scene.fake.state().verify.custom_codes = false;
    let (mut person, digits) = waits_for(&scene, "+2348031239001").await;
    assert_eq!(scene.fake.taken(&person.number)[0].carrier, "twilio");
    assert!(scene.alerts("misconfigured") >= 1);
    person.signs_in(&digits).await;
    scene.close().await;
});
