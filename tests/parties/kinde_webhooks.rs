//! `@kinde/webhooks`, unmodified, reads what an endpoint of the form `jwt` is told.

use crate::harness::outside::Outside;
use crate::harness::ways::signed_in;
use crate::harness::{Engine, House, SHOP};
use crate::party::Party;
use serde_json::{Value, json};

#[tokio::test(flavor = "multi_thread")]
async fn events_are_read_as_theirs_are() {
    let Some(app) = Party::node("@kinde/webhooks", "kinde-webhooks.mjs") else { return };
    let outside = Outside::open().await;
    let declared = format!(
        "[[event_endpoint]]\nname = \"app\"\nurl = \"{}/app\"\nform = \"jwt\"\nallow_private = true\nevents = [\"subject.created\"]\n",
        outside.url
    );
    let house = House::with(Engine::Sqlite, &format!("{SHOP}{declared}"), &[]).await;
    signed_in(&mut house.visitor(), &[]).await.code();
    let seen = outside.heard("/app", 1).await.remove(0);
    assert_eq!(seen.content_type, "application/jwt");
    let read = app.ask("read", json!({ "token": seen.body, "issuer": house.issuer }));
    assert_eq!((&read["type"], &read["source"]), (&json!("subject.created"), &json!("user")), "{read}");
    assert_eq!(read["event_id"], seen.headers["webhook-id"]);
    assert!(read["timestamp"].is_string() && read["data"]["subject"].is_string(), "{read}");
    // Another's word is none.
    let (kept, signature) = seen.body.rsplit_once('.').expect("a JWT");
    let other: String = signature.chars().rev().collect();
    let none = app.ask("read", json!({ "token": format!("{kept}.{other}"), "issuer": house.issuer }));
    assert_eq!(none, Value::Null);
    house.close().await;
}
