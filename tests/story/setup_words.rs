//! Sentences in an operator's own words, read before they are saved: on the page they stand on, or as the message they are.

use crate::harness::portal::{Desk, filled};
use crate::harness::{House, Page, both};
use countersign::domain::operator::Role;

const LOOK: &str = "/admin/texts/look";

/// Presses the button that only looks.
async fn look(desk: &mut Desk, page: &Page, changes: &[(&str, &str)]) -> Page {
    assert!(page.html.contains(&format!("formaction=\"{LOOK}\" formtarget=\"look\"")), "{}", page.html);
    let (_, fields) = filled(page, "etag", changes);
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    desk.post(LOOK, &fields).await
}

both!(a_sentence_is_read_on_its_page, async |engine| {
    let house = House::open(engine).await;
    let mut owner = Desk::of(&house, Role::Owner).await;
    let page = owner.get("/admin/new/texts?language=en&key=continue&text=Continue").await;
    assert!(page.headers["content-security-policy"].to_str().expect("text").contains("frame-src 'self'"));
    assert!(page.html.contains("<option value=\"en\" selected>") && page.html.len() < 60_000, "{}", page.html);
    let seen = look(&mut owner, &page, &[("text", "Onward we go & on")]).await;
    assert_eq!(seen.status.as_u16(), 200, "{}", seen.text());
    let policy = seen.headers["content-security-policy"].to_str().expect("text");
    assert!(policy.contains("sandbox") && policy.contains("frame-ancestors 'self'"), "{policy}");
    let shots: Vec<&str> = seen.html.split("srcdoc=\"").skip(1).collect();
    assert!(!shots.is_empty() && shots.len().is_multiple_of(2), "light and dark: {}", seen.html);
    assert!(shots.iter().all(|shot| shot.contains("Onward we go &#38;#38; on")), "{}", seen.html);
    assert!(!seen.html.contains("alert(1)"), "{}", seen.html);
    // In its language, to the application it is for.
    let changes = [("language", "ar"), ("client", "kiosk"), ("key", "lead"), ("text", "مرحبا بكم")];
    let seen = look(&mut owner, &page, &changes).await;
    assert!(seen.html.contains("مرحبا بكم") && seen.html.contains("dir=&#34;rtl&#34;"), "{}", seen.html);
    assert!(seen.html.contains("Kiosk"), "{}", seen.html);
    // What is put in wrongly is named.
    let seen = look(&mut owner, &page, &[("text", "On, { $name }")]).await;
    assert!(seen.text().contains("nothing is put into it") && !seen.html.contains("srcdoc"), "{}", seen.text());
    assert!(house.app.live().catalog.wordings.is_empty(), "nothing is saved");
    let saved = owner.save(&page, &[("text", "Onward")]).await;
    assert_eq!(saved.url, "/admin/texts/en%3Acontinue?done=saved", "{}", saved.text());
    // What is saved is what the frame begins with.
    let src = saved.html.split("<iframe name=\"look\"").nth(1).and_then(|rest| rest.split("src=\"").nth(1));
    let src = src.and_then(|rest| rest.split('"').next()).expect("a frame").replace("&#38;", "&");
    let seen = owner.get(&src).await;
    assert!(seen.html.contains("Onward"), "{src}: {}", seen.html);
    house.close().await;
});

both!(a_message_is_read_as_it_is_received, async |engine| {
    let priced = format!(
        "{}\n[[carrier]]\nname = \"texts\"\nkind = \"webhook\"\nurl = \"https://texts.example/send\"\nsecret = \"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\"\nchannels = [\"sms\"]\n[[carrier.price]]\nchannel = \"sms\"\nprefix = \"\"\namount = \"0.02\"\n",
        crate::harness::SHOP
    );
    let house = House::with(engine, &priced, &[]).await;
    let mut owner = Desk::of(&house, Role::Owner).await;
    let page = owner.get("/admin/new/texts?language=en&key=sms-passcode&text=x").await;
    let seen = look(&mut owner, &page, &[("text", "{ $code } opens { $app }")]).await;
    assert!(seen.text().contains("123456 opens Shop"), "{}", seen.text());
    assert!(seen.text().contains("plain letters: 1 SMS") && seen.text().contains("costs 0.02"), "{}", seen.text());
    // Letters of another alphabet take more room, and more money.
    let long = format!("{{ $code }} {}", "ж".repeat(100));
    let seen = look(&mut owner, &page, &[("text", &long)]).await;
    assert!(seen.text().contains("letters that take more room: 2 SMS"), "{}", seen.text());
    assert!(seen.text().contains("costs 0.04"), "{}", seen.text());
    for (key, text, says) in [
        ("sms-passcode", "No code", "the code has to stand in it"),
        ("sms-passcode", "{ $code } { $secret }", "what can be put in"),
        ("voice-passcode", "Listen: { $code }", "Listen: 1, 2, 3, 4, 5, 6"),
        ("whatsapp-passcode", "{ $code } it is", "123456 it is"),
        ("mail-passcode-subject", "{ $code } for you", "Its subject: 123456 for you"),
        ("mail-passcode-intro", "Look what came", "Look what came"),
        ("nothing", "x", "no sentence of ours"),
    ] {
        let seen = look(&mut owner, &page, &[("key", key), ("text", text)]).await;
        let there = seen.text().contains(says) || seen.html.contains(says);
        assert!(there && seen.status.as_u16() == 200, "{key}: {}", seen.html);
    }
    for text in ["<script>alert(1)</script> { $code }", "\"><img src=x onerror=alert(1)> { $code }", "a\u{0}b"] {
        let seen = look(&mut owner, &page, &[("text", text)]).await;
        assert!(!text.contains('<') || !seen.html.contains(text), "{}", seen.html);
    }
    house.close().await;
});
