//! One person asking for a passcode: four requests, each timed, in a browser and with a number of their own.

use super::web::{Answer, Browser, Wire};
use super::{Failure, declared, settings};
use aws_lc_rs::digest;
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use std::sync::OnceLock;
use std::time::Instant;
use url::Url;

/// What is timed: the way to the identifier page is one redirect long, and so is a request of its own.
pub const PAGES: [&str; 4] = ["authorize", "identifier_page", "identify", "passcode_page"];

/// One page in so many is unpacked and read; the others have to come, with the right status. A driver that reads them all takes the
/// processors of the server.
const LOOKED_AT: u64 = 16;

pub struct Visit {
    /// E.164.
    pub phone: String,
    /// Whether the first rung is the dead carrier's.
    pub dead: bool,
    /// Milliseconds of each request.
    pub pages: [f64; PAGES.len()],
    /// When the number that was typed was answered.
    pub answered: Instant,
}

pub struct Visitor {
    wire: Wire,
    issuer: Url,
    authorize: String,
    /// Percent of the people whose first rung is the dead carrier's.
    dead: u64,
    form: OnceLock<Form>,
}

/// Where a number is posted to, and what the form holds beside it, as it was read first: everybody's is the same but for their
/// sign-in.
struct Form {
    interaction: String,
    action: String,
    hidden: Vec<(String, String)>,
}

impl Visitor {
    pub fn new(issuer: &str, dead: u64) -> Result<Self, Failure> {
        let (authorize, issuer) = (authorize(issuer)?, Url::parse(issuer)?);
        Ok(Self { wire: Wire::new(&issuer), issuer, authorize, dead, form: OnceLock::new() })
    }

    pub async fn visit(&self, person: u64) -> Result<Visit, Failure> {
        // Spread among the others: the factor and a hundred share no divisor.
        let dead = (person * 37) % 100 < self.dead;
        let (country, national, phone) = number(person, dead);
        let mut browser = Browser::new(&self.wire, true);
        let mut at = [Instant::now(); PAGES.len() + 1];

        let page = browser.get(self.begin(person)?).await?.onward()?;
        at[1] = Instant::now();

        let page = self.arrive(&mut browser, page).await?;
        at[2] = Instant::now();

        let (action, mut fields) = self.form(&page, person)?;
        fields.push((settings::COUNTRY.to_owned(), country.to_owned()));
        fields.push((settings::PHONE.to_owned(), national));
        let typed = Instant::now();
        let next = browser.post(action, &fields).await?.onward()?;
        let answered = Instant::now();

        let page = self.arrive(&mut browser, next).await?;
        let pages = [at[1] - at[0], at[2] - at[1], answered - typed, answered.elapsed()];
        came(&page)?;
        if person.is_multiple_of(LOOKED_AT) {
            page.form_with(settings::PASSCODE)?;
        }
        Ok(Visit { phone, dead, pages: pages.map(|took| took.as_secs_f64() * 1000.0), answered })
    }

    fn form(&self, page: &Answer, person: u64) -> Result<(Url, Vec<(String, String)>), Failure> {
        came(page)?;
        let interaction = interaction(&page.url)?;
        if let Some(form) = self.form.get().filter(|_| !person.is_multiple_of(LOOKED_AT)) {
            let own = |text: &String| text.replace(&form.interaction, &interaction);
            let hidden = form.hidden.iter().map(|(name, value)| (name.clone(), own(value))).collect();
            return Ok((Url::parse(&own(&form.action))?, hidden));
        }
        let (action, hidden) = page.form_with(settings::PHONE)?;
        self.form.get_or_init(|| Form { interaction, action: action.to_string(), hidden: hidden.clone() });
        Ok((action, hidden))
    }

    fn begin(&self, person: u64) -> Result<Url, Failure> {
        Ok(Url::parse(&format!("{}&state={person}&nonce={person}", self.authorize))?)
    }

    /// The page at the end of the way, which is a page of ours.
    async fn arrive(&self, browser: &mut Browser<'_>, mut url: Url) -> Result<Answer, Failure> {
        for _ in 0..3 {
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
}

fn came(page: &Answer) -> Result<(), Failure> {
    if page.status.is_success() { Ok(()) } else { Err(format!("{} answered {}", page.url, page.status).into()) }
}

/// The sign-in a page belongs to.
fn interaction(url: &Url) -> Result<String, Failure> {
    let mut query = url.query_pairs();
    let found = query.find(|(name, _)| name == "interaction").map(|(_, value)| value.into_owned());
    found.ok_or_else(|| format!("{url} names no interaction").into())
}

/// The request everybody comes with, but for state and nonce. Nobody takes the code, so the verifier is the same for all.
fn authorize(issuer: &str) -> Result<String, Failure> {
    let challenge = BASE64_URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, &[b'v'; 43]));
    let parameters = [
        ("client_id", settings::CLIENT_ID),
        ("redirect_uri", settings::REDIRECT_URI),
        ("response_type", "code"),
        ("scope", settings::SCOPE),
        ("code_challenge", &challenge),
        ("code_challenge_method", "S256"),
    ];
    Ok(Url::parse_with_params(&format!("{issuer}{}", settings::AUTHORIZE), parameters)?.into())
}

/// A valid mobile number of this person's own: its country, as typed, and in E.164. The last two digits are spread evenly over
/// any hundred people in a row.
fn number(person: u64, dead: bool) -> (&'static str, String, String) {
    const ROOM: u64 = 10_000_000;
    let line = (person * 7_654_321) % ROOM; // every line once: the factor and the room share no divisor
    if dead {
        return (declared::DEAD_COUNTRY, format!("024{line:07}"), format!("+23324{line:07}"));
    }
    let operator = 3 + (person / ROOM) % 7; // 0803 to 0809
    (declared::COUNTRY, format!("080{operator}{line:07}"), format!("+23480{operator}{line:07}"))
}
