//! One sign-in over each channel, and the same token whichever way the passcode came; what the messages themselves say.

use crate::harness::rp::{Tokens, identify, payload};
use crate::harness::{House, Page, Visitor, both};
use countersign::domain::delivery::Channel;
use serde_json::{Map, Value, json};

const EVERY_WAY: &str = r#"
[[client]]
id = "shop"
name = "Shop"
kind = "web"
secret = "abcdefghijabcdefghijabcdefghijabcdefghijabcdefghij12"
redirect_uris = ["http://127.0.0.1:4000/callback"]
connections = ["by-whatsapp", "by-telegram", "by-sms", "by-voice", "by-email"]

[[connection]]
name = "by-whatsapp"
kind = "phone"
ladder = ["whatsapp"]

[[connection]]
name = "by-telegram"
kind = "phone"
ladder = ["telegram"]

[[connection]]
name = "by-sms"
kind = "phone"
ladder = ["sms"]

[[connection]]
name = "by-voice"
kind = "phone"
ladder = ["voice"]

[[connection]]
name = "by-email"
kind = "email"

[[carrier]]
name = "phone-page"
kind = "dev_phone"
"#;

const PHONE: &str = "+2348031234567";
const EMAIL: &str = "ada@example.com";

/// The six digits of a message, however they are set: a voice says them one by one, and twice.
fn six(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).take(6).collect()
}

async fn over(house: &House, connection: &str, channel: Channel, identifier: &str) -> Tokens {
    let (shop, mut visitor) = (house.shop().await, house.visitor());
    let begun = shop.begin(&["openid", "email", "phone", "offline"], &[("connection_id", connection)]);
    let page = visitor.get(&begun.url).await;
    let before = house.sent(identifier).await;
    let page = identify(&mut visitor, page, identifier).await;
    let message = house.messages(identifier, before + 1).await.remove(0);
    assert_eq!(message.channel, channel);
    let back = visitor.submit(&page, &[("p_confirmation_code", &six(&message.text))]).await;
    let tokens = shop.finish(begun, &back).await;
    assert!(tokens.refresh_token.is_some());
    house.pass(601);
    tokens
}

/// The claims without those that are new in every token.
fn lasting(mut claims: Map<String, Value>) -> Map<String, Value> {
    for volatile in ["iat", "exp", "jti", "auth_time", "sid", "nonce", "at_hash", "rat", "grant_id"] {
        assert!(
            claims.remove(volatile).is_some() || ["nonce", "at_hash", "rat", "grant_id"].contains(&volatile),
            "{volatile} is missing"
        );
    }
    claims
}

/// The claims without those that say who it is.
fn nobody(mut claims: Map<String, Value>) -> Map<String, Value> {
    for own in ["sub", "updated_at", "phone_number", "phone_number_verified", "email", "email_verified"] {
        claims.remove(own);
    }
    claims
}

both!(the_token_does_not_say_how_the_passcode_came, async |engine| {
    let house = House::with(engine, EVERY_WAY, &[]).await;
    let whatsapp = over(&house, "by-whatsapp", Channel::Whatsapp, PHONE).await;
    let telegram = over(&house, "by-telegram", Channel::Telegram, PHONE).await;
    let sms = over(&house, "by-sms", Channel::Sms, PHONE).await;
    let voice = over(&house, "by-voice", Channel::Voice, PHONE).await;
    let email = over(&house, "by-email", Channel::Email, EMAIL).await;
    let id = |tokens: &Tokens| payload(&tokens.id_token);
    let access = |tokens: &Tokens| payload(&tokens.access_token);

    // One person by four channels: token by token, claim by claim the same.
    for other in [&telegram, &sms, &voice] {
        assert_eq!(lasting(id(&whatsapp)), lasting(id(other)));
        assert_eq!(lasting(access(&whatsapp)), lasting(access(other)));
    }
    // Another by mail: the same but for who it is.
    assert_eq!(nobody(lasting(id(&whatsapp))), nobody(lasting(id(&email))));
    assert_eq!(nobody(lasting(access(&whatsapp))), nobody(lasting(access(&email))));
    let renamed = |tokens: &Tokens| {
        id(tokens).keys().map(|key| key.replace("phone_number", "email")).collect::<std::collections::BTreeSet<_>>()
    };
    assert_eq!(renamed(&whatsapp), renamed(&email));
    assert_ne!(id(&whatsapp)["sub"], id(&email)["sub"]);

    for (tokens, own) in [
        (&whatsapp, json!({"phone_number": PHONE, "phone_number_verified": true})),
        (&email, json!({"email": EMAIL, "email_verified": true})),
    ] {
        let claims = id(tokens);
        for (name, value) in own.as_object().expect("an object") {
            assert_eq!(&claims[name], value);
        }
        assert_eq!(claims["iss"], house.issuer.as_str());
        assert_eq!(claims["aud"], json!(["shop"]));
        assert_eq!((&claims["amr"], &claims["acr"]), (&json!(["otp"]), &json!("aal1")));
        assert!(claims["sid"].is_string() && claims["auth_time"].is_i64());
    }
    house.close().await;
});

both!(a_landline_is_called_and_never_texted, async |engine| {
    let house = House::with(engine, EVERY_WAY, &[]).await;
    let landline = "+442079460018";
    let mut visitor = house.visitor();
    let refused = waiting(&house, &mut visitor, "by-sms", landline, &[]).await;
    assert_eq!(refused.status, 422);
    assert!(refused.text().contains("We can’t send codes to that number"), "{}", refused.text());
    assert_eq!(house.sent(landline).await, 0);
    over(&house, "by-voice", Channel::Voice, landline).await;
    house.close().await;
});

/// Where the passcode page is after this identifier was sent.
async fn waiting(
    house: &House,
    visitor: &mut Visitor,
    connection: &str,
    identifier: &str,
    extra: &[(&str, &str)],
) -> Page {
    let shop = house.shop().await;
    let begun = shop.begin(&["openid"], &[&[("connection_id", connection)], extra].concat());
    let page = visitor.get(&begun.url).await;
    identify(visitor, page, identifier).await
}

fn tag(page: &Page) -> String {
    let rest = page.html.split("class=\"tag\">").nth(1).expect("a tag on the page");
    rest.split('<').next().expect("text").to_owned()
}

both!(messages_pair_with_their_page_and_bind_to_the_site, async |engine| {
    let house = House::with(engine, EVERY_WAY, &[]).await;
    let mut visitor = house.visitor();
    let page = waiting(&house, &mut visitor, "by-sms", PHONE, &[]).await;
    let sms = house.message(PHONE).await;
    let digits = six(&sms.text);
    assert_eq!(sms.text.lines().last(), Some(format!("@127.0.0.1 #{digits}").as_str()), "the line browsers read");
    assert!(sms.text.contains(&tag(&page)), "{} on the page, not in: {}", tag(&page), sms.text);
    assert!(sms.text.is_ascii() && sms.text.len() <= 140, "one message, within what WebOTP reads: {}", sms.text);
    assert!(sms.text.contains("Shop"));
    assert!(!page.html.contains(&digits), "the page gives nothing away");

    let page = waiting(&house, &mut visitor, "by-whatsapp", "+2348031234568", &[]).await;
    let whatsapp = house.message("+2348031234568").await;
    assert!(whatsapp.text.contains(&tag(&page)) && whatsapp.text.contains(&six(&whatsapp.text)));

    let page = waiting(&house, &mut visitor, "by-email", EMAIL, &[]).await;
    let mail = house.message(EMAIL).await;
    assert!(mail.text.contains(&tag(&page)), "{} on the page, not in: {}", tag(&page), mail.text);
    assert!(mail.subject.contains(&six(&mail.subject)) && mail.subject.contains("Shop"));
    assert!(mail.text.contains(&six(&mail.subject)));

    let page = waiting(&house, &mut visitor, "by-voice", "+2348031234569", &[]).await;
    let voice = house.message("+2348031234569").await;
    let said: String = voice.text.chars().filter(char::is_ascii_digit).collect();
    assert_eq!(said, six(&voice.text).repeat(2), "each digit by itself, and once more");
    assert!(!page.html.contains("class=\"tag\""), "nobody hears two letters");
    house.close().await;
});

both!(messages_speak_the_language_of_the_page, async |engine| {
    let house = House::with(engine, EVERY_WAY, &[]).await;
    for (place, language) in ["en", "es", "pt-BR", "fr", "de", "id", "hi", "sw", "ar"].into_iter().enumerate() {
        let number = format!("+23480312345{place:02}");
        let mut visitor = house.visitor();
        visitor.language = format!("{language},xx;q=0.5");
        let page = waiting(&house, &mut visitor, "by-sms", &number, &[]).await;
        assert!(page.html.contains(&format!("<html lang=\"{language}\"")), "{language}: {}", page.html);
        let message = house.message(&number).await;
        assert_eq!(message.language, language);
        assert!(message.text.contains(&tag(&page)), "{language}");
        assert_eq!(
            message.text.lines().last(),
            Some(format!("@127.0.0.1 #{}", crate::harness::digits(&message.text)).as_str()),
            "the last line is the same in every language"
        );
    }
    // What the client asks for goes before what the browser prefers.
    let mut visitor = house.visitor();
    for (number, extra, language) in [
        ("+2348031234601", &[("ui_locales", "zz ar en")][..], "ar"),
        ("+2348031234602", &[("lang", "sw")], "sw"),
        ("+2348031234603", &[("ui_locales", "zz")], "en"),
        // Kinde's own parameter gives way to the standard's, and is the next to be asked.
        ("+2348031234604", &[("ui_locales", "ar"), ("lang", "sw")], "ar"),
        ("+2348031234605", &[("lang", "sw"), ("ui_locales", "ar")], "ar"),
        ("+2348031234606", &[("ui_locales", "zz"), ("lang", "sw")], "sw"),
    ] {
        let page = waiting(&house, &mut visitor, "by-sms", number, extra).await;
        assert!(page.html.contains(&format!("<html lang=\"{language}\"")), "{extra:?}");
        assert_eq!(house.message(number).await.language, language, "{extra:?}");
    }
    house.close().await;
});
