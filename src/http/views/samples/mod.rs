//! Every page with values such as it will have: for the test that renders them all, and for whoever words a sentence of one.

mod standings;

use std::sync::LazyLock;

use askama::Template;

use super::*;
use crate::domain::delivery::{Channel, Progress};
#[cfg(test)]
use crate::text::Passcode;
use crate::text::{Country, MailText};
use standings::{accounts, standings};

#[cfg(test)]
#[derive(Template)]
#[template(path = "mail/passcode.txt")]
pub struct PlainMail<'a> {
    pub text: &'a MailText,
    pub digits: &'a str,
    pub app: &'a str,
}

/// As `delivery` fills the mail in: drawn here with the other templates, in every language.
#[derive(Template)]
#[template(path = "mail/passcode.html")]
pub struct HtmlMail<'a> {
    pub words: &'a Arc<Words>,
    pub text: &'a MailText,
    pub digits: &'a str,
    pub app: &'a str,
    pub accent: &'a Accent,
}

static ASSETS: LazyLock<Assets> = LazyLock::new(|| Assets {
    page_js: "/static/page.0123456789ab.js".into(),
    countries_js: "/static/countries.0123456789ab.js".into(),
    countries_json: "/countries.json".into(),
});
pub static ACCENT: LazyLock<Accent> = LazyLock::new(Accent::default);

const HIDDEN: &[(&str, &str)] = &[("p_token", "\"><script>alert(1)</script>")];

/// Whose pages they are, and in which language.
pub struct Setting<'a> {
    pub words: &'a Arc<Words>,
    pub nonce: &'a str,
    pub brand: Brand<'a>,
    /// Whether the values are as odd as anybody could make them.
    pub odd: bool,
}

impl<'a> Setting<'a> {
    /// As the tests want it.
    #[cfg(test)]
    pub fn odd(words: &'a Arc<Words>) -> Self {
        let brand = Brand { name: "Shop & <Sons>", logo: None, accent: &ACCENT, style: "" };
        Self { words, nonce: "bm9uY2Vub25jZW5vbmNl", brand, odd: true }
    }

    fn frame(&self, named: bool) -> Frame<'a> {
        let Brand { name, logo, accent, style } = self.brand;
        Frame {
            words: self.words.clone(),
            nonce: self.nonce,
            assets: &ASSETS,
            client: named.then_some(Brand { name, logo, accent, style }),
            host: "login.example",
            dev: None,
        }
    }

    fn hidden(&self) -> &'static [(&'static str, &'static str)] {
        if self.odd { HIDDEN } else { &[] }
    }

    /// Something nobody would write, or what they would.
    fn value(&self, odd: &'static str, usual: &'static str) -> &'static str {
        if self.odd { odd } else { usual }
    }
}

/// Each page's name and what it renders to.
pub fn all(at: &Setting<'_>) -> Vec<(String, String)> {
    let mut pages = identifiers(at);
    pages.extend(passcodes(at));
    pages.extend(consents(at));
    pages.extend(standings(at));
    pages.extend(accounts(at));
    pages
}

fn drawn(name: &str, page: impl Template) -> (String, String) {
    (name.to_owned(), page.render().unwrap_or_default())
}

pub fn phone_page<'a>(at: &Setting<'a>, countries: &'a [&'a Country], pinned: &'a [&'a Country]) -> IdentifierPage<'a> {
    IdentifierPage {
        frame: at.frame(true),
        action: "/sign-in/identifier?i=int_01",
        cancel: "/cancel?i=int_01",
        hidden: at.hidden(),
        kind: Kind::Phone,
        methods: &[Method { name: "E-mail", kind: Kind::Email, url: "/sign-in/identifier?i=int_01&with=email" }],
        phone: "",
        country: "NG",
        countries,
        pinned,
        email: "",
        error: None,
        creating: false,
        confirm: None,
        terms: Some("/terms"),
        privacy: Some("/privacy"),
    }
}

fn identifiers(at: &Setting<'_>) -> Vec<(String, String)> {
    let every: Vec<&Country> = at.words.countries().iter().collect();
    let few: Vec<&Country> = every
        .iter()
        .copied()
        .filter(|country| ["GB", "ID", "KE", "NG", "US"].contains(&country.iso.as_str()))
        .collect();
    let phone = || phone_page(at, &every, &few);
    let plain = || IdentifierPage { countries: &few, pinned: &[], ..phone() };
    let email = || IdentifierPage {
        kind: Kind::Email,
        methods: &[
            Method { name: "Phone", kind: Kind::Phone, url: "/a" },
            Method { name: "Work e-mail", kind: Kind::Email, url: "/b" },
            Method { name: "University", kind: Kind::Other, url: "/c" },
        ],
        ..plain()
    };
    let mut pages = vec![
        drawn("identifier-phone", phone()),
        drawn("identifier-phone-few", plain()),
        drawn(
            "identifier-bare",
            IdentifierPage { frame: at.frame(false), methods: &[], terms: None, privacy: None, ..plain() },
        ),
        drawn(
            "identifier-create",
            IdentifierPage { creating: true, frame: Frame { dev: Some("/dev/phone"), ..at.frame(true) }, ..plain() },
        ),
        drawn("identifier-email", email()),
        drawn(
            "identifier-confirm-phone",
            IdentifierPage {
                phone: "+2348012345678",
                confirm: Some(Confirm { shown: "+234 801 234 5678", edit_url: Some("/x") }),
                ..plain()
            },
        ),
        drawn(
            "identifier-confirm-email",
            IdentifierPage {
                email: "a@b.example",
                confirm: Some(Confirm { shown: "a@b.example", edit_url: Some("/x") }),
                ..email()
            },
        ),
    ];
    for key in [
        "phone-empty",
        "phone-impossible",
        "phone-not-mobile",
        "phone-country-not-offered",
        "too-many-codes",
        "too-many-tries",
    ] {
        pages.push(drawn(
            &format!("error-{key}"),
            IdentifierPage { error: Some(key), phone: at.value("0801 <234>", "0801 234"), ..plain() },
        ));
    }
    for key in ["email-empty", "email-invalid"] {
        pages.push(drawn(
            &format!("error-{key}"),
            IdentifierPage { error: Some(key), email: at.value("a@@b\"", "a@@b"), ..email() },
        ));
    }
    pages
}

fn passcode_page<'a>(at: &Setting<'a>) -> PasscodePage<'a> {
    PasscodePage {
        frame: at.frame(true),
        action: "/sign-in/passcode?i=int_01",
        cancel: "/cancel?i=int_01",
        hidden: at.hidden(),
        sent_to: "+234 801 234 5678",
        channel: Channel::Whatsapp,
        progress: Some(Progress::Sent(Channel::Whatsapp)),
        live: Some("/passcode/live?i=int_01"),
        tag: "KT",
        digits: 6,
        error: None,
        resend_action: "/sign-in/resend?i=int_01",
        resend_wait: 28,
        resends_left: true,
        other_channels: &[Channel::Sms, Channel::Voice, Channel::Whatsapp],
        change_url: "/sign-in/identifier?i=int_01&change=1",
        other_url: Some("/sign-in/identifier?i=int_01&other=1"),
        notice: None,
    }
}

/// Each way it may fare, by each channel.
pub fn fared() -> Vec<Progress> {
    let mut all = vec![Progress::BadNumber];
    for by in Channel::ALL {
        all.extend([Progress::Sending(by), Progress::Sent(by), Progress::Delivered(by), Progress::Undelivered(by)]);
        all.extend([Progress::Paused(by), Progress::OptedOut(by), Progress::Forbidden(by)]);
        all.extend(Channel::ALL.into_iter().filter(|to| *to != by).map(|to| Progress::Fell { from: by, to }));
    }
    all
}

fn passcodes(at: &Setting<'_>) -> Vec<(String, String)> {
    let page = || passcode_page(at);
    let mut pages = vec![
        drawn("passcode-whatsapp", page()),
        drawn(
            "passcode-sms",
            PasscodePage { channel: Channel::Sms, progress: None, live: None, resend_wait: 0, ..page() },
        ),
        drawn(
            "passcode-voice",
            PasscodePage { channel: Channel::Voice, progress: None, resends_left: false, other_url: None, ..page() },
        ),
        drawn(
            "passcode-email",
            PasscodePage {
                channel: Channel::Email,
                progress: Some(Progress::Sent(Channel::Email)),
                sent_to: "somebody@b.example",
                tag: "",
                digits: 10,
                ..page()
            },
        ),
    ];
    for progress in fared() {
        let live = page().live.filter(|_| !progress.settled());
        let name = format!("progress-{progress:?}");
        pages.push(drawn(&name, PasscodePage { progress: Some(progress), live, ..page() }));
    }
    for key in ["sent-again", "code-renewed"] {
        pages.push(drawn(&format!("notice-{key}"), PasscodePage { notice: Some(key), ..page() }));
    }
    for (key, left) in [
        ("code-empty", None),
        ("code-format", None),
        ("code-wrong", None),
        ("code-wrong-last", Some(1)),
        ("code-expired", None),
        ("code-exhausted", None),
        ("code-unavailable", None),
        ("too-many-codes", None),
        ("too-many-tries", None),
        ("resend-too-soon", None),
    ] {
        pages.push(drawn(&format!("error-{key}"), PasscodePage { error: Some((key, left)), ..page() }));
    }
    pages
}

pub fn consent_page<'a>(at: &Setting<'a>, asks: &'a Asks) -> ConsentPage<'a> {
    ConsentPage {
        frame: at.frame(true),
        action: "/consent?i=int_01",
        hidden: at.hidden(),
        app: at.brand.name,
        who: Some("+234 ••• ••67"),
        device: None,
        asks,
        host: Some("shop.example"),
        unverified: false,
        id_host: None,
        about: Some("/about"),
        terms: Some("/terms"),
        privacy: Some(at.value("javascript:alert(1)", "/privacy")),
    }
}

fn consents(at: &Setting<'_>) -> Vec<(String, String)> {
    let mut catalog = crate::domain::catalog::Catalog::default();
    let by = |text: &str| [("en".to_owned(), text.to_owned())].into();
    catalog.scopes.push(crate::domain::resource::DeclaredScope {
        name: "orders:read".into(),
        description: by(at.value("Read your <b>orders</b>", "Read your orders")),
    });
    catalog.resources.push(crate::domain::resource::Resource {
        uri: "urn:orders".into(),
        name: by(at.value("Order API & <Sons>", "Orders")),
        scopes: vec!["orders:read".into()],
        servers: Vec::new(),
    });
    let request = crate::domain::request::AuthRequest {
        scope: crate::domain::scope::Scope::parse(
            "openid profile email phone address offline offline_access orders:read x:<y>",
        )
        .unwrap_or_default(),
        audience: vec!["urn:orders".into(), "urn:<other>".into()],
        ..Default::default()
    };
    let asks = Asks::of(at.words, &catalog, &request);
    let page = || consent_page(at, &asks);
    let mut pages = vec![
        drawn("consent", page()),
        drawn(
            "consent-unverified",
            ConsentPage { unverified: true, who: None, host: None, about: None, terms: None, privacy: None, ..page() },
        ),
        drawn("consent-device", ConsentPage { device: Some("WDJB-MJHT"), host: None, ..page() }),
        drawn(
            "device",
            DevicePage {
                frame: at.frame(false),
                action: "/device",
                letters: at.value("WDJB-<b>", "WDJB-MJHT"),
                error: None,
            },
        ),
        drawn("consent-unverified-host", ConsentPage { unverified: true, id_host: Some("mcp.example"), ..page() }),
    ];
    for key in ["device-empty", "device-wrong", "device-too-many"] {
        let page = DevicePage { frame: at.frame(false), action: "/device", letters: "x", error: Some(key) };
        pages.push(drawn(&format!("error-{key}"), page));
    }
    for (heading, body, onward) in [
        ("device-allowed-title", "device-allowed-body", None),
        ("device-denied-title", "device-denied-body", None),
        ("device-over-title", "device-over-body", Some(("/device", "device-again"))),
    ] {
        pages.push(drawn(
            heading,
            StandingPage { frame: at.frame(false), heading, body, good: onward.is_none(), onward },
        ));
    }
    pages
}

#[cfg(test)]
pub const PASSCODE: Passcode<'static> =
    Passcode { app: "Shop & <Sons>", digits: "123456", tag: "KT", minutes: 5, host: "login.example.com" };

/// A phone with one message of each sort in each language given.
#[cfg(test)]
pub fn phone(texts: &[&Arc<Words>]) -> String {
    let bodies: Vec<[String; 4]> = texts
        .iter()
        .map(|words| {
            let text = words.mail(&PASSCODE);
            let mail = PlainMail { text: &text, digits: "123456", app: "Shop" }.render().unwrap();
            [words.sms(&PASSCODE), words.whatsapp(&PASSCODE), words.voice(&PASSCODE), mail]
        })
        .collect();
    let subjects: Vec<String> = texts.iter().map(|words| words.mail(&PASSCODE).subject).collect();
    let ids: Vec<String> = (0..texts.len() * 4).map(|id| format!("{id:02}")).collect();
    let mut messages = Vec::new();
    for ((words, bodies), subject) in texts.iter().zip(&bodies).zip(&subjects) {
        for (channel, body) in [Channel::Sms, Channel::Whatsapp, Channel::Voice, Channel::Email].into_iter().zip(bodies)
        {
            let mail = channel == Channel::Email;
            messages.push(PhoneMessage {
                id: &ids[messages.len()],
                channel,
                from: "Shop",
                to: if mail { "a@b.example" } else { "+234 801 234 5678" },
                subject: if mail { subject } else { "" },
                body: body.trim_end(),
                at: "16:42:07",
                lang: words.tag(),
                dir: words.dir(),
            });
        }
    }
    PhonePage {
        nonce: "bm9uY2U",
        script: "/static/phone.0123.js",
        live: "/dev/phone/live",
        messages: &messages,
        demo: None,
    }
    .render()
    .unwrap()
}
