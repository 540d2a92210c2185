//! Receipts as attackers, networks and vendors make them: forged, spoiled, repeated, turned around, early, about others.

use crate::fake::receipt::Receipt;
use crate::fake::{Message, Report, Way, Why};
use crate::harness::{Engine, both};
use crate::scene::{Person, Scene, same};

/// One carrier for the first rung, calls by a gateway after it.
async fn then_calls(engine: Engine, channel: &str, carrier: &str) -> Scene {
    let connection = format!(
        "[[connection]]\nname = \"phone\"\nkind = \"phone\"\ndefault_country = \"NG\"\nladder = [\"{channel}\", \"voice\"]\n[[connection.rung]]\nchannel = \"{channel}\"\nwait_seconds = 20\ncarriers = [\"{carrier}\"]\n[[connection.rung]]\nchannel = \"voice\"\nwait_seconds = 20\ncarriers = [\"gateway-calls\"]\n"
    );
    Scene::with(engine, &connection, &[carrier, "gateway-calls"], &[]).await
}

async fn first(scene: &Scene, number: &str) -> (Person, Message) {
    let person = scene.asks(number).await;
    let taken = scene.fake.messages(number, 1).await.remove(0);
    scene.house.settle().await;
    (person, taken)
}

const NOT_THERE: Report = Report::Undelivered(Why::Unreachable);

/// Everything about this vendor's receipts that does not depend on the vendor.
async fn of_a_vendor(engine: Engine, channel: &str, name: &str) {
    let scene = then_calls(engine, channel, name).await;
    // Forged: without a signature, with another's, with a word changed.
    let (mut person, taken) = first(&scene, "+2348031239001").await;
    let (receipt, other) = (scene.fake.receipt(&taken, NOT_THERE), scene.fake.receipt(&taken, Report::Delivered));
    for header in ["x-twilio-signature", "x-hub-signature-256", "authorization", "webhook-signature"] {
        if receipt.headers.iter().any(|(known, _)| known == header) {
            assert_eq!(receipt.clone().without(header).post().await, 403, "{name}: no {header}");
        }
    }
    let stolen = Receipt { headers: other.headers.clone(), ..receipt.clone() };
    assert_eq!(stolen.post().await, 403, "{name}: a signature of something else");
    let spoiled = receipt.clone().spoiled(&taken.reference, "another");
    assert_eq!(spoiled.post().await, 403, "{name}: spoiled");
    let empty = Receipt { body: String::new(), ..receipt.clone() };
    assert_eq!(empty.post().await, 403, "{name}: empty");
    scene.stands(&person, &[&format!("{channel} sent accepted -")]).await;
    // Three times delivered, then whatever comes: it stays delivered.
    for report in [Report::Delivered, Report::Delivered, Report::Delivered, Report::Sent, NOT_THERE] {
        assert_eq!(scene.fake.report(&taken, report).await, 200, "{name}");
    }
    scene.stands(&person, &[&format!("{channel} sent delivered -")]).await;
    scene.house.pass(100);
    scene.only(&person, &[channel]).await;
    person.signs_in(&taken.digits).await;

    // Undelivered three times is one fall; delivered after it is the truth, and calls nobody again.
    let (mut person, taken) = first(&scene, "+2348031239002").await;
    for _ in 0..3 {
        assert_eq!(scene.fake.report(&taken, NOT_THERE).await, 200, "{name}");
    }
    let called = scene.fake.messages(&person.number, 2).await.remove(1);
    assert_eq!((called.channel, called.digits.as_str()), ("voice", taken.digits.as_str()));
    assert_eq!(scene.fake.report(&taken, Report::Delivered).await, 200);
    scene.house.settle().await;
    scene.house.pass(100);
    scene.only(&person, &[channel, "voice"]).await;
    assert!(scene.story(&person).await[0].starts_with(&format!("{channel} sent delivered")), "{name}");
    person.signs_in(&taken.digits).await;

    // Faster than the answer.
    scene.fake.set(name, Way::Early(NOT_THERE));
    let person = scene.asks("+2348031239003").await;
    let both = scene.fake.messages(&person.number, 2).await;
    scene.only(&person, &[channel, "voice"]).await;
    same(&both);
    scene.fake.set(name, Way::Early(Report::Delivered));
    let person = scene.asks("+2348031239004").await;
    scene.stands(&person, &[&format!("{channel} sent delivered -")]).await;
    scene.house.pass(100);
    scene.only(&person, &[channel]).await;
    scene.close().await;
}

both!(of_meta, async |engine| of_a_vendor(engine, "whatsapp", "meta").await);
both!(of_twilio, async |engine| of_a_vendor(engine, "sms", "twilio").await);
both!(of_twilio_whatsapp, async |engine| of_a_vendor(engine, "whatsapp", "twilio").await);
both!(of_vonage, async |engine| of_a_vendor(engine, "sms", "vonage").await);
both!(of_a_gateway, async |engine| of_a_vendor(engine, "sms", "gateway").await);

both!(calls_report_too, async |engine| {
    for name in ["twilio", "vonage"] {
        let connection = format!(
            "[[connection]]\nname = \"phone\"\nkind = \"phone\"\nladder = [\"voice\", \"sms\"]\n[[connection.rung]]\nchannel = \"voice\"\ncarriers = [\"{name}\"]\n[[connection.rung]]\nchannel = \"sms\"\ncarriers = [\"{name}\"]\n"
        );
        let scene = Scene::with(engine, &connection, &[name], &[]).await;
        let (person, taken) = first(&scene, "+2348031239001").await;
        assert_eq!(taken.channel, "voice");
        assert_eq!(scene.fake.report(&taken, Report::Delivered).await, 200);
        scene.stands(&person, &["voice sent delivered -"]).await;
        let (mut person, taken) = first(&scene, "+2348031239002").await;
        assert_eq!(scene.fake.report(&taken, NOT_THERE).await, 200);
        let taken = scene.fake.messages(&person.number, 2).await;
        scene.only(&person, &["voice", "sms"]).await;
        person.signs_in(&same(&taken)).await;
        scene.close().await;
    }
});

both!(a_rule_reported_before_the_answer_ends_it, async |engine| {
    let scene = then_calls(engine, "sms", "twilio").await;
    scene.fake.set("twilio", Way::Early(Report::Undelivered(Why::Policy)));
    let person = scene.asks("+2348031239001").await;
    scene.fake.messages(&person.number, 1).await;
    scene.house.settle().await;
    scene.house.pass(100);
    scene.only(&person, &["sms"]).await;
    scene.close().await;
});

both!(a_rule_reported_later_ends_it_too, async |engine| {
    let scene = then_calls(engine, "sms", "twilio").await;
    let (mut person, taken) = first(&scene, "+2348031239001").await;
    assert_eq!(scene.fake.report(&taken, Report::Undelivered(Why::Policy)).await, 200);
    scene.house.pass(100);
    scene.only(&person, &["sms"]).await;
    scene.stands(&person, &["sms sent undelivered 30007"]).await;
    assert!(person.reloads().await.asks_digits());
    // Somebody who told the sender to stop.
    let (person, taken) = first(&scene, "+2348031239002").await;
    assert_eq!(scene.fake.report(&taken, Report::Undelivered(Why::OptedOut)).await, 200);
    scene.only(&person, &["sms"]).await;
    let again = scene.asks("+2348031239002").await;
    scene.fake.messages(&again.number, 2).await;
    scene.only(&again, &["sms", "voice"]).await;
    scene.close().await;
});

both!(a_set_up_reported_broken_climbs_and_is_told, async |engine| {
    let scene = then_calls(engine, "whatsapp", "meta").await;
    let (person, taken) = first(&scene, "+2348031239001").await;
    for _ in 0..3 {
        assert_eq!(scene.fake.report(&taken, Report::Undelivered(Why::Misconfigured)).await, 200);
    }
    scene.fake.messages(&person.number, 2).await;
    scene.only(&person, &["whatsapp", "voice"]).await;
    assert_eq!(scene.alerts("misconfigured"), 1);
    scene.close().await;
});

both!(about_nothing_of_ours, async |engine| {
    let scene = then_calls(engine, "sms", "twilio").await;
    let (person, taken) = first(&scene, "+2348031239001").await;
    let callback = taken.callback.clone().expect("a callback");
    let id = taken.attempt.clone().expect("an attempt");
    for other in ["at_00000000000000000000000000000000", "", "x", "%00", "at_%F0%9F%98%80", "%27%20OR%201=1--"] {
        let about = Message {
            callback: Some(callback.replace(&id, other)),
            reference: "SMffffffffffffffffffffffffffffffff".into(),
            ..taken.clone()
        };
        assert_eq!(scene.fake.report(&about, NOT_THERE).await, 200, "{other}: taken, so that it is not sent again");
    }
    let nobody = scene.fake.receipt(&taken, NOT_THERE);
    let nobody = Receipt { url: nobody.url.replace("/twilio/", "/nobody/"), ..nobody };
    assert_eq!(nobody.post().await, 404);
    scene.stands(&person, &["sms sent accepted -"]).await;
    scene.only(&person, &["sms"]).await;
    scene.close().await;
});

both!(about_another_carriers_message, async |engine| {
    let connection = "[[connection]]\nname = \"phone\"\nkind = \"phone\"\nladder = [\"sms\", \"voice\"]\n[[connection.rung]]\nchannel = \"sms\"\ncarriers = [\"twilio-a\"]\n[[connection.rung]]\nchannel = \"voice\"\ncarriers = [\"twilio-a\"]\n";
    let scene = Scene::with(engine, connection, &["twilio-a", "twilio-b"], &[]).await;
    let (person, taken) = first(&scene, "+2348031239001").await;
    let callback = taken.callback.clone().expect("a callback");
    let elsewhere = Message { callback: Some(callback.replace("/twilio-a/", "/twilio-b/")), ..taken.clone() };
    for report in [Report::Delivered, NOT_THERE, Report::Undelivered(Why::Policy), Report::Undelivered(Why::OptedOut)] {
        // Signed well, by somebody whose message it is not.
        assert_eq!(scene.fake.report(&elsewhere, report).await, 200);
        scene.only(&person, &["sms"]).await;
        scene.stands(&person, &["sms sent accepted -"]).await;
    }
    assert_eq!(scene.fake.report(&taken, NOT_THERE).await, 200);
    scene.fake.messages(&person.number, 2).await;
    scene.close().await;
});

both!(of_a_carrier_that_was_replaced, async |engine| {
    let connection = "[[connection]]\nname = \"phone\"\nkind = \"phone\"\nladder = [\"sms\", \"voice\"]\n[[connection.rung]]\nchannel = \"sms\"\ncarriers = [\"twilio\", \"vonage\"]\n[[connection.rung]]\nchannel = \"voice\"\ncarriers = [\"vonage\"]\n";
    let scene = Scene::with(engine, connection, &["twilio", "vonage"], &[]).await;
    // It said that it is broken, and sent it all the same.
    scene.fake.set("twilio", Way::TakeAndBreak);
    let mut person = scene.asks("+2348031239001").await;
    let taken = scene.fake.messages(&person.number, 2).await;
    scene.house.settle().await;
    assert_eq!(scene.fake.report(&taken[0], NOT_THERE).await, 200);
    scene.only(&person, &["sms", "sms"]).await;
    scene.stands(&person, &["sms sent accepted -"]).await;
    assert_eq!(scene.fake.report(&taken[1], Report::Delivered).await, 200);
    scene.stands(&person, &["sms sent delivered -"]).await;
    scene.house.pass(100);
    let taken = scene.only(&person, &["sms", "sms"]).await;
    person.signs_in(&same(&taken)).await;
    scene.close().await;
});

both!(what_it_cost_is_kept_as_the_carrier_says, async |engine| {
    let scene = then_calls(engine, "sms", "vonage").await;
    let (person, taken) = first(&scene, "+2348031239001").await;
    assert_eq!(scene.attempts(&person).await[0].cost, None);
    assert_eq!(scene.fake.report(&taken, Report::Delivered).await, 200);
    let cost = scene.attempts(&person).await[0].cost.clone().expect("a cost");
    assert_eq!((cost.amount.0, cost.currency.as_str()), (33_300, "EUR"));
    scene.close().await;
});

both!(two_hundred_copies_are_one_fall, async |engine| {
    let scene = then_calls(engine, "sms", "twilio").await;
    let (mut person, taken) = first(&scene, "+2348031239001").await;
    let receipt = scene.fake.receipt(&taken, NOT_THERE);
    let posting: Vec<_> = (0..200)
        .map(|_| {
            let receipt = receipt.clone();
            tokio::spawn(async move { receipt.post().await })
        })
        .collect();
    for posted in posting {
        // Told to come back, where the machine is too slow for all of them at once.
        assert!([200, 503].contains(&posted.await.expect("posts")));
    }
    scene.fake.messages(&person.number, 2).await;
    let taken = scene.only(&person, &["sms", "voice"]).await;
    assert_eq!(scene.attempts(&person).await.len(), 2);
    person.signs_in(&same(&taken)).await;
    scene.close().await;
});

both!(silence_and_its_receipt_at_once_are_one_fall, async |engine| {
    let scene = then_calls(engine, "sms", "twilio").await;
    for round in 0..10 {
        let (person, taken) = first(&scene, &format!("+2348031239{round:03}")).await;
        scene.house.pass(21);
        tokio::join!(scene.look(), scene.fake.report(&taken, NOT_THERE));
        scene.fake.messages(&person.number, 2).await;
        scene.only(&person, &["sms", "voice"]).await;
    }
    scene.close().await;
});
