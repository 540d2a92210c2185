//! A passcode arrives as a mail should be: both parts, headers that answer machines and mailboxes, digits that work.

use crate::certificates::Certificates;
use crate::harness::rp::identify;
use crate::harness::ways::ask;
use crate::harness::{Engine, House, both, digits};
use crate::server::{PASSWORD, Server, USERNAME, declared, with_password};
use countersign::telemetry::Delivery;

pub const EMAIL: &str = "ada@example.com";

/// How often a carrier answered so.
pub fn counted(house: &House, carrier: &str, outcome: &'static str) -> u64 {
    let delivery = Delivery { channel: "email", carrier: carrier.into(), country: String::new(), outcome };
    house.app.metrics.deliveries.get_or_create(&delivery).get()
}

async fn arrives(engine: Engine, security: &str, more: &[&str]) {
    let certificates = Certificates::make();
    let credentials = ["--username", USERNAME, "--password", PASSWORD];
    let Some(server) = Server::start(&certificates, 0, security, &[&credentials, more].concat()) else { return };
    let settings = format!(
        "security = \"{security}\"\nca_file = \"{}\"\n{}",
        certificates.path("ca.pem").display(),
        with_password(PASSWORD)
    );
    let house = House::with(engine, &declared(server.port, &settings), &[]).await;
    house.pass(24 * 60 * 60);
    let mut visitor = house.visitor();
    let page = visitor.get(&ask(&[("ui_locales", "de")])).await;
    let page = identify(&mut visitor, page, EMAIL).await;
    let mail = server.mail().await;

    assert_eq!(mail["encrypted"], true);
    assert_eq!(mail["user"], USERNAME);
    assert_eq!(mail["envelope"]["from"], "no-reply@shop.example");
    assert_eq!(mail["envelope"]["to"], serde_json::json!([EMAIL]));
    let header = |name: &str| mail["headers"][name].as_str().unwrap_or_else(|| panic!("no {name}: {mail}")).to_owned();
    assert_eq!(header("from"), "Shop <no-reply@shop.example>");
    assert_eq!(header("to"), EMAIL);
    assert_eq!(header("auto-submitted"), "auto-generated");
    assert_eq!(header("mime-version"), "1.0");
    assert!(mail["headers"]["list-unsubscribe"].is_null() && mail["headers"]["reply-to"].is_null());
    // The house's own time, whatever the machine's is.
    let format = time::format_description::well_known::Rfc2822;
    let date = time::OffsetDateTime::parse(&header("date"), &format).expect("a date").unix_timestamp();
    assert!((house.app.now().secs() - date).abs() < 60, "{date}");
    let id = header("message-id");
    let attempt = id.strip_prefix('<').and_then(|id| id.strip_suffix("@shop.example>")).expect("its id");
    assert!(attempt.starts_with("at_"), "{id}");
    let subject = header("subject");
    assert!(subject.contains("Shop"), "{subject}");
    assert_eq!(mail["type"], "multipart/alternative");
    let parts = mail["parts"].as_array().expect("parts");
    let part =
        |place: usize| (parts[place]["type"].as_str().expect("a type"), parts[place]["text"].as_str().expect("a text"));
    let ((plain, text), (rich, html)) = (part(0), part(1));
    assert_eq!((parts.len(), plain, rich), (2, "text/plain", "text/html"));
    let passcode = digits(text);
    assert_eq!(passcode.len(), 6);
    assert!(html.contains(&passcode), "{html}");
    assert!(html.contains("lang=\"de\""), "{html}");
    // Nothing in it is loaded from anywhere, and nothing can be pressed by a scanner.
    assert!(!html.contains("http://") && !html.contains("https://") && !html.contains("src="), "{html}");

    let back = visitor.submit(&page, &[("p_confirmation_code", &passcode)]).await;
    assert!(back.param("code").is_some(), "{}", back.text());
    house.settle().await;
    assert_eq!(server.mails().len(), 1);
    assert_eq!(house.sent(EMAIL).await, 0, "the phone had nothing to do");
    assert_eq!((counted(&house, "mail", "accepted"), counted(&house, "phone-page", "accepted")), (1, 0));
    house.close().await;
}

both!(over_starttls, async |engine| arrives(engine, "starttls", &[]).await);

both!(over_tls_from_the_first_byte, async |engine| arrives(engine, "tls", &[]).await);

both!(with_auth_plain, async |engine| arrives(engine, "starttls", &["--mechanism", "PLAIN"]).await);

both!(with_auth_login, async |engine| arrives(engine, "starttls", &["--mechanism", "LOGIN"]).await);

both!(replies_and_bounces_go_where_they_are_wanted, async |engine| {
    let certificates = Certificates::make();
    let Some(server) = Server::start(&certificates, 0, "none", &[]) else { return };
    let settings =
        "security = \"none\"\nreply_to = \"Help <help@shop.example>\"\nbounce_to = \"bounces@mail.shop.example\"";
    let house = House::with(engine, &declared(server.port, settings), &[]).await;
    let mut visitor = house.visitor();
    let page = visitor.get(&ask(&[])).await;
    identify(&mut visitor, page, EMAIL).await;
    let mail = server.mail().await;
    assert_eq!(mail["envelope"], serde_json::json!({"from": "bounces@mail.shop.example", "to": [EMAIL]}));
    assert_eq!(mail["headers"]["from"], "Shop <no-reply@shop.example>");
    assert_eq!(mail["headers"]["reply-to"], "Help <help@shop.example>");
    let id = mail["headers"]["message-id"].as_str().expect("an id");
    assert!(id.ends_with("@shop.example>"), "under the domain of From: {id}");
    house.close().await;
});

both!(in_clear_to_loopback_where_declared, async |engine| {
    let certificates = Certificates::make();
    let Some(server) = Server::start(&certificates, 0, "none", &[]) else { return };
    let house = House::with(engine, &declared(server.port, "security = \"none\""), &[]).await;
    let mut visitor = house.visitor();
    let page = visitor.get(&ask(&[])).await;
    identify(&mut visitor, page, EMAIL).await;
    let mail = server.mail().await;
    assert_eq!((mail["encrypted"].as_bool(), mail["user"].as_str()), (Some(false), None));
    house.close().await;
});
