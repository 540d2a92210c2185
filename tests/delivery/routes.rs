//! Which rungs a number has, by whom they are climbed, and the answers that end a ladder.

use crate::fake::{Way, Why};
use crate::harness::{Engine, both};
use crate::scene::{LADDER, Scene, same};

async fn with(engine: Engine, connection: &str) -> Scene {
    let connection =
        format!("[[connection]]\nname = \"phone\"\nkind = \"phone\"\ndefault_country = \"NG\"\n{connection}");
    Scene::with(engine, &connection, &["meta", "twilio", "vonage"], &[]).await
}

both!(a_rung_closed_in_a_country_is_never_climbed, async |engine| {
    let ladder = LADDER.replace("carriers = [\"twilio\"]\n\n", "carriers = [\"twilio\"]\nclosed_in = [\"GH\"]\n\n");
    let scene = Scene::with(engine, &ladder, &["meta", "twilio"], &[]).await;
    let mut person = scene.asks("+233241230003").await;
    scene.stands(&person, &["whatsapp sent accepted -"]).await;
    assert!(!person.page.html.contains("value=\"sms\"") && person.page.html.contains("value=\"voice\""));
    scene.house.pass(21);
    scene.fake.messages(&person.number, 2).await;
    scene.only(&person, &["whatsapp", "voice"]).await;
    // Nor by hand: what is not in the ladder is not had by asking.
    scene.house.pass(31);
    person.asks_for("sms").await;
    let taken = scene.fake.messages(&person.number, 3).await;
    assert!(taken.iter().all(|one| one.channel != "sms"), "{taken:?}");
    let digits = same(&taken);
    person.signs_in(&digits).await;
    scene.house.settle().await;
    scene.close().await;
});

both!(a_landline_is_called_and_not_texted, async |engine| {
    let scene = with(engine, "ladder = [\"sms\", \"voice\"]\n").await;
    let mut person = scene.asks("+442079460018").await;
    let taken = scene.fake.messages(&person.number, 1).await;
    scene.house.pass(100);
    scene.only(&person, &["voice"]).await;
    assert!(!person.page.html.contains("value=\"sms\""));
    person.signs_in(&same(&taken)).await;
    scene.close().await;
});

both!(a_landline_where_nothing_calls_is_told_so, async |engine| {
    let scene = with(engine, "ladder = [\"sms\"]\n").await;
    let person = scene.tries("+442079460018").await;
    assert!(person.page.asks_who() && person.page.status == 422, "{}", person.page.text());
    scene.look().await;
    assert!(scene.fake.state().asked.is_empty());
    scene.close().await;
});

both!(numbers_that_cost_whoever_calls_are_refused_before_anything_is_sent, async |engine| {
    let scene = Scene::open(engine).await;
    for number in ["+18003569377", "+449098790000", "+448444124444", "+445512345678", "+499001123456"] {
        let person = scene.tries(number).await;
        assert!(person.page.asks_who() && person.page.status == 422, "{number}: {}", person.page.text());
    }
    scene.look().await;
    assert!(scene.fake.state().asked.is_empty());
    scene.close().await;
});

both!(a_bad_number_ends_the_ladder, async |engine| {
    let scene = with(
        engine,
        "ladder = [\"sms\", \"voice\"]\n[[connection.rung]]\nchannel = \"sms\"\ncarriers = [\"twilio\", \"vonage\"]\n",
    )
    .await;
    let mut person = scene.asks("+2348031230006").await;
    scene.stands(&person, &["sms failed - 21211"]).await;
    scene.house.pass(200);
    scene.only(&person, &[]).await;
    assert_eq!(scene.fake.asked(&person.number).len(), 1, "no other carrier either");
    assert!(person.reloads().await.asks_digits());
    scene.close().await;
});

both!(a_rule_against_it_ends_the_ladder, async |engine| {
    let scene = with(
        engine,
        "ladder = [\"sms\", \"voice\"]\n[[connection.rung]]\nchannel = \"sms\"\ncarriers = [\"twilio\", \"vonage\"]\n",
    )
    .await;
    scene.fake.set_on("twilio", "sms", Way::Refuse(Why::Policy));
    let person = scene.asks("+2348031239001").await;
    scene.stands(&person, &["sms failed - 21408"]).await;
    scene.house.pass(200);
    scene.only(&person, &[]).await;
    assert_eq!(scene.fake.asked(&person.number).len(), 1);
    scene.close().await;
});

both!(who_said_stop_is_never_written_to_by_that_channel, async |engine| {
    let ladder = "ladder = [\"sms\", \"whatsapp\"]\n[[connection.rung]]\nchannel = \"sms\"\ncarriers = [\"twilio\", \"vonage\"]\n[[connection.rung]]\nchannel = \"whatsapp\"\ncarriers = [\"meta\"]\n";
    let scene = with(engine, ladder).await;
    scene.fake.set("twilio", Way::Refuse(Why::OptedOut));
    let mut person = scene.asks("+2348031239001").await;
    scene.stands(&person, &["sms failed - 21610"]).await;
    scene.house.pass(31);
    scene.only(&person, &[]).await;
    // They may change their mind about Twilio; it is not ours to find out.
    scene.fake.set("twilio", Way::Accept);
    assert_eq!(person.asks_for("sms").await.status, 200);
    // Known by now: passed over for the next rung.
    let taken = scene.fake.messages(&person.number, 1).await;
    scene.only(&person, &["whatsapp"]).await;
    person.signs_in(&same(&taken)).await;
    let again = scene.asks("+2348031239001").await;
    scene.fake.messages(&again.number, 2).await;
    scene.only(&again, &["whatsapp", "whatsapp"]).await;
    assert_eq!(scene.fake.asked(&person.number).iter().filter(|one| one.channel == "sms").count(), 1);
    scene.close().await;
});

async fn ready(scene: &Scene) -> serde_json::Value {
    scene.house.machine().get("/health/ready").await.json()
}

both!(a_broken_set_up_goes_elsewhere_and_is_told, async |engine| {
    let ladder = LADDER.replace(
        "channel = \"sms\"\nwait_seconds = 40\ncarriers = [\"twilio\"]",
        "channel = \"sms\"\ncarriers = [\"twilio\", \"vonage\"]",
    );
    let scene = Scene::with(engine, &ladder, &["meta", "twilio", "vonage"], &[]).await;
    assert_eq!(ready(&scene).await["status"], "ready");
    scene.fake.set("meta", Way::Refuse(Why::Misconfigured));
    scene.fake.set_on("twilio", "sms", Way::Refuse(Why::Misconfigured));
    let mut person = scene.asks("+2348031239001").await;
    scene.fake.messages(&person.number, 1).await;
    let taken = scene.only(&person, &["sms"]).await;
    assert_eq!(taken[0].carrier, "vonage");
    let story = scene.story(&person).await;
    assert!(story[0].starts_with("whatsapp failed - ") && story[1] == "sms sent accepted -", "{story:?}");
    assert_eq!(scene.alerts("misconfigured"), 2);
    let told = ready(&scene).await;
    assert!(told["status"] == "degraded" && told["carriers"]["meta"].is_string(), "{told}");
    assert!(told["carriers"]["twilio"].is_string() && told["carriers"]["vonage"].is_null(), "{told}");
    person.signs_in(&same(&taken)).await;
    // It is taken again: well again.
    scene.fake.set("meta", Way::Accept);
    let person = scene.asks("+2348031239002").await;
    scene.fake.messages(&person.number, 1).await;
    scene.house.settle().await;
    assert!(ready(&scene).await["carriers"]["meta"].is_null());
    scene.close().await;
});

both!(wrong_credentials_turn_ready_yellow, async |engine| {
    let scene = Scene::open(engine).await;
    scene.fake.set("meta", Way::Refuse(Why::Credentials));
    scene.fake.set("twilio", Way::Refuse(Why::Credentials));
    let person = scene.asks("+2348031239001").await;
    scene.gives_up(&person, 3).await;
    let answer = scene.house.machine().get("/health/ready").await;
    assert_eq!(answer.status, 200, "yellow, not red");
    let told = answer.json();
    assert!(told["carriers"]["meta"].is_string() && told["carriers"]["twilio"].is_string(), "{told}");
    assert!(!answer.body.contains("234803") && !answer.body.contains(crate::fake::twilio::TOKEN));
    scene.close().await;
});

both!(another_ladder_for_a_country_and_for_a_client, async |engine| {
    let over = "\n[[connection.override]]\nclients = [\"till\"]\ncountries = [\"GH\"]\nladder = [\"whatsapp\"]\n[[connection.override]]\nclients = [\"till\"]\nladder = [\"voice\"]\n[[connection.override]]\ncountries = [\"KE\"]\nladder = [\"sms\"]\n";
    let scene = Scene::with(engine, &format!("{LADDER}{over}"), &["meta", "twilio"], &[]).await;
    let till = async |number: &str| scene.tries_at("till", "http://127.0.0.1:4300/callback", number).await;
    for (person, channel) in [
        (scene.asks("+2348031239001").await, "whatsapp"),
        (scene.asks("+254712123901").await, "sms"),
        (till("+2348031239002").await, "voice"),
        (till("+254712123902").await, "voice"),
        (till("+233241239003").await, "whatsapp"),
    ] {
        scene.fake.messages(&person.number, 1).await;
        assert_eq!(scene.fake.channels(&person.number), [channel], "{}", person.number);
    }
    scene.house.settle().await;
    // A ladder of one rung has no next.
    scene.house.pass(100);
    scene.look().await;
    for number in ["+254712123901", "+2348031239002", "+254712123902", "+233241239003"] {
        assert_eq!(scene.fake.taken(number).len(), 1, "{number}");
    }
    scene.close().await;
});

both!(a_country_prefers_its_own_carrier_and_sender, async |engine| {
    let ladder = "ladder = [\"sms\", \"voice\"]\n[[connection.rung]]\nchannel = \"sms\"\ncarriers = [\"twilio\", \"vonage\"]\n[[connection.rung.route]]\ncountries = [\"KE\", \"UG\"]\ncarriers = [{ carrier = \"vonage\", sender = \"ACME\" }, \"twilio\"]\n[[connection.rung.route]]\ncountries = [\"GH\"]\ncarriers = [{ carrier = \"twilio\", sender = \"+233241111111\" }]\n";
    let scene = with(engine, ladder).await;
    let sent = async |number: &str| {
        scene.asks(number).await;
        let taken = scene.fake.messages(number, 1).await.remove(0);
        (taken.carrier, taken.from.unwrap_or_default().trim_start_matches('+').to_owned())
    };
    assert_eq!(sent("+2348031239001").await, ("twilio".into(), "12025550100".into()));
    assert_eq!(sent("+254712123901").await, ("vonage".into(), "ACME".into()));
    assert_eq!(sent("+233241239001").await, ("twilio".into(), "233241111111".into()));
    // The other carrier of the route sends as itself.
    scene.fake.set("vonage", Way::Broken);
    assert_eq!(sent("+254712123903").await, ("twilio".into(), "12025550100".into()));
    scene.house.settle().await;
    // A carrier that is not in the route is not tried.
    scene.fake.set_on("twilio", "sms", Way::Refuse(Why::Misconfigured));
    let person = scene.asks("+233241239002").await;
    scene.fake.messages(&person.number, 1).await;
    scene.only(&person, &["voice"]).await;
    scene.close().await;
});
