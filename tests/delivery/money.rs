//! Caps: counted before a message is sent, given back when it was not, and never more spent than they allow.

use crate::fake::{Fake, Way, Why};
use crate::harness::{Engine, both};
use crate::scene::{Scene, carrier, same};
use countersign::store;

const PRICES: &str = "[[carrier.price]]\nchannel = \"sms\"\namount = \"0.05\"\n[[carrier.price]]\nchannel = \"voice\"\namount = \"0.10\"\n[[carrier.price]]\nchannel = \"sms\"\nprefix = \"+233\"\namount = \"0.20\"\n";

/// A ladder by `meta` and `twilio` where messages cost, and caps.
async fn priced(engine: Engine, ladder: &str, caps: &str) -> Scene {
    let fake = Fake::start().await;
    let (meta, twilio) = (carrier(&fake, "meta", ""), carrier(&fake, "twilio", ""));
    let rungs = "[[connection.rung]]\nchannel = \"whatsapp\"\nwait_seconds = 20\ncarriers = [\"meta\"]\n[[connection.rung]]\nchannel = \"sms\"\nwait_seconds = 20\ncarriers = [\"twilio\"]\n";
    let connection = format!(
        "[[connection]]\nname = \"phone\"\nkind = \"phone\"\ndefault_country = \"NG\"\nladder = {ladder}\n{rungs}"
    );
    Scene::on(engine, fake, &format!("{meta}{twilio}{PRICES}{connection}{caps}"), &[]).await
}

async fn spent(scene: &Scene, counter: &str) -> i64 {
    store::counters::find(&scene.house.app.db, counter, scene.house.app.now()).await.expect("counts")
}

const INSTALLATION: &str = "spend:hour:installation";

both!(at_the_cap_what_costs_stops_and_what_does_not_goes_on, async |engine| {
    let scene =
        priced(engine, "[\"whatsapp\", \"sms\", \"voice\"]", "[[cap]]\nper = \"hour\"\nmost = \"0.05\"\n").await;
    // The one SMS it allows.
    let first = scene.asks("+2348031239001").await;
    scene.stands(&first, &["whatsapp sent accepted -"]).await;
    scene.house.pass(21);
    scene.fake.messages(&first.number, 2).await;
    scene.house.settle().await;
    assert_eq!(spent(&scene, INSTALLATION).await, 50_000);
    assert_eq!(scene.alerts("cap"), 0);
    // Reached in the middle of this one's ladder.
    let mut second = scene.asks("+2348031239002").await;
    scene.stands(&second, &["whatsapp sent accepted -"]).await;
    scene.house.pass(21);
    scene.stands(&second, &["whatsapp sent accepted -", "sms failed - cap"]).await;
    scene.house.pass(100);
    let taken = scene.only(&second, &["whatsapp"]).await;
    assert!(scene.alerts("cap") >= 1);
    assert_eq!(spent(&scene, INSTALLATION).await, 50_000, "what was refused is not spent");
    let page = second.reloads().await;
    assert!(page.status == 200 && page.text().contains("paused for a while"), "{}", page.text());
    second.signs_in(&same(&taken)).await;
    // The first's SMS was silent too: nobody is called.
    scene.only(&first, &["whatsapp", "sms"]).await;
    // Its time is over.
    scene.house.pass(3600);
    let third = scene.asks("+2348031239003").await;
    scene.stands(&third, &["whatsapp sent accepted -"]).await;
    scene.house.pass(21);
    scene.fake.messages(&third.number, 2).await;
    scene.only(&third, &["whatsapp", "sms"]).await;
    scene.close().await;
});

both!(after_a_capped_rung_a_free_one_is_climbed, async |engine| {
    let scene = priced(engine, "[\"sms\", \"voice\", \"whatsapp\"]", "[[cap]]\nper = \"day\"\nmost = \"0\"\n").await;
    let mut person = scene.asks("+2348031239001").await;
    let taken = scene.fake.messages(&person.number, 1).await;
    scene.only(&person, &["whatsapp"]).await;
    scene.stands(&person, &["sms failed - cap", "whatsapp sent accepted -"]).await;
    person.signs_in(&same(&taken)).await;
    scene.close().await;
});

both!(what_a_carrier_refused_is_given_back, async |engine| {
    let scene = priced(engine, "[\"sms\"]", "[[cap]]\nper = \"hour\"\nmost = \"0.10\"\n").await;
    for (number, way) in [
        ("+2348031239001", Way::Refuse(Why::Unreachable)),
        ("+2348031239002", Way::Refuse(Why::Policy)),
        ("+2348031239003", Way::Refuse(Why::Unreachable)),
    ] {
        scene.fake.set("twilio", way);
        let person = scene.asks(number).await;
        scene.fake.requests(&person.number, 1).await;
        scene.house.settle().await;
    }
    assert_eq!(spent(&scene, INSTALLATION).await, 0);
    scene.fake.set("twilio", Way::Accept);
    for number in ["+2348031239004", "+2348031239005"] {
        scene.asks(number).await;
        scene.fake.messages(number, 1).await;
    }
    // Nobody knows whether that one was sent: it counts.
    assert_eq!(spent(&scene, INSTALLATION).await, 100_000);
    scene.house.settle().await;
    scene.close().await;
});

both!(a_message_nobody_knows_of_stays_spent, async |engine| {
    let scene = priced(engine, "[\"sms\"]", "[[cap]]\nper = \"hour\"\nmost = \"1\"\n").await;
    scene.fake.set("twilio", Way::TakeAndDrop);
    let person = scene.asks("+2348031239001").await;
    scene.stands(&person, &["sms sent - -"]).await;
    assert_eq!(spent(&scene, INSTALLATION).await, 50_000);
    scene.close().await;
});

both!(caps_by_client_and_by_country, async |engine| {
    let caps = "[[cap]]\nclient = \"till\"\nper = \"hour\"\nmost = \"0.05\"\n[[cap]]\ncountry = \"*\"\nper = \"hour\"\nmost = \"0.20\"\n";
    let scene = priced(engine, "[\"sms\"]", caps).await;
    let till = async |number: &str| scene.tries_at("till", "http://127.0.0.1:4300/callback", number).await;
    let ends = async |person: crate::scene::Person, wanted: &str| scene.stands(&person, &[wanted]).await;
    ends(till("+2348031239001").await, "sms sent accepted -").await;
    ends(till("+2348031239002").await, "sms failed - cap").await;
    // Others are not meant.
    ends(scene.asks("+2348031239003").await, "sms sent accepted -").await;
    // Ghana costs more, and has a count of its own.
    ends(scene.asks("+233241239001").await, "sms sent accepted -").await;
    ends(scene.asks("+233241239002").await, "sms failed - cap").await;
    ends(scene.asks("+2348031239004").await, "sms sent accepted -").await;
    assert_eq!(spent(&scene, "spend:hour:client:till").await, 50_000);
    assert_eq!(spent(&scene, "spend:hour:country:GH").await, 200_000);
    scene.close().await;
});

both!(no_race_spends_more_than_a_cap, async |engine| {
    let scene = priced(engine, "[\"sms\"]", "[[cap]]\nper = \"hour\"\nmost = \"0.25\"\n").await;
    let asking = (0..30).map(|number| {
        let (mut visitor, number) = (scene.house.visitor(), format!("+2348031239{number:03}"));
        tokio::spawn(async move {
            let page = visitor.get(&crate::harness::ways::ask(&[])).await;
            assert!(crate::harness::rp::identify(&mut visitor, page, &number).await.asks_digits());
        })
    });
    for asked in asking.collect::<Vec<_>>() {
        asked.await.expect("asks");
    }
    scene.look().await;
    assert_eq!(scene.fake.state().taken.len(), 5);
    assert_eq!(spent(&scene, INSTALLATION).await, 250_000);
    scene.close().await;
});
