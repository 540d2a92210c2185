//! What Twilio's own library signs is believed, and what it would not believe is not: random callbacks, whole and changed.

use crate::carriers::{ACCOUNT, TOKEN, carrier, now, secrets};
use crate::oracle::{Oracle, oracle};
use countersign::delivery::route::Ready;
use countersign::delivery::{Posted, Reported};
use countersign::domain::carrier::{CarrierKind, TwilioMessaging, TwilioVerify};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value, json};
use std::collections::HashMap;

const SHARED: &str = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
const KEY: &str = "webhooks_sharedkey_01jtest";

/// A call as Twilio makes it.
#[derive(Clone, Debug)]
struct Call {
    url: String,
    body: String,
    json: bool,
    signature: String,
    /// The header that names the algorithm, where there is one.
    settings: Option<String>,
}

impl Call {
    fn secret(&self) -> &'static str {
        if self.settings.is_some() { SHARED } else { TOKEN }
    }

    fn asked(&self) -> Value {
        json!({"token": self.secret(), "url": self.url, "body": self.body, "settings": self.settings, "signature": self.signature})
    }

    fn read(&self, ready: &Ready) -> Option<usize> {
        let signature = ("x-twilio-signature".to_owned(), self.signature.clone());
        let settings = self.settings.clone().map(|text| ("x-twilio-webhooks-signature-settings".to_owned(), text));
        let headers: HashMap<String, String> = settings.into_iter().chain([signature]).collect();
        let asked = self.url.split_once('?').map_or("", |(_, query)| query);
        let query: Vec<(String, String)> = url::form_urlencoded::parse(asked.as_bytes()).into_owned().collect();
        let posted = Posted {
            method: "POST",
            url: &self.url,
            query: &query,
            headers: &headers,
            body: self.body.as_bytes(),
            now: now(),
        };
        match ready.sender.read(&posted) {
            Ok(Reported::Receipts(receipts)) => Some(receipts.len()),
            Ok(other) => panic!("{other:?}"),
            Err(_) => None,
        }
    }
}

/// Where Twilio was told to call, with ports and queries as they come.
fn urls() -> impl Strategy<Value = String> {
    let host = prop_oneof![Just("id.example"), Just("127.0.0.1"), Just("sign-in.shop.example")];
    let port = prop_oneof![Just(""), Just(":443"), Just(":80"), Just(":8443")];
    let more = prop_oneof![Just(""), Just("&a=1"), Just("&b=%20%2B"), Just("&c="), Just("&a=2&a=1")];
    (prop_oneof![Just("https"), Just("http")], host, port, "[a-z_-]{1,12}", "[0-9a-f]{16}", more).prop_map(
        |(scheme, host, port, name, id, more)| {
            format!("{scheme}://{host}{port}/carriers/{name}/receipts?attempt=at_{id}{more}")
        },
    )
}

/// Whatever else Twilio puts into a form: names twice, values empty, emoji.
fn extras() -> impl Strategy<Value = Vec<(String, String)>> {
    let name = prop_oneof!["[A-Z][A-Za-z]{0,9}", Just("To".to_owned()), Just("RawDlrDoneDate".to_owned()), "\\PC{1,3}"];
    let value = prop_oneof![
        Just(String::new()),
        Just("whatsapp:+4917012345".to_owned()),
        Just("👩‍👩‍👧 ✅ é".to_owned()),
        "[a-z =&+%]{1,6}",
        "\\PC{0,12}",
    ];
    proptest::collection::vec((name, value), 0..7).prop_map(|mut pairs| {
        // The receipt's own fields are not drawn by chance.
        pairs.retain(|(name, _)| !["AccountSid", "MessageStatus", "SmsStatus", "CallStatus"].contains(&name.as_str()));
        pairs
    })
}

fn settings() -> impl Strategy<Value = Option<String>> {
    prop_oneof![
        Just(None),
        Just(Some(format!("key={KEY},algorithm=HMAC_SHA256"))),
        Just(Some(format!("key={KEY},algorithm=HMAC_SHA1"))),
    ]
}

fn signed(oracle: &Oracle, mut call: Call) -> Call {
    if call.json {
        call.url = format!("{}&bodySHA256={}", call.url, oracle.text("twilio_hash", json!({"body": call.body})));
    }
    call.signature = oracle.text("twilio_sign", call.asked());
    call
}

fn form(mut pairs: Vec<(String, String)>, status: &str) -> String {
    for (name, value) in
        [("MessageStatus", status), ("AccountSid", ACCOUNT), ("MessageSid", "SM0123456789abcdef0123456789abcdef")]
    {
        pairs.push((name.to_owned(), value.to_owned()));
    }
    url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
}

/// The same with one thing changed: a letter of the body, the URL or the signature, or the algorithm's name.
fn changed(call: &Call, what: u8, at: usize, to: char) -> Call {
    let mut call = call.clone();
    let swap = |text: &mut String| {
        let at = at % text.len().max(1);
        if text.is_ascii() && !text.is_empty() {
            text.replace_range(at..=at, &to.to_string());
        }
    };
    match what {
        0 => swap(&mut call.body),
        1 => {
            // The path from its second letter: neither host nor port.
            let path = call.url.find("carriers").expect("a path");
            let mut tail = call.url.split_off(path);
            swap(&mut tail);
            call.url.push_str(&tail);
        }
        2 => swap(&mut call.signature),
        _ => call.settings = call.settings.map(|text| text.replace("SHA256", "SHA512").replace("SHA1", "MD5")),
    }
    call
}

fn messaging() -> Ready {
    let settings = TwilioMessaging {
        account_sid: ACCOUNT.into(),
        from: Some("+12025550123".into()),
        ..TwilioMessaging::default()
    };
    let secrets = secrets(&[("auth_token", TOKEN), ("shared_key", SHARED)]);
    carrier(CarrierKind::TwilioMessaging(settings), &secrets, None)
}

fn verify() -> Ready {
    let settings = TwilioVerify {
        account_sid: ACCOUNT.into(),
        service_sid: format!("VA{}", &ACCOUNT[2..]),
        event_streams: true,
        ..TwilioVerify::default()
    };
    let secrets = secrets(&[("auth_token", TOKEN), ("shared_key", SHARED)]);
    carrier(CarrierKind::TwilioVerify(settings), &secrets, None)
}

fn often(strategy: impl Strategy<Value = (Call, u8, usize, char)>, oracle: &Oracle, ready: &Ready, receipts: usize) {
    let mut runner = TestRunner::new(Config { cases: 300, failure_persistence: None, ..Config::default() });
    let run = runner.run(&strategy, |(call, what, at, to)| {
        let call = signed(oracle, call);
        prop_assert!(oracle.agrees("twilio_verify", call.asked()), "theirs: {call:?}");
        prop_assert_eq!(call.read(ready), Some(receipts), "ours: {:?}", call);
        let other = changed(&call, what, at, to);
        let theirs = oracle.agrees("twilio_verify", other.asked());
        prop_assert_eq!(other.read(ready).is_some(), theirs, "changed: {:?}", other);
        Ok(())
    });
    run.unwrap_or_else(|why| panic!("{why}"));
}

#[test]
fn forms_are_believed_as_twilio_believes_them() {
    let Some(oracle) = oracle() else { return };
    let status = prop_oneof![Just("sent"), Just("delivered"), Just("undelivered"), Just("read")];
    let calls = (urls(), extras(), status, settings(), 0..4u8, any::<usize>(), "[ -~]").prop_map(
        |(url, pairs, status, settings, what, at, to)| {
            let call = Call { url, body: form(pairs, status), json: false, signature: String::new(), settings };
            (call, what, at, to.chars().next().expect("a letter"))
        },
    );
    often(calls, oracle, &messaging(), 1);
}

#[test]
fn json_is_believed_by_its_hash_in_the_url() {
    let Some(oracle) = oracle() else { return };
    let event = |text: String| {
        let data = json!({"account_sid": ACCOUNT, "service_sid": format!("VA{}", &ACCOUNT[2..]),
            "verification_sid": "VE0", "to": text});
        json!([{"specversion": "1.0", "type": "com.twilio.accountsecurity.verify.message.delivered", "data": data}])
    };
    let calls = (urls(), "\\PC{0,12}", settings(), 0..4u8, any::<usize>(), "[ -~]").prop_map(
        move |(url, text, settings, what, at, to)| {
            let body = event(text).to_string();
            let call = Call { url, body, json: true, signature: String::new(), settings };
            (call, what, at, to.chars().next().expect("a letter"))
        },
    );
    often(calls, oracle, &verify(), 1);
}

/// With the wrong secret nothing is believed, however right the rest is.
#[test]
fn another_accounts_token_proves_nothing() {
    let Some(oracle) = oracle() else { return };
    let url = "https://id.example/carriers/them/receipts?attempt=at_1".to_owned();
    for settings in [None, Some(format!("key={KEY},algorithm=HMAC_SHA256"))] {
        let call =
            Call { url: url.clone(), body: form(Vec::new(), "sent"), json: false, signature: String::new(), settings };
        let mut asked = call.asked();
        asked["token"] = json!("another token");
        let call = Call { signature: oracle.text("twilio_sign", asked), ..call };
        assert_eq!(call.read(&messaging()), None);
    }
}
