//! The fake itself: what it makes of requests as the vendors document them, and its signatures against known vectors.

use crate::fake::receipt::Receipt;
use crate::fake::receipt::client;
use crate::fake::twilio::{ACCOUNT, TOKEN};
use crate::fake::{Fake, Report, Way, Why, message, meta, sign, verify};
use countersign::clock::Clock;
use serde_json::{Value, json};

async fn sms(fake: &Fake, to: &str) -> Result<(u16, Value), reqwest::Error> {
    let url = format!("{}/2010-04-01/Accounts/{ACCOUNT}/Messages.json", fake.url("a"));
    let fields = [
        ("To", to),
        ("From", "+12025550100"),
        ("Body", "Shop: 123456 is your code.\n@shop.example #123456"),
        ("StatusCallback", "https://id.example/carriers/a/receipts?attempt=at_1"),
    ];
    let answer = client().post(url).basic_auth(ACCOUNT, Some(TOKEN)).form(&fields).send().await?;
    Ok((answer.status().as_u16(), answer.json().await?))
}

#[test]
fn signatures_are_the_vendors() {
    let fields: Vec<(String, String)> = [
        ("MessageSid", format!("SM{}", "c".repeat(32))),
        ("MessageStatus", "undelivered".into()),
        ("ErrorCode", "63024".into()),
        ("To", "whatsapp:+15558675310".into()),
        ("From", "whatsapp:+14155238886".into()),
        ("AccountSid", format!("AC{}", "a".repeat(32))),
        ("ApiVersion", "2010-04-01".into()),
    ]
    .into_iter()
    .map(|(name, value)| (name.to_owned(), value))
    .collect();
    assert_eq!(sign::twilio("12345", "https://idp.example/cb/twilio/msg?a=1", &fields), "Kas8DVSbugfsx0/f4/sIVxrXAr0=");
    // The example of the Standard Webhooks specification.
    assert_eq!(
        sign::standard(
            "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            "1614265330",
            br#"{"test": 2432232314}"#
        ),
        "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    );
}

#[test]
fn digits_are_read_as_people_read_them() {
    assert_eq!(message::read("Your code is 123456.\n@x #123456"), "123456");
    assert_eq!(message::hear("<Say>1<break time=\"1s\"/>2, 3, 4. Again: 1, 2, 3, 4</Say>"), "1234");
    assert_eq!(message::plus("whatsapp:+234803"), "+234803");
    assert_eq!(message::attempt_of("http://h/c?attempt=at_1").as_deref(), Some("at_1"));
}

#[tokio::test]
async fn numbers_say_how_they_are_answered() {
    let fake = Fake::start().await;
    for (to, status) in [("+2348031230003", 201), ("+2348031230006", 400), ("+2348031239999", 201)] {
        assert_eq!(sms(&fake, to).await.expect("answers").0, status, "{to}");
    }
    assert_eq!(sms(&fake, "+2348031230004").await.expect("answers").0, 429);
    assert_eq!(sms(&fake, "+2348031230004").await.expect("answers").0, 201);
    let taken = fake.taken("+2348031230003");
    assert_eq!((taken.len(), taken[0].digits.as_str(), taken[0].attempt.as_deref()), (1, "123456", Some("at_1")));
    assert!(fake.taken("+2348031230006").is_empty());
    let refused = sms(&fake, "+2348031230006").await.expect("answers").1;
    assert_eq!(refused["code"], 21211);
}

#[tokio::test]
async fn connections_end_as_told() {
    let fake = Fake::start().await;
    fake.set("a", Way::TakeAndDrop);
    assert!(sms(&fake, "+2348031239999").await.is_err());
    assert_eq!(fake.taken("+2348031239999").len(), 1);
    fake.down();
    assert!(sms(&fake, "+2348031239998").await.expect_err("nobody listens").is_connect());
    fake.up().await;
    fake.set("a", Way::Refuse(Why::Policy));
    assert_eq!(sms(&fake, "+2348031239997").await.expect("answers").1["code"], 21408);
    // Hanging ends as soon as it is switched.
    fake.set("a", Way::Hang);
    let waits = fake.clone();
    let asking = tokio::spawn(async move { sms(&waits, "+2348031239996").await.expect("answers").0 });
    fake.requests("+2348031239996", 1).await;
    assert!(fake.taken("+2348031239996").is_empty());
    fake.set("a", Way::Accept);
    assert_eq!(asking.await.expect("ends"), 201);
    assert_eq!(fake.taken("+2348031239996").len(), 1);
}

#[tokio::test]
async fn verify_counts_checks_and_forgets_what_was_approved() {
    let fake = Fake::start().await;
    let base = format!("{}/v2/Services/{}", fake.url("v"), verify::SERVICE);
    let post = async |path: &str, fields: &[(&str, &str)]| {
        let request = client().post(format!("{base}/{path}")).basic_auth(ACCOUNT, Some(TOKEN)).form(fields);
        let answer = request.send().await.expect("answers");
        (answer.status().as_u16(), answer.json::<Value>().await.expect("JSON"))
    };
    let to = "+2348031239999";
    let (status, made) = post("Verifications", &[("To", to), ("Channel", "sms")]).await;
    assert_eq!((status, made["status"].as_str()), (201, Some("pending")));
    let sid = made["sid"].as_str().expect("a sid");
    let digits = fake.taken(to)[0].digits.clone();
    let (_, again) = post("Verifications", &[("To", to), ("Channel", "whatsapp")]).await;
    assert_eq!((again["sid"].as_str(), fake.taken(to)[1].digits.as_str()), (Some(sid), digits.as_str()));
    let wrong = post("VerificationCheck", &[("VerificationSid", sid), ("Code", "000000")]).await;
    assert_eq!((wrong.0, wrong.1["valid"].as_bool()), (200, Some(false)));
    let right = post("VerificationCheck", &[("To", to), ("Code", &digits)]).await;
    assert_eq!((right.0, right.1["status"].as_str()), (200, Some("approved")));
    assert_eq!(post("VerificationCheck", &[("VerificationSid", sid), ("Code", &digits)]).await.0, 404);
    let custom = [("To", "+2348031239998"), ("Channel", "sms"), ("CustomCode", "123456")];
    assert_eq!(post("Verifications", &custom).await.1["code"], 60204);
    fake.state().verify.custom_codes = true;
    assert_eq!(post("Verifications", &custom).await.0, 201);
    assert_eq!(post("Verifications", &[("To", to), ("Channel", "voice")]).await.1["code"], 60200);
}

#[tokio::test]
async fn meta_wants_the_digits_twice_and_reports_at_one_address() {
    let fake = Fake::start().await;
    fake.report_to("https://id.example", Clock::default());
    let parameters = |digits: &str| json!([{"type": "text", "text": digits}]);
    let sent = |button: &str| {
        json!({"messaging_product": "whatsapp", "recipient_type": "individual", "to": "2348031239999",
            "type": "template", "biz_opaque_callback_data": "at_1",
            "template": {"name": "otp", "language": {"code": "en_US"}, "components": [
                {"type": "body", "parameters": parameters("123456")},
                {"type": "button", "sub_type": "url", "index": "0", "parameters": parameters(button)}]}})
    };
    let post = async |body: Value| {
        let url = format!("{}/v23.0/{}/messages", fake.url("m"), meta::PHONE);
        client().post(url).bearer_auth(meta::TOKEN).json(&body).send().await.expect("answers").status().as_u16()
    };
    assert_eq!((post(sent("123456")).await, post(sent("")).await), (200, 400));
    let taken = fake.taken("+2348031239999");
    let Receipt { url, body, .. } = fake.receipt(&taken[0], Report::Undelivered(Why::Unreachable));
    assert_eq!(url, "https://id.example/carriers/m/receipts");
    assert!(body.contains("131026") && body.contains("\"at_1\""), "{body}");
}
