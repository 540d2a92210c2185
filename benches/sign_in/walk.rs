//! One person signing in, step by step, each step timed.

use super::Failure;
use super::app::{App, Tokens};
use super::server::Place;
use super::settings;
use super::web::{Answer, Browser, Wire, client};
use jsonwebtoken::Algorithm;
use jsonwebtoken::jwk::JwkSet;
use serde_json::Value;
use std::time::{Duration, Instant};
use url::Url;

/// The steps, in order. `delivery` is the wait for the message; `verify` happens in the app, not in the server.
pub const STEPS: [&str; 8] =
    ["authorize", "identifier_page", "identify", "passcode_page", "delivery", "prove", "token", "verify"];

/// How long each step took, in milliseconds, and how often the phone was looked at.
pub struct Steps {
    pub times: [f64; STEPS.len()],
    pub looks: u32,
}

#[derive(Default)]
pub struct Walked {
    pub done: Vec<Steps>,
    pub errors: u64,
    pub first_error: Option<String>,
}

impl Walked {
    pub fn count(&mut self, walk: Result<Steps, Failure>) {
        match walk {
            Ok(steps) => self.done.push(steps),
            Err(failure) => {
                self.errors += 1;
                self.first_error.get_or_insert_with(|| failure.to_string());
            }
        }
    }

    pub fn add(&mut self, other: Walked) {
        self.done.extend(other.done);
        self.errors += other.errors;
        self.first_error = self.first_error.take().or(other.first_error);
    }
}

/// Time passed since it was last asked.
struct Watch(Instant);

impl Watch {
    fn lap(&mut self) -> f64 {
        let now = Instant::now();
        let passed = now - std::mem::replace(&mut self.0, now);
        passed.as_secs_f64() * 1000.0
    }
}

pub struct Walk {
    app: App,
    http: reqwest::Client,
    wire: Wire,
    issuer: Url,
    gzip: bool,
}

impl Walk {
    pub async fn new(place: &Place, plain: bool) -> Result<Self, Failure> {
        Self::of(place, plain, settings::CLIENT_ID, Algorithm::RS256).await
    }

    /// With another client than the usual one.
    pub async fn of(
        place: &Place,
        plain: bool,
        client_id: &'static str,
        algorithm: Algorithm,
    ) -> Result<Self, Failure> {
        let http = client()?;
        let jwks = http.get(format!("{}{}", place.issuer, settings::JWKS)).send().await?.error_for_status()?;
        let app = App::new(&place.issuer, &jwks.json::<JwkSet>().await?, client_id, algorithm)?;
        let issuer = Url::parse(&place.issuer)?;
        Ok(Self { app, http, wire: Wire::new(&issuer), issuer, gzip: !plain })
    }

    pub async fn sign_in(&self, person: u64) -> Result<Steps, Failure> {
        self.tokens(person).await.map(|(steps, _)| steps)
    }

    /// The same, with what the app got.
    pub async fn tokens(&self, person: u64) -> Result<(Steps, Tokens), Failure> {
        let (national, phone) = number(person);
        let mut browser = Browser::new(&self.wire, self.gzip);
        let mut watch = Watch(Instant::now());

        let request = self.app.request()?;
        let page = browser.get(request.url.clone()).await?.onward()?;
        let authorize = watch.lap();

        let page = self.arrive(&mut browser, page).await?;
        let identifier_page = watch.lap();

        let (action, mut fields) = page.form_with(settings::PHONE)?;
        fields.push((settings::COUNTRY.to_owned(), "NG".to_owned()));
        fields.push((settings::PHONE.to_owned(), national));
        let next = browser.post(action, &fields).await?.onward()?;
        let identify = watch.lap();

        let page = self.arrive(&mut browser, next).await?;
        let (action, mut fields) = page.form_with(settings::PASSCODE)?;
        let passcode_page = watch.lap();

        let (passcode, looks) = self.read_message(&phone).await?;
        let delivery = watch.lap();

        fields.push((settings::PASSCODE.to_owned(), passcode));
        let mut answer = browser.post(action, &fields).await?.onward()?;
        while answer.origin() == self.issuer.origin() {
            answer = browser.get(answer).await?.onward()?;
        }
        let code = self.app.code(&request, &answer)?;
        let prove = watch.lap();

        let tokens = self.app.exchange(&self.http, &request, &code).await?;
        let token = watch.lap();

        self.app.verify(&request, &tokens, &phone)?;
        let verify = watch.lap();
        let times = [authorize, identifier_page, identify, passcode_page, delivery, prove, token, verify];
        Ok((Steps { times, looks }, tokens))
    }

    /// The identifier page as sent: to a browser that takes gzip, and to one that does not.
    pub async fn identifier_page_bytes(&self) -> Result<[usize; 2], Failure> {
        let mut bytes = [0; 2];
        for (bytes, gzip) in bytes.iter_mut().zip([true, false]) {
            let mut browser = Browser::new(&self.wire, gzip);
            let page = browser.get(self.app.request()?.url).await?.onward()?;
            let page = self.arrive(&mut browser, page).await?;
            page.form_with(settings::PHONE)?;
            *bytes = page.bytes();
        }
        Ok(bytes)
    }

    /// Follows redirects among the provider's own pages until there is one to read.
    async fn arrive(&self, browser: &mut Browser<'_>, mut url: Url) -> Result<Answer, Failure> {
        for _ in 0..4 {
            let answer = browser.get(url).await?;
            if !answer.status.is_redirection() {
                return Ok(answer);
            }
            url = answer.onward()?;
            if url.origin() != self.issuer.origin() {
                return Err(format!("sent away without a passcode: {url}").into());
            }
        }
        Err("sent around in a circle".into())
    }

    /// Looks at the phone until the message is there. A person would not look at once, and every look costs the server time.
    async fn read_message(&self, phone: &str) -> Result<(String, u32), Failure> {
        let mut url = self.issuer.join(settings::MESSAGES)?;
        url.query_pairs_mut().append_pair("to", phone);
        let mut pause = Duration::from_millis(20);
        for look in 1..=8 {
            tokio::time::sleep(pause).await;
            let messages: Vec<Value> = self.http.get(url.clone()).send().await?.error_for_status()?.json().await?;
            if let Some(message) = messages.first() {
                let passcode = passcode_in(message).ok_or_else(|| format!("no passcode in {message}"))?;
                return Ok((passcode, look));
            }
            pause *= 2;
        }
        Err("the message did not come".into())
    }
}

/// Six digits that stand alone, in the message's text.
fn passcode_in(message: &Value) -> Option<String> {
    let text = message.get("text")?.as_str()?;
    text.split(|other: char| !other.is_ascii_digit()).find(|digits| digits.len() == 6).map(str::to_owned)
}

/// A valid Nigerian mobile number of this person's own, as typed and in E.164.
fn number(person: u64) -> (String, String) {
    const ROOM: u64 = 10_000_000;
    let operator = 3 + (person / ROOM) % 7; // 0803 to 0809
    let line = (person * 7_654_321) % ROOM; // every line once: the factor and the room share no divisor
    (format!("080{operator}{line:07}"), format!("+23480{operator}{line:07}"))
}
